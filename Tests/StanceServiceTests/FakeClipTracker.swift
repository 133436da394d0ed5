import Images
import PoseVideo
import Stance

@testable import StanceService

/// A tracker of videos without models: one person in each frame, whose results come at once.
struct FakeClipTracker: FrameTracker {
  private let options: PoseOptions
  private let before: @Sendable (Int) throws -> Void

  /// - Parameter before: runs before each frame's result, with its number; it may block.
  init(
    _ options: PoseOptions, _ tracking: TrackingOptions,
    before: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) {
    (self.options, self.before) = (options, before)
  }

  mutating func add(_ image: Image, at time: Double, index: Int?) throws -> [TrackedFrame] {
    try before(index ?? 0)
    var person = FakeFinder.person(0, image.size, hasMask: options.segmentation)
    person.id = 1
    return [
      TrackedFrame(
        index: index ?? 0, time: time,
        result: PoseResult(
          imageSize: image.size, complexity: options.complexity, search: options.search,
          precision: .f32, people: [person], timing: PoseTiming()), lost: [])
    ]
  }

  mutating func finish() -> [TrackedFrame] { [] }
}
