import Images
import Stance
import Synchronization

@testable import StanceService

/// A tracker without models: as many people as the photo's width says, beyond ten.
///
/// A result's `passes` tell what the tracker knows: `landmarks` the frames since it began anew, `detector` the option
/// `maxPeople`.
final class FakeTracker: LiveTracker {
  private struct State {
    var options: PoseOptions
    var frames = 0
    var times: [Double] = []
  }

  private let state: Mutex<State>
  private let before: @Sendable () async throws -> Void

  /// - Parameter before: runs before each result.
  init(_ options: PoseOptions, before: @escaping @Sendable () async throws -> Void = {}) {
    state = Mutex(State(options: options))
    self.before = before
  }

  func track(_ frame: EncodedImage, at time: Double) async throws -> TrackedFrame {
    try await before()
    let size = try frame.decode().size
    return state.withLock { state in
      state.frames += 1
      let people = (0..<min(max(0, size.width - 10), state.options.maxPeople)).map {
        var person = FakeFinder.person($0, size, hasMask: state.options.segmentation)
        person.id = $0 + 1
        return person
      }
      return TrackedFrame(
        index: -1, time: time,
        result: PoseResult(
          imageSize: size, complexity: .full, search: .quick, precision: .f32, people: people,
          timing: PoseTiming(total: .milliseconds(6))),
        lost: [],
        passes: PassCount(landmarks: state.frames, detector: state.options.maxPeople))
    }
  }

  func change(_ options: PoseOptions, tracking: TrackingOptions) throws {
    state.withLock { $0.options = options }
  }

  func reset() { state.withLock { $0.frames = 0 } }
}
