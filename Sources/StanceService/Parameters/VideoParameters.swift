import Options
import PoseRendering
import PoseVideo
import Stance

/// What a request for a video can set: the same rows as the command line, and the answer's form.
struct VideoParameters: Sendable {
  var pose: PoseOptions
  var clip = ClipOptions()
  var motion = MotionChoice()
  var style: DrawingStyle
  var output: VideoOutput?

  init(_ configuration: ServiceConfiguration) {
    (pose, style) = (configuration.pose, configuration.style)
    motion.examples = configuration.examples
  }

  /// Every parameter.
  static let rows: [OptionRow<VideoParameters>] =
    [.option("output", \.output, "The answer's form, instead of what Accept asks for")]
    + MotionRows.all.map { $0.lifted(to: \.motion) }
    + (ClipRows.frames + ClipRows.following).map { $0.lifted(to: \.clip) }
    + PoseRows.all.map { $0.lifted(to: \.pose) } + [ClipRows.trails.lifted(to: \.clip)]
    + DrawingRows.all.map { $0.lifted(to: \.style) }

  /// Reads a query, or a form's fields, on top of the defaults.
  ///
  /// - Throws: `Problem` with `bad_parameter` that names the parameter.
  mutating func read(_ query: [(name: String, value: String)]) throws(Problem) {
    try ParameterTable.read(query, by: Self.rows, into: &self)
    guard let tracking = clip.resolvedTracking else {
      throw Problem(
        .badParameter,
        "passes is 1; smoothing=\(clip.tracking.smoothing.rawValue) needs the whole video, and so two passes"
      )
    }
    clip.tracking = tracking
    do throws(PoseError) {
      try pose.validate()
      try tracking.validate()
    } catch {
      throw Problem(.badParameter, error.message)
    }
  }
}
