import PoseMotion
import Stance

/// What is asked of a live session now, and what was measured and counted in it so far.
struct LiveCourse: Sendable {
  private(set) var parameters: LiveParameters
  private var analyser: MotionAnalyser

  init(_ parameters: LiveParameters) {
    self.parameters = parameters
    analyser = MotionAnalyser(parameters.motion.options)
  }

  /// Goes on with other options; counts begin anew where something else is measured or counted.
  mutating func change(to changed: LiveParameters) {
    if changed.motion != parameters.motion { analyser = MotionAnalyser(changed.motion.options) }
    parameters = changed
  }

  /// Everybody is forgotten.
  mutating func reset() { analyser = MotionAnalyser(parameters.motion.options) }

  /// The angles and counts of the next frame's people; nil where none are asked for.
  mutating func add(_ frame: TrackedFrame) -> MotionFrame? {
    parameters.motion.options.isEmpty ? nil : analyser.add(frame)
  }
}
