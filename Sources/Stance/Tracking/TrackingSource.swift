import Images
import Inference

/// A session with what it looks at frames with.
struct TrackingSource: Sendable {
  private var options: PoseOptions
  private var tracking: TrackingOptions
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

  /// From the next frame on other options hold.
  mutating func change(_ options: PoseOptions, _ tracking: TrackingOptions) throws(PoseError) {
    try options.validate()
    try tracking.validate()
    (self.options, self.tracking) = (options, tracking)
    session.change(options, tracking)
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
      passes: viewer.passes, tracking: tracking)
  }

  /// Once the id that is to be followed is given, nobody else is.
  mutating func follow(in identities: Identities) {
    guard case .id(let id) = tracking.follow else { return }
    session.target = identities.key(of: id)
  }
}
