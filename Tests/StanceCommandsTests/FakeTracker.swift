import Images
import PoseVideo
import Stance

/// A tracker that needs no models: one person in each frame, whose mask is the left half; results one frame late; from a frame on nobody, or an error.
struct FakeTracker: FrameTracker {
  var nobody = false
  var failsAt = Int.max
  var onFrame: @Sendable (Int) -> Void = { _ in }
  private var waiting: TrackedFrame?

  init(
    nobody: Bool = false, failsAt: Int = .max, onFrame: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    (self.nobody, self.failsAt, self.onFrame) = (nobody, failsAt, onFrame)
  }

  struct Failure: Error, CustomStringConvertible { let description = "the model broke" }

  mutating func add(_ image: Image, at time: Double, index: Int?) throws -> [TrackedFrame] {
    let index = index ?? 0
    onFrame(index)
    if index >= failsAt { throw Failure() }
    defer {
      waiting = TrackedFrame(
        index: index, time: time,
        result: PoseResult(
          imageSize: image.size, complexity: .full, search: .auto, precision: .f32,
          people: nobody ? [] : [Self.person(image.size)], timing: PoseTiming()), lost: [])
    }
    return finish()
  }

  mutating func finish() -> [TrackedFrame] {
    defer { waiting = nil }
    return waiting.map { [$0] } ?? []
  }

  private static func person(_ size: ImageSize) -> Person {
    func landmarks<Frame>() -> Landmarks<Frame> {
      Landmarks((0..<33).map { _ in Landmark(x: 0.5, y: 0.5, z: 0, visibility: 1, presence: 1) })
    }
    var person = Person(
      id: 1, score: nil, presence: 1, confidence: 0.9,
      box: PixelBox(x: 0, y: 0, width: 1, height: 1), landmarks: landmarks(),
      worldLandmarks: landmarks())
    person.mask = Mask(
      size: size,
      values: (0..<size.pixelCount).map { $0 % size.width < size.width / 2 ? 255 : 0 })
    return person
  }
}
