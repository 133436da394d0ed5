public import Images
import Inference
import Synchronization

/// Follows the people in a video or a live picture, frame by frame.
///
///     let tracker = try PoseTracker()
///     let frame = try tracker.track(image, at: 0.04)
///     for person in frame.people { print(person.id ?? 0, person.landmarks[.nose].x) }
///
/// Each tracker is a session of its own: ids, filters and memory are shared with no other. The same frames at the same
/// times give the same results, at any load. Results come at once; a new person is in them from the third sight on, so
/// that a false find of one frame gets no id (with `maxPeople` 1 and a quick search from the first). For whole files see
/// ``ClipTracker``.
public final class PoseTracker: Sendable {
  private struct State {
    var source: TrackingSource
    var delivery = LiveDelivery()
  }

  private let state: Mutex<State>
  private let landmarker: PoseLandmarker

  /// A session with engines of its own.
  ///
  /// - Throws: `InferenceError` when a model is missing or damaged, or the precision can't be had; `PoseError` when an
  ///   option is out of range.
  public convenience init(
    _ options: PoseOptions = PoseOptions(), tracking: TrackingOptions = TrackingOptions(),
    engine: EngineOptions = EngineOptions()
  ) throws {
    try self.init(with: PoseLandmarker(options, engine: engine), tracking: tracking)
  }

  /// A session that works with a landmarker's engines, as any number of others may.
  ///
  /// - Parameter options: instead of the landmarker's own.
  /// - Throws: `PoseError` when an option is out of range.
  public init(
    with landmarker: PoseLandmarker, options: PoseOptions? = nil,
    tracking: TrackingOptions = TrackingOptions()
  ) throws {
    guard tracking.passes == 1 else { throw Self.onePass }
    self.landmarker = landmarker
    state = Mutex(State(source: try TrackingSource(landmarker, options, tracking)))
  }

  /// The people in the next frame. Blocks the calling thread.
  ///
  /// - Parameter time: seconds of the source, later than the last frame's.
  /// - Throws: `PoseError` with `.badTime` when it is not; the session goes on as if the frame had not been.
  public func track(_ image: Image, at time: Double) throws -> TrackedFrame {
    try landmarker.withEngine { try self.track(image, at: time, with: $0) }
  }

  /// The people in the next frame, found on an engine's own queue; frames must be given one after the other.
  ///
  /// - Parameter time: seconds of the source, later than the last frame's.
  /// - Throws: `PoseError` with `.badTime` when it is not; the session goes on as if the frame had not been.
  public func track(_ image: Image, at time: Double) async throws -> TrackedFrame {
    try await landmarker.withEngine { try self.track(image, at: time, with: $0) }
  }

  /// The same for encoded bytes, which are decoded whole, on the engine's own queue too.
  ///
  /// - Throws: also `ImageError` when they are damaged; the session goes on as if the frame had not been.
  public func track(_ frame: EncodedImage, at time: Double) async throws -> TrackedFrame {
    try await landmarker.withEngine { engine in
      let start = ContinuousClock.now
      let image = try frame.decode()
      let decoding = ContinuousClock.now - start
      var tracked = try self.track(image, at: time, with: engine)
      tracked.result.timing.decode = decoding
      tracked.result.timing.total += decoding
      return tracked
    }
  }

  /// Goes on with other options: who is known stays known, by the same id. Who is too many then is let go.
  ///
  /// - Throws: `PoseError` when an option is out of range; then all is as before.
  public func change(_ options: PoseOptions, tracking: TrackingOptions) throws {
    guard tracking.passes == 1 else { throw Self.onePass }
    try state.withLock { try $0.source.change(options, tracking) }
  }

  private static let onePass = PoseError(
    .badOption, "two passes of live pictures; they can be gone through once")

  /// Forgets everybody, and begins anew with frame 0 and id 1.
  public func reset() {
    state.withLock { state in
      state.source.reset()
      state.delivery = LiveDelivery()
    }
  }

  private func track(_ image: Image, at time: Double, with engine: Engine) throws -> TrackedFrame {
    try state.withLock { state in
      let frame = state.delivery.deliver(
        try state.source.track(image, at: time, index: nil, with: engine))
      state.source.follow(in: state.delivery.identities)
      return frame
    }
  }
}
