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
  /// Bodies that agree so well with a person in the frame are explained by him.
  static let explained: Float = 0.5
  /// For so long after a loss the place is looked at in each frame.
  static let retrySeconds = 0.5

  private let options: PoseOptions
  private let tracking: TrackingOptions
  private var clock = FrameClock()
  private var scene = SceneCut()
  private var budget = LookBudget()
  private var parts = 0
  private var nextKey = 1
  private var tracks: [Track] = []
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
  }

  /// Follows everybody into the next frame.
  ///
  /// - Throws: `PoseError` with `.badTime` for a time that is not after the last one's.
  mutating func track(
    _ image: Image, at time: Double, with viewer: inout some FrameViewer
  ) throws -> SessionFrame {
    let step = try clock.advance(to: time)
    let isCut = scene.isCut(image) && !isPlain
    if step == .gap || isCut { loseEverybody() }
    if step != .next || isCut { budget.startAnew(at: time) }
    forget(at: time)

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
    for index in tracks.indices where tracks[index].isSeen { tracks[index].lose() }
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
      if let sight = try look(at: region, with: &viewer) { sights.append(sight) }
    }
    if isPlain {
      return zip(followed, sights).map { see($0.1, as: $0.0, at: time, in: viewer.size) }
        + lose(followed.dropFirst(sights.count), at: time)
    }
    return assign(sights, to: followed, at: time, in: viewer.size)
  }

  private func look(
    at region: RegionOfInterest, with viewer: inout some FrameViewer
  ) throws -> Sight? {
    let minPresence =
      options.search == .quick ? options.minTrackingConfidence : Self.minTrackedPresence
    guard let estimate = try viewer.estimate(region, score: 1), estimate.presence > minPresence
    else { return nil }
    return Sight(estimate: estimate, colors: isPlain ? nil : viewer.colors(of: estimate.landmarks))
  }

  private mutating func lose(_ lost: some Sequence<Int>, at time: Double) -> [TrackedPerson] {
    for index in lost {
      tracks[index].lose()
      budget.alarm(at: time)
    }
    return []
  }

  /// Gives each track its body. Two regions can show one and the same: the one who moved as he should have keeps it.
  private mutating func assign(
    _ sights: [Sight], to followed: [Int], at time: Double, in size: ImageSize
  ) -> [TrackedPerson] {
    let motions = followed.map { tracks[$0].motion }
    // Who fits a track best is first, so that of two views of one body that stays.
    let ranked = sights.map { sight in
      let body = BodyShape(sight.estimate.landmarks)
      let costs = motions.map { Association.cost(of: body, for: $0, at: time) }
      return (sight: sight, cost: costs.min() ?? .infinity)
    }.sorted { $0.cost < $1.cost }.map(\.sight)
    let distinct = Duplicates.removed(
      from: ranked, nearerThan: Duplicates.maxDistance, \.estimate)
    let matches = Association.matches(
      of: distinct.map { BodyShape($0.estimate.landmarks) }, to: motions, at: time)
    var people: [TrackedPerson] = []
    var lost = Set(followed)
    for (sight, match) in zip(distinct, matches) {
      guard let match else { continue }
      lost.remove(followed[match])
      people.append(see(sight, as: followed[match], at: time, in: size))
    }
    return people + lose(lost.sorted(), at: time)
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
    let lost = tracks.indices.filter { !tracks[$0].isSeen }
    var sights: [Sight] = []
    // The place of a loss first: who is there again need not be searched.
    for index in lost where !isPlain && time - tracks[index].motion.time < Self.retrySeconds {
      guard let sight = try look(at: tracks[index].region(at: time), with: &viewer),
        isNew(sight.estimate, besides: people, sights)
      else { continue }
      let cost = Association.cost(
        of: BodyShape(sight.estimate.landmarks), for: tracks[index].motion, at: time)
      if cost.isFinite { sights.append(sight) }
    }
    if tracks.allSatisfy({ !$0.isSeen }) { budget.alarm(at: time) }
    sights += try search(besides: people, sights, at: time, with: &viewer)
    return admit(sights, besides: people.count, at: time, in: viewer.size)
  }

  /// Gives ids back to those who are lost, and begins tracks of the others.
  private mutating func admit(
    _ sights: [Sight], besides count: Int, at time: Double, in size: ImageSize
  ) -> [TrackedPerson] {
    let lost = tracks.indices.filter { !tracks[$0].isSeen }
    let matches = Association.matches(
      of: sights.map { BodyShape($0.estimate.landmarks) }, to: lost.map { tracks[$0].motion },
      at: time)
    var people: [TrackedPerson] = []
    for (sight, match) in zip(sights, matches) where isRoom(count + people.count) {
      if let match {
        people.append(see(sight, as: lost[match], at: time, in: size))
      } else if sight.score != nil, target == nil {
        tracks.append(
          Track(nextKey, sight.estimate, colors: sight.colors, at: time, sure: isPlain))
        nextKey += 1
        people.append(see(sight, as: tracks.count - 1, at: time, in: size))
      }
    }
    return people
  }

  /// Looks for people as far as the budget goes.
  private mutating func search(
    besides people: [TrackedPerson], _ known: [Sight], at time: Double,
    with viewer: inout some FrameViewer
  ) throws -> [Sight] {
    if isPlain || !viewer.hasScouts {
      guard isPlain || budget.look(at: time) != nil else { return [] }
      budget.spend(1)
      return try detect(besides: people, known, with: &viewer)
    }
    guard let look = budget.look(at: time) else { return [] }
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
        for box in boxes.prefix(2) {
          passes += 1
          if let body = try viewer.body(in: box) { proposals.append(body) }
        }
      }
    }
    budget.spend(passes)
    var sights: [Sight] = []
    for proposal in Scouting.merged(proposals) {
      guard let region = proposal.body.region, area.contains(region),
        !people.contains(where: { proposal.body.agreement(with: $0.raw) > Self.explained }),
        !known.contains(where: { proposal.body.agreement(with: $0.estimate) > Self.explained }),
        let estimate = try viewer.estimate(region, score: proposal.body.score)
      else { continue }
      let finding = Finding(
        estimate,
        evidence: Witnesses(estimate: estimate, scouted: proposal).evidence(in: viewer.size),
        even: ScoutedSearch.evenEvidence, slope: ScoutedSearch.slope)
      guard finding.confidence >= Self.minNewConfidence,
        isNew(estimate, besides: people, known + sights)
      else { continue }
      sights.append(
        Sight(
          estimate: estimate, colors: viewer.colors(of: estimate.landmarks),
          score: proposal.body.score))
    }
    if !sights.isEmpty { budget.alarm(at: time) }
    return sights
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
    !(people.map(\.raw) + sights.map(\.estimate)).contains { Duplicates.areOne($0, estimate) }
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
