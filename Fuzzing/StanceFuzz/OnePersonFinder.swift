import Images
import Inference
import PoseVideo
import Stance
import StanceService
import Synchronization

/// Finds somebody in every photo, without looking.
struct OnePersonFinder: PeopleFinder {
  let engineCount = 1
  let precision = Precision.f32

  func resultAndPhoto(
    for photo: EncodedImage, options: PoseOptions, onStart: @escaping @Sendable () -> Void
  ) async throws -> (result: PoseResult, photo: Photo) {
    onStart()
    let photo = try Photo(photo.decode())
    return (Self.result(try photo.whole().size, options), photo)
  }

  static func result(_ size: ImageSize, _ options: PoseOptions) -> PoseResult {
    let person = Person(
      score: 0.9, presence: 0.9, confidence: 0.9, box: PixelBox(x: 0, y: 0, width: 1, height: 1),
      landmarks: landmarks(), worldLandmarks: landmarks(),
      mask: options.segmentation
        ? Mask(size: size, values: [UInt8](repeating: 99, count: size.pixelCount)) : nil)
    return PoseResult(
      imageSize: size, complexity: options.complexity, search: options.search, precision: .f32,
      people: [person],
      timing: PoseTiming(decode: .zero, detect: .zero, landmarks: .zero, total: .zero))
  }

  func liveTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any LiveTracker {
    OnePersonTracker(options)
  }

  func clipTracker(
    _ options: PoseOptions, _ tracking: TrackingOptions
  ) throws -> any FrameTracker {
    throw CancellationError()  // no request holds a video here
  }

  private static func landmarks<Frame>() -> Landmarks<Frame> {
    Landmarks(
      (0..<33).map { index in
        let place = Float(index) / 32
        return Landmark(x: place, y: 1 - place * place, z: 0, visibility: place, presence: 1)
      })
  }
}

/// Follows that person, through frames that can be decoded.
private final class OnePersonTracker: LiveTracker {
  private let options: Mutex<PoseOptions>

  init(_ options: PoseOptions) { self.options = Mutex(options) }

  func track(_ frame: EncodedImage, at time: Double) async throws -> TrackedFrame {
    let size = try frame.decode().size
    return TrackedFrame(
      index: 0, time: time, result: OnePersonFinder.result(size, options.withLock { $0 }), lost: [])
  }

  func change(_ options: PoseOptions, tracking: TrackingOptions) throws {
    self.options.withLock { $0 = options }
  }

  func reset() {}
}
