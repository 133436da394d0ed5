import Glibc
import Images

/// Frames with their times in, people who keep their identity out.
///
/// A value without I/O: the same frames at the same times give the same people, at any load. In each frame everybody who
/// is followed is looked at where he should be; then, on a budget, others are looked for (docs/video.md).
struct TrackingSession: Sendable {
  /// In a tracked region this pose flag will do: that somebody was there speaks for him.
  static let minTrackedPresence: Float = 0.3
  /// From this confidence on somebody is new.
  static let minNewConfidence: Float = 0.4
  /// From this confidence on somebody is back.
  static let minReturningConfidence: Float = 0.15
  /// Bodies that agree so well with a person in the frame are explained by him.
  static let explained: Float = 0.5
  /// Bodies nearer than this in the median of the joints, in body sizes, are one.
  static let converged: Float = 0.07
  /// What it costs to be black instead of white, in body sizes.
  static let colorWeight: Float = 0.5
  /// Who differs by more from somebody, black from white being 1, does not look alike.
  static let alike: Float = 0.15
  /// For so many seconds after the last sight the place is enough to be somebody again.
  static let placeSeconds = 3.0
  /// A sight that the landmark model alone is less sure of needs a scout's word.
  static let minBelieved: Float = 0.5
  /// A scout's word holds for so many seconds.
  static let trustSeconds = 0.1
  /// Nobody is followed for longer, in seconds, when neither speaks for him.
  static let doubtSeconds = 0.3
  /// What it costs to be somebody who was out of sight, in body sizes.
  static let returnPenalty: Float = 0.25
  /// What it costs when no scout sees such a body, in body sizes.
  static let disagreementWeight: Float = 0.3
  /// A body that a scout agrees with so well needs no second look.
  static let wellSeen: Float = 0.6
  /// At most so many boxes of a look are looked at.
  static let maxBoxes = 3
  /// For so long after a loss the place is looked at in each frame.
  static let retrySeconds = 1.0

  private(set) var options: PoseOptions
  private(set) var tracking: TrackingOptions
  var clock = FrameClock()
  var scene = SceneCut()
  var budget = LookBudget()
  /// The last frame's size, whose pixels everything remembered is in.
  private var size: ImageSize?
  /// When the scene was cut last, in seconds of the source.
  var lastCut = -Double.infinity
  var parts = 0
  var nextKey = 1
  var tracks: [Track] = []
  /// Who follows one person as MediaPipe does goes on with the last one's filters.
  var inherited = PoseFilter()
  /// The one who is followed, when it is one only; nil as long as that is not known.
  var target: Track.Key?

  init(_ options: PoseOptions, _ tracking: TrackingOptions) {
    (self.options, self.tracking) = (options, tracking)
  }

  /// Goes on with other options. Whoever is one too many is let go, the latest first.
  mutating func change(_ options: PoseOptions, _ tracking: TrackingOptions) {
    if tracking.follow != self.tracking.follow { target = nil }
    // What a filter has of the time before it was off is too old to go on with.
    if tracking.smoothing != self.tracking.smoothing {
      inherited = PoseFilter()
      for index in tracks.indices { tracks[index].inherit(PoseFilter()) }
    }
    (self.options, self.tracking) = (options, tracking)
    var room = options.maxPeople
    tracks.removeAll { track in
      guard track.isSeen else { return false }
      room -= 1
      return room < 0
    }
  }

  /// Whether everything is done as MediaPipe does it, who follows one person.
  var isPlain: Bool { options.search == .quick && options.maxPeople == 1 }

  /// Follows everybody into the next frame.
  ///
  /// - Throws: `PoseError` with `.badTime` for a time that is not after the last one's.
  mutating func track(
    _ image: Image, at time: Double, with viewer: inout some FrameViewer
  ) throws -> SessionFrame {
    let step = try clock.advance(to: time)
    fit(to: viewer.size)
    let isCut = !isPlain && scene.isCut(image)
    if step == .gap || isCut { loseEverybody() }
    budget.pass(to: time)
    if step != .next || isCut { budget.startAnew() }
    if isCut { lastCut = time }
    forget(at: time)
    budget.isMissingSomebody = tracks.contains { !$0.isSeen && $0.confirmation.state == .confirmed }

    let hadSomebody = tracks.contains(where: \.isSeen)
    var people = try follow(at: time, with: &viewer)
    if isPlain ? !hadSomebody : isRoom(people.count) {
      people += try find(besides: people, at: time, with: &viewer)
    }
    keepTarget(of: &people, in: viewer.size)
    for index in tracks.indices { tracks[index].pass(to: time) }
    tracks.removeAll { $0.confirmation.state == .refuted }
    return SessionFrame(
      people: people.filter { person in tracks.contains { $0.key == person.key } },
      confirmed: keys { $0.confirmation.state == .confirmed },
      open: keys { $0.confirmation.state == .open },
      lost: keys { $0.confirmation.state == .confirmed && !$0.isSeen },
      isCut: isCut || step == .gap)
  }

  /// A live camera may send smaller or larger frames of the same view: who is known is at the same place in them.
  private mutating func fit(to size: ImageSize) {
    defer { self.size = size }
    guard let scale = self.size.flatMap({ FrameScale(from: $0, to: size) }) else { return }
    for index in tracks.indices { tracks[index].scale(by: scale) }
    inherited.scale(by: scale)
  }

  /// Lets everybody go but the one who is followed, chosen now if nobody was.
  mutating func keepTarget(of people: inout [TrackedPerson], in size: ImageSize) {
    guard let follow = tracking.follow else { return }
    if !tracks.contains(where: { $0.key == target }) {
      switch follow {
      case .id: return
      case .largest:
        target = people.max { $0.raw.region.side < $1.raw.region.side }?.key
      case .nearestToCenter:
        let (x, y) = (Float(size.width) / 2, Float(size.height) / 2)
        func distance(_ person: TrackedPerson) -> Float {
          hypot(person.raw.region.center.x - x, person.raw.region.center.y - y)
        }
        target = people.min { distance($0) < distance($1) }?.key
      }
    }
    guard let target else { return }
    tracks.removeAll { $0.key != target }
    people.removeAll { $0.key != target }
  }

  func keys(_ isWanted: (Track) -> Bool) -> [Track.Key] {
    tracks.filter(isWanted).map(\.key)
  }

  func isRoom(_ people: Int) -> Bool {
    people < (target == nil ? options.maxPeople : 1)
  }

  mutating func loseEverybody() {
    for index in tracks.indices where tracks[index].isSeen { inherited = tracks[index].lose() }
  }

  mutating func forget(at time: Double) {
    tracks.removeAll { !$0.isSeen && time - $0.motion.time > tracking.memory }
  }
}
