import Images

/// Who is known: everybody who is followed, in the next frame.
extension TrackingSession {
  /// Looks where everybody should be who was in the last frame, or not long before.
  mutating func follow(
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
      lose(followed.dropFirst(sights.count))
      return zip(followed, sights).map { see($0.1, as: $0.0, at: time, in: viewer.size) }
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
  func look(
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

  private mutating func lose(_ lost: some Sequence<Int>) {
    for index in lost {
      inherited = tracks[index].lose()
      budget.alarm()
    }
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
    lose(lost.sorted())
    return people
  }

  /// What it costs to take a sight for a track's: distance, and how different they look.
  func cost(of sight: Sight, for track: Track, at time: Double) -> Float {
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
  func matches(of sights: [Sight], to indices: [Int], at time: Double) -> [Int?] {
    Assignment.cheapest(
      sights.map { sight in indices.map { cost(of: sight, for: tracks[$0], at: time) } })
  }

  mutating func see(
    _ sight: Sight, as index: Int, at time: Double, in size: ImageSize
  ) -> TrackedPerson {
    var raw = sight.estimate
    let mask = Mask(raw, size: size)
    // A quarter of a megabyte that nobody needs any more.
    raw.segmentation = []
    let smoothed = tracks[index].see(raw, colors: sight.colors, at: time, tracking.firstSmoothing)
    return TrackedPerson(
      key: tracks[index].key, estimate: smoothed, raw: raw, colors: sight.colors,
      score: sight.score,
      mask: mask.map { tracks[index].filter($0) })
  }
}
