import Images

@testable import Stance

/// `PoseTracker` or `ClipTracker` with made-up models.
struct MadeUpTracker {
  /// May change between two frames.
  var scene: MadeUpScene
  private(set) var live = LiveDelivery()
  private(set) var patient = PatientDelivery()
  /// What the session said of the last frame.
  private(set) var last: SessionFrame?
  private var session: TrackingSession
  private var tracking: TrackingOptions
  private var options: PoseOptions
  private var index = 0

  init(
    _ scene: MadeUpScene, _ options: PoseOptions = PoseOptions(),
    _ tracking: TrackingOptions = TrackingOptions()
  ) {
    (self.scene, self.options, self.tracking) = (scene, options, tracking)
    session = TrackingSession(options, tracking)
  }

  mutating func change(
    _ options: PoseOptions, _ tracking: TrackingOptions = TrackingOptions()
  ) {
    (self.options, self.tracking) = (options, tracking)
    session.change(options, tracking)
  }

  /// The next frame as a live picture's.
  mutating func track(at time: Double) throws -> TrackedFrame {
    let frame = live.deliver(try pending(time))
    follow(in: live.identities)
    return frame
  }

  /// The next frame as a file's.
  mutating func add(at time: Double) throws -> [TrackedFrame] {
    let frames = patient.add(try pending(time))
    follow(in: patient.identities)
    return frames
  }

  mutating func finish() -> [TrackedFrame] { patient.finish() }

  private mutating func pending(_ time: Double) throws -> PendingFrame {
    var viewer = scene.viewer(at: time)
    let frame = try session.track(scene.image(at: time), at: time, with: &viewer)
    last = frame
    defer { index += 1 }
    return PendingFrame(
      index: index, time: time, session: frame,
      result: PoseResult(
        imageSize: scene.size, complexity: options.complexity, search: options.search,
        precision: .f32, people: [], timing: PoseTiming()),
      passes: viewer.passes, tracking: tracking)
  }

  private mutating func follow(in identities: Identities) {
    guard case .id(let id) = tracking.follow else { return }
    session.target = identities.key(of: id)
  }
}

extension MadeUpScene {
  /// A live picture's results.
  func live(
    _ times: [Double], _ options: PoseOptions = PoseOptions(),
    _ tracking: TrackingOptions = TrackingOptions()
  ) throws -> [TrackedFrame] {
    var tracker = MadeUpTracker(self, options, tracking)
    return try times.map { try tracker.track(at: $0) }
  }

  /// A file's results.
  func clip(
    _ times: [Double], _ options: PoseOptions = PoseOptions(),
    _ tracking: TrackingOptions = TrackingOptions()
  ) throws -> [TrackedFrame] {
    var tracker = MadeUpTracker(self, options, tracking)
    return try times.flatMap { try tracker.add(at: $0) } + tracker.finish()
  }

  /// The ids that each person of the scene was given, in order.
  func ids(in frames: [TrackedFrame]) -> [Int: [Int]] {
    frames.reduce(into: [:]) { ids, frame in
      for person in frame.people {
        guard let who = who(person, at: frame.time), let id = person.id else { continue }
        if ids[who, default: []].last != id { ids[who, default: []].append(id) }
      }
    }
  }

  /// The frames' times in which somebody is in the results.
  func times(of who: Int, in frames: [TrackedFrame]) -> [Double] {
    frames.filter { frame in frame.people.contains { self.who($0, at: frame.time) == who } }
      .map(\.time)
  }
}
