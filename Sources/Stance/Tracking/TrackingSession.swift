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
  /// For so long after a loss the place is looked at in each frame.
  static let retrySeconds = 1.0

  private let options: PoseOptions
  private let tracking: TrackingOptions
  private var clock = FrameClock()
  private var scene = SceneCut()
  private var budget = LookBudget()
  /// When the scene was cut last, in seconds of the source.
  private var lastCut = -Double.infinity
  private var parts = 0
  private var nextKey = 1
  private var tracks: [Track] = []
  /// Who follows one person as MediaPipe does goes on with the last one's filters.
  private var inherited = PoseFilter()
  /// The one who is followed, when it is one only; nil as long as that is not known.
  var target: Track.Key?

  init(_ options: PoseOptions, _ tracking: TrackingOptions) {
    (self.options, self.tracking) = (options, tracking)
  }

  /// Whether everything is done as MediaPipe does it, who follows one person.
  private var isPlain: Bool { options.search == .quick && options.maxPeople == 1 }

  /// A body that was seen in a frame.
  private struct Sight {
    var estimate: PoseEstimate
    var colors: ColorSignature?
    /// The detector's or scout's score, when that found it.
    var score: Float?
    /// How well a scout agrees, 0...1; 1 if none was asked.
    var agreement: Float = 1
    /// Whether this is enough for somebody new, not only for somebody who is back.
    var isSure = true
  }

  /// Follows everybody into the next frame.
  ///
  /// - Throws: `PoseError` with `.badTime` for a time that is not after the last one's.
  mutating func track(
    _ image: Image, at time: Double, with viewer: inout some FrameViewer
  ) throws -> SessionFrame {
    let step = try clock.advance(to: time)
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
      lost: keys { $0.confirmation.state == .confirmed && !$0.isSeen })
  }

  /// Lets everybody go but the one who is followed, chosen now if nobody was.
  private mutating func keepTarget(of people: inout [TrackedPerson], in size: ImageSize) {
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

  private func keys(_ isWanted: (Track) -> Bool) -> [Track.Key] {
    tracks.filter(isWanted).map(\.key)
  }

  private func isRoom(_ people: Int) -> Bool {
    people < (target == nil ? options.maxPeople : 1)
  }

  // MARK: Who is known

  private mutating func loseEverybody() {
    for index in tracks.indices where tracks[index].isSeen { inherited = tracks[index].lose() }
  }

  private mutating func forget(at time: Double) {
    tracks.removeAll { !$0.isSeen && time - $0.motion.time > tracking.memory }
  }

  /// Looks where everybody should be who was in the last frame, or not long before.
  private mutating func follow(
    at time: Double, with viewer: inout some FrameViewer
  ) throws -> [TrackedPerson] {
    var sights: [Sight] = []
    let followed = tracks.indices.filter { tracks[$0].isSeen }
    for index in followed {
      let region = isPlain ? tracks[index].region : tracks[index].region(at: time)
      guard let sight = try look(at: region, with: &viewer) else { continue }
      if try isPlain || isBelieved(sight, as: index, at: time, with: &viewer) {
        sights.append(sight)
      }
    }
    if isPlain {
      return zip(followed, sights).map { see($0.1, as: $0.0, at: time, in: viewer.size) }
        + lose(followed.dropFirst(sights.count), at: time)
    }
    try untangle(&sights, with: &viewer)
    return assign(sights, to: followed, at: time, in: viewer.size)
  }

  /// Has a scout look at people who overlap: of two such the landmark model makes one, or the same twice.
  ///
  /// Each sight is told how well the scout agrees, and who the scout sees beside them is a sight too.
  private mutating func untangle(
    _ sights: inout [Sight], with viewer: inout some FrameViewer
  ) throws {
    guard viewer.hasScouts else { return }
    for group in Tangles.groups(of: sights.map { PixelBox(round: $0.estimate.landmarks) }) {
      budget.alarm()
      guard budget.spend(1) else { return }
      let bodies = try viewer.bodies(near: group.view)
      for index in group.members {
        let agreements = bodies.map { $0.body.agreement(with: sights[index].estimate) }
        sights[index].agreement = agreements.max() ?? 0
      }
      for body in bodies {
        let isSeen = group.members.contains {
          body.body.agreement(with: sights[$0].estimate) > Self.wellSeen
        }
        guard !isSeen, let region = body.body.region,
          var sight = try judged(body, in: region, with: &viewer)
        else { continue }
        (sight.agreement, sight.score) = (body.body.agreement(with: sight.estimate), nil)
        sights.append(sight)
      }
    }
  }

  /// Whether a sight is somebody: when the landmark model alone is not sure, a scout is asked.
  private mutating func isBelieved(
    _ sight: Sight, as index: Int, at time: Double, with viewer: inout some FrameViewer
  ) throws -> Bool {
    guard viewer.hasScouts,
      Finding(byOneLook: sight.estimate, in: viewer.size).confidence < Self.minBelieved
    else {
      tracks[index].vouch(at: time)
      return true
    }
    if time - tracks[index].vouched > Self.trustSeconds, budget.spend(1) {
      let bodies = try viewer.bodies(near: sight.estimate.region.forOpinion)
      let confidences = bodies.map {
        Finding(scouted: sight.estimate, by: $0, in: viewer.size).confidence
      }
      guard (confidences.max() ?? 0) >= Self.minReturningConfidence else { return false }
      tracks[index].vouch(at: time)
    }
    return time - tracks[index].vouched <= Self.doubtSeconds
  }

  /// The landmark model's look at a region: nil when it shows nobody, or somebody who is not where people are looked for.
  private func look(
    at region: RegionOfInterest, with viewer: inout some FrameViewer
  ) throws -> Sight? {
    let minPresence =
      options.search == .quick ? options.minTrackingConfidence : Self.minTrackedPresence
    guard let estimate = try viewer.estimate(region, score: 1), estimate.presence > minPresence,
      try SearchArea(options.regions, in: viewer.size)
        .contains(estimate.nextRegion ?? estimate.region)
    else { return nil }
    return Sight(estimate: estimate, colors: isPlain ? nil : viewer.colors(of: estimate.landmarks))
  }

  private mutating func lose(_ lost: some Sequence<Int>, at time: Double) -> [TrackedPerson] {
    for index in lost {
      inherited = tracks[index].lose()
      budget.alarm()
    }
    return []
  }

  /// Gives each track its body. Two regions can show one and the same: the one who moved as he should have keeps it.
  private mutating func assign(
    _ sights: [Sight], to followed: [Int], at time: Double, in size: ImageSize
  ) -> [TrackedPerson] {
    // Who fits a track best is first, so that of two views of one body that stays.
    let ranked = sights.map { sight in
      (
        sight: sight,
        cost: followed.map { cost(of: sight, for: tracks[$0], at: time) }.min() ?? .infinity
      )
    }.sorted { $0.cost < $1.cost }.map(\.sight)
    let distinct = ranked.reduce(into: [Sight]()) { kept, sight in
      if !kept.contains(where: {
        Duplicates.distance($0.estimate, sight.estimate) < Self.converged
      }) {
        kept.append(sight)
      }
    }
    // Somebody who is lost may come out from behind the one whose region shows him.
    let owners = followed + tracks.indices.filter { !tracks[$0].isSeen }
    let matches = matches(of: distinct, to: owners, at: time)
    var people: [TrackedPerson] = []
    var lost = Set(followed)
    for (sight, match) in zip(distinct, matches) {
      guard let match else { continue }
      lost.remove(owners[match])
      people.append(see(sight, as: owners[match], at: time, in: size))
    }
    return people + lose(lost.sorted(), at: time)
  }

  /// What it costs to take a sight for a track's: distance, and how different they look.
  private func cost(of sight: Sight, for track: Track, at time: Double) -> Float {
    let look = sight.colors.flatMap { track.colors?.difference(from: $0) } ?? 0
    if look > Self.alike, placeSaysLittle(of: track, at: time) { return .infinity }
    let likeness =
      Association.cost(of: BodyShape(sight.estimate.landmarks), for: track.motion, at: time)
      + Self.colorWeight * look
    // Who is near enough, but dressed otherwise, is somebody else.
    guard likeness <= Association.gate(after: time - track.motion.time) else { return .infinity }
    return likeness + Self.disagreementWeight * (1 - sight.agreement)
      + (track.isSeen ? 0 : Self.returnPenalty)
  }

  /// Whether who is where somebody was may well be another one: after a cut, or long after the last sight.
  private func placeSaysLittle(of track: Track, at time: Double) -> Bool {
    track.motion.time < lastCut || time - track.motion.time > Self.placeSeconds
  }

  /// For each sight the place of its track in `indices`.
  private func matches(of sights: [Sight], to indices: [Int], at time: Double) -> [Int?] {
    Assignment.cheapest(
      sights.map { sight in indices.map { cost(of: sight, for: tracks[$0], at: time) } })
  }

  private mutating func see(
    _ sight: Sight, as index: Int, at time: Double, in size: ImageSize
  ) -> TrackedPerson {
    var raw = sight.estimate
    let mask = Mask(raw, size: size)
    // A quarter of a megabyte that nobody needs any more.
    raw.segmentation = []
    let smoothed = tracks[index].see(raw, colors: sight.colors, at: time, tracking.smoothing)
    return TrackedPerson(
      key: tracks[index].key, estimate: smoothed, raw: raw, score: sight.score,
      mask: mask.map { tracks[index].filter($0) })
  }

  // MARK: Who is new, or back

  private mutating func find(
    besides people: [TrackedPerson], at time: Double, with viewer: inout some FrameViewer
  ) throws -> [TrackedPerson] {
    if isPlain {
      return admit(
        try detect(besides: people, [], with: &viewer), besides: people, at: time, in: viewer.size)
    }
    if tracks.allSatisfy({ !$0.isSeen }) { budget.alarm() }
    let look = budget.nextLook()
    var sights: [Sight] = []
    // The place of a loss first: who is there again need not be searched.
    for track in tracks where !track.isSeen {
      guard look != nil || time - track.motion.time < Self.retrySeconds else { continue }
      sights += try lookAgain(for: track, besides: people, sights, at: time, with: &viewer)
    }
    if let look { sights += try search(look, besides: people, sights, with: &viewer) }
    return admit(sights, besides: people, at: time, in: viewer.size)
  }

  /// Looks for somebody where he was lost: with the landmark model, then with a scout, who tells apart those who stand
  /// close together.
  private mutating func lookAgain(
    for track: Track, besides people: [TrackedPerson], _ known: [Sight], at time: Double,
    with viewer: inout some FrameViewer
  ) throws -> [Sight] {
    func isHim(_ sight: Sight) -> Bool { cost(of: sight, for: track, at: time).isFinite }
    let region = track.region(at: time)
    if let sight = try look(at: region, with: &viewer), isHim(sight),
      Finding(byOneLook: sight.estimate, in: viewer.size).confidence >= Self.minBelieved,
      isNew(sight.estimate, besides: people, known)
    {
      return [sight]
    }
    guard viewer.hasScouts, budget.spend(1) else { return [] }
    return try judged(
      try viewer.bodies(near: region), besides: people, known, with: &viewer
    ).filter(isHim)
  }

  /// Gives ids back to those who are lost, and begins tracks of the others.
  private mutating func admit(
    _ sights: [Sight], besides others: [TrackedPerson], at time: Double, in size: ImageSize
  ) -> [TrackedPerson] {
    let lost = tracks.indices.filter { !tracks[$0].isSeen }
    let matches = matches(of: sights, to: lost, at: time)
    var people: [TrackedPerson] = []
    for (sight, match) in zip(sights, matches) where isRoom(others.count + people.count) {
      if let match {
        if isPlain { tracks[lost[match]].inherit(inherited) }
        people.append(see(sight, as: lost[match], at: time, in: size))
      } else if sight.score != nil, sight.isSure, target == nil,
        !(others + people).contains(where: { Duplicates.areOne($0.raw, sight.estimate) })
      {
        tracks.append(
          Track(
            nextKey, sight.estimate, colors: sight.colors, at: time, isSure: isPlain,
            filter: isPlain ? inherited : PoseFilter()))
        nextKey += 1
        people.append(see(sight, as: tracks.count - 1, at: time, in: size))
      }
    }
    return people
  }

  /// Looks for people as far as the budget goes.
  private mutating func search(
    _ look: LookBudget.Look, besides people: [TrackedPerson], _ known: [Sight],
    with viewer: inout some FrameViewer
  ) throws -> [Sight] {
    guard viewer.hasScouts else { return try detect(besides: people, known, with: &viewer) }
    let area = try SearchArea(options.regions, in: viewer.size)
    var passes = 0
    var proposals: [Scouted] = []
    let views = view(look, of: area)
    if look != .boxes {
      for view in views {
        proposals += try viewer.bodies(in: view, isWhole: look == .whole)
        passes += 1
      }
    }
    proposals = Scouting.merged(proposals)
    if look != .part {
      for view in views {
        passes += 1
        let boxes = Scouting.unknown(try viewer.boxes(in: view, isWhole: true), to: &proposals)
          .filter { box in
            !people.contains { $0.raw.explains(box.box) }
              && !known.contains { $0.estimate.explains(box.box) }
          }
        for box in boxes.prefix(3) {
          passes += 1
          if let body = try viewer.body(in: box) { proposals.append(body) }
        }
      }
    }
    budget.owe(passes - 1)
    let sights = try judged(proposals, besides: people, known, with: &viewer)
    if !sights.isEmpty { budget.alarm() }
    return sights
  }

  /// The landmark model's looks at those whom scouts saw and nobody in the frame explains.
  private func judged(
    _ proposals: [Scouted], besides people: [TrackedPerson], _ known: [Sight],
    with viewer: inout some FrameViewer
  ) throws -> [Sight] {
    let area = try SearchArea(options.regions, in: viewer.size)
    var sights: [Sight] = []
    for proposal in Scouting.merged(proposals) {
      guard let region = proposal.body.region, area.contains(region),
        !people.contains(where: { proposal.body.agreement(with: $0.raw) > Self.explained }),
        !known.contains(where: { proposal.body.agreement(with: $0.estimate) > Self.explained }),
        let sight = try judged(proposal, in: region, with: &viewer),
        isNew(sight.estimate, besides: people, known + sights)
      else { continue }
      sights.append(sight)
    }
    return sights
  }

  /// The landmark model's look at whom scouts saw; nil if it speaks against him.
  private func judged(
    _ proposal: Scouted, in region: RegionOfInterest, with viewer: inout some FrameViewer
  ) throws -> Sight? {
    let size = viewer.size
    func confidence(_ estimate: PoseEstimate) -> Float {
      Finding(scouted: estimate, by: proposal, in: size).confidence
    }
    guard var estimate = try viewer.estimate(region, score: proposal.body.score) else { return nil }
    if confidence(estimate) < Self.minNewConfidence, let next = estimate.nextRegion,
      let second = try viewer.estimate(next, score: proposal.body.score),
      confidence(second) > confidence(estimate)
    {
      estimate = second
    }
    let confidence = confidence(estimate)
    guard confidence >= Self.minReturningConfidence else { return nil }
    return Sight(
      estimate: estimate, colors: viewer.colors(of: estimate.landmarks),
      score: proposal.body.score, isSure: confidence >= Self.minNewConfidence)
  }

  private mutating func view(_ look: LookBudget.Look, of area: SearchArea) -> [RegionOfInterest] {
    switch look {
    case .whole, .boxes:
      return area.parts.flatMap { SearchViews.tiles(of: $0, divisors: [1]) }
    case .part:
      let tiles = area.parts.flatMap { SearchViews.tiles(of: $0, divisors: [2]) }
      parts += 1
      return [tiles[parts % tiles.count]]
    }
  }

  /// What BlazePose's detector sees.
  private func detect(
    besides people: [TrackedPerson], _ known: [Sight], with viewer: inout some FrameViewer
  ) throws -> [Sight] {
    let area = try SearchArea(options.regions, in: viewer.size)
    let room = options.maxPeople - people.count
    var sights: [Sight] = []
    for candidate in try viewer.candidates(minScore: options.minDetectionConfidence)
      .filter({ area.contains($0.region) }).prefix(room)
    {
      guard !people.contains(where: { $0.raw.region.isOfSameBody(as: candidate.region) }),
        let estimate = try viewer.estimate(candidate.region, score: candidate.score),
        estimate.presence > options.minTrackingConfidence,
        isNew(estimate, besides: people, known + sights)
      else { continue }
      sights.append(
        Sight(
          estimate: estimate, colors: isPlain ? nil : viewer.colors(of: estimate.landmarks),
          score: candidate.score))
    }
    return sights
  }

  private func isNew(
    _ estimate: PoseEstimate, besides people: [TrackedPerson], _ sights: [Sight]
  ) -> Bool {
    !(people.map(\.raw) + sights.map(\.estimate)).contains {
      Duplicates.distance($0, estimate) < Self.converged
    }
  }
}

/// A person in a frame of a session.
struct TrackedPerson: Sendable {
  let key: Track.Key
  /// As smoothed, in pixels of the picture.
  var estimate: PoseEstimate
  /// As the model gave it.
  var raw: PoseEstimate
  /// The score of what found the person in this frame; nil when the track led to him.
  var score: Float?
  /// Where the person is; only when segmentation was asked for.
  var mask: Mask?
}

/// What a session says of one frame.
struct SessionFrame: Sendable {
  /// Everybody in the frame, whether sure to be somebody or not.
  var people: [TrackedPerson]
  /// Tracks that are surely of people.
  var confirmed: [Track.Key]
  /// Tracks of which that is still open.
  var open: [Track.Key]
  /// Tracks of people who are out of sight.
  var lost: [Track.Key]
}
