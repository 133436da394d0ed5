public import Images
import Inference

/// Follows the people through a file, where results may wait: who turns out to be somebody has an id from the first sight
/// on.
///
///     var tracker = try ClipTracker()
///     while let frame = try reader.next() {
///       for result in try tracker.add(frame.image, at: frame.time) { print(result.people.count) }
///     }
///     for result in tracker.finish() { print(result.people.count) }
///
/// A frame's result waits for half a second of the source at most. With two ``TrackingOptions/passes`` landmarks are as the
/// model gives them, for a ``SecondPass`` to go on with.
public struct ClipTracker: Sendable {
  private let landmarker: PoseLandmarker
  private var source: TrackingSource
  private var delivery = PatientDelivery()

  /// A session with engines of its own.
  ///
  /// - Throws: as ``PoseTracker/init(_:tracking:engine:)``.
  public init(
    _ options: PoseOptions = PoseOptions(), tracking: TrackingOptions = TrackingOptions(),
    engine: EngineOptions = EngineOptions()
  ) throws {
    try self.init(with: PoseLandmarker(options, engine: engine), tracking: tracking)
  }

  /// A session that works with a landmarker's engines.
  ///
  /// - Parameter options: instead of the landmarker's own.
  /// - Throws: `PoseError` when an option is out of range.
  public init(
    with landmarker: PoseLandmarker, options: PoseOptions? = nil,
    tracking: TrackingOptions = TrackingOptions()
  ) throws {
    self.landmarker = landmarker
    source = try TrackingSource(landmarker, options, tracking)
  }

  /// Takes the next frame in. Blocks the calling thread.
  ///
  /// - Parameters:
  ///   - time: seconds of the source, later than the last frame's.
  ///   - index: the frame's number in the source; nil: one more than the last.
  /// - Returns: the results that are sure by now, in order: often one, none or several.
  /// - Throws: `PoseError` with `.badTime` when the time is not later; the session goes on as if the frame had not been.
  public mutating func add(
    _ image: Image, at time: Double, index: Int? = nil
  ) throws -> [TrackedFrame] {
    let frame = try landmarker.withEngine {
      try source.track(image, at: time, index: index, with: $0)
    }
    let ready = delivery.add(frame)
    source.follow(in: delivery.identities)
    return ready
  }

  /// The results that still wait, in order: the source has ended.
  public mutating func finish() -> [TrackedFrame] { delivery.finish() }
}
