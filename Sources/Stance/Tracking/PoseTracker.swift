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
    self.landmarker = landmarker
    state = Mutex(State(source: try TrackingSource(landmarker, options, tracking)))
  }

  /// The people in the next frame. Blocks the calling thread.
  ///
  /// - Parameter time: seconds of the source, later than the last frame's.
  /// - Throws: `PoseError` with `.badTime` when it is not; the session goes on as if the frame had not been.
  public func track(_ image: Image, at time: Double) throws -> TrackedFrame {
    try landmarker.pool.withEngine { try self.track(image, at: time, with: $0) }
  }

  /// The people in the next frame, found on an engine's own queue; frames must be given one after the other.
  ///
  /// - Parameter time: seconds of the source, later than the last frame's.
  /// - Throws: `PoseError` with `.badTime` when it is not; the session goes on as if the frame had not been.
  public func track(_ image: Image, at time: Double) async throws -> TrackedFrame {
    try await landmarker.pool.withEngine { try self.track(image, at: time, with: $0) }
  }

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

/// Follows the people through a file, where results may wait: who turns out to be somebody has an id from the first sight
/// on.
///
///     var tracker = try ClipTracker()
///     while let frame = try reader.next() {
///       for result in try tracker.add(frame.image, at: frame.time) { print(result.people.count) }
///     }
///     for result in tracker.finish() { print(result.people.count) }
///
/// A frame's result waits for half a second of the source at most.
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
    let frame = try landmarker.pool.withEngine {
      try source.track(image, at: time, index: index, with: $0)
    }
    let ready = delivery.add(frame)
    source.follow(in: delivery.identities)
    return ready
  }

  /// The results that still wait, in order: the source has ended.
  public mutating func finish() -> [TrackedFrame] { delivery.finish() }
}

/// A session with what it looks at frames with.
private struct TrackingSource: Sendable {
  private let options: PoseOptions
  private let tracking: TrackingOptions
  private let precision: Precision
  private var session: TrackingSession
  private var nextIndex = 0

  init(
    _ landmarker: PoseLandmarker, _ options: PoseOptions?, _ tracking: TrackingOptions
  ) throws(PoseError) {
    let options = options ?? landmarker.options
    try options.validate()
    try tracking.validate()
    (self.options, self.tracking) = (options, tracking)
    precision = landmarker.engineOptions.precision
    session = TrackingSession(options, tracking)
  }

  mutating func reset() {
    (session, nextIndex) = (TrackingSession(options, tracking), 0)
  }

  /// The session is as before when this throws.
  mutating func track(
    _ image: Image, at time: Double, index: Int?, with engine: Engine
  ) throws -> PendingFrame {
    let start = ContinuousClock.now
    var viewer = try EngineViewer(image, options: options, engine: engine)
    var session = session
    let frame = try session.track(image, at: time, with: &viewer)
    self.session = session
    let number = index ?? nextIndex
    nextIndex = number + 1
    var timing = viewer.timing
    timing.total = ContinuousClock.now - start
    return PendingFrame(
      index: number, time: time, session: frame,
      result: PoseResult(
        imageSize: image.size, complexity: options.complexity, search: options.search,
        precision: precision, people: [], timing: timing),
      passes: viewer.passes)
  }

  /// Once the id that is to be followed is given, nobody else is.
  mutating func follow(in identities: Identities) {
    guard case .id(let id) = tracking.follow else { return }
    session.target = identities.key(of: id)
  }
}
