import Images
import Inference
import PoseVideo
import Stance
import Synchronization

@testable import StanceService

/// A finder without models: as many people as the photo's width says, beyond ten.
struct FakeFinder: PeopleFinder {
  var engineCount = 2
  var photosAhead = 0
  var precision: Precision { .f32 }
  /// Runs before each result.
  var before: @Sendable (EncodedImage, PoseOptions) async throws -> Void = { _, _ in }

  /// What is said to have been decoded; nil: what really is.
  var seen: Image?

  /// Its engines, where photos wait for each other; nil: it takes all at once.
  var engines: Admission?

  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions, onStart: @escaping @Sendable () -> Void
  ) async throws -> (result: PoseResult, photo: Photo) {
    guard let engines else { return try await found(in: photo, options, onStart) }
    return try await engines.withSlot { _ in try await found(in: photo, options, onStart) }
  }

  /// Makes the trackers of live sessions.
  var tracker: @Sendable (PoseOptions, TrackingOptions) throws -> any LiveTracker = { options, _ in
    FakeTracker(options)
  }

  func liveTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any LiveTracker {
    try tracker(options, tracking)
  }

  /// Makes the trackers of videos.
  var clipTracker: @Sendable (PoseOptions, TrackingOptions) throws -> any FrameTracker = {
    FakeClipTracker($0, $1)
  }

  func clipTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any FrameTracker {
    try clipTracker(options, tracking)
  }

  private func found(
    in photo: EncodedImage, _ options: PoseOptions, _ onStart: () -> Void
  ) async throws -> (result: PoseResult, photo: Photo) {
    onStart()
    try await before(photo, options)
    let photo = try Photo(seen ?? photo.decode())
    return (Self.result(try photo.whole().size, options), photo)
  }

  /// What is found on a photo of that size.
  static func result(_ size: ImageSize, _ options: PoseOptions) -> PoseResult {
    let count = max(0, size.width - 10)
    let timing = PoseTiming(
      decode: .milliseconds(1), detect: .milliseconds(2), landmarks: .milliseconds(3),
      total: .milliseconds(6))
    let people = (0..<min(count, options.maxPeople)).map {
      person($0, size, hasMask: options.segmentation)
    }
    return PoseResult(
      imageSize: size, complexity: options.complexity, search: options.search, precision: .f32,
      people: people, timing: timing)
  }

  static func person(_ number: Int, _ size: ImageSize, hasMask: Bool) -> Person {
    func landmarks<Frame>() -> Landmarks<Frame> {
      Landmarks(
        (0..<33).map {
          // The feet are guessed.
          Landmark(
            x: 0.5, y: Float($0) / 33, z: 0, visibility: 0.9, presence: 1, support: $0 < 29 ? 1 : 0)
        })
    }
    let values = [UInt8](repeating: UInt8(clamping: 50 * (number + 1)), count: size.pixelCount)
    return Person(
      score: 0.9, presence: 0.99, confidence: 0.8,
      box: PixelBox(x: 1, y: 2, width: 3, height: 4), landmarks: landmarks(),
      worldLandmarks: landmarks(),
      mask: hasMask ? Mask(size: size, values: values) : nil)
  }

  /// A photo on which so many people are found; `shade` tells it from others.
  static func photo(people: Int, shade: UInt8 = 90, as format: ImageFormat = .png) throws
    -> [UInt8]
  {
    let size = ImageSize(width: 10 + people, height: 12)
    let pixels = [UInt8](repeating: shade, count: 4 * size.pixelCount)
    return try ImageEncoder.encode(Image(size: size, bgrx: pixels), as: format)
  }
}

/// Counts calls, and holds them back until it is opened.
final class TestGate: Sendable {
  private struct State {
    var isOpen: Bool
    var calls = 0
    var held: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>

  init(isOpen: Bool = false) { state = Mutex(State(isOpen: isOpen)) }

  var calls: Int { state.withLock { $0.calls } }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        state.calls += 1
        if !state.isOpen { state.held.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let held = state.withLock { state in
      state.isOpen = true
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  /// Waits until so many have come.
  func wait(forCalls count: Int) async throws {
    while calls < count { try await Task.sleep(for: .milliseconds(2)) }
  }
}
