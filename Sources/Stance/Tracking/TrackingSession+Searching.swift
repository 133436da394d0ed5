import Images

/// Who is new, or back.
extension TrackingSession {
  mutating func find(
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
          .prefix(Self.maxBoxes)
        passes += boxes.count
        proposals += try boxes.compactMap { try viewer.body(in: $0) }
      }
    }
    budget.owe(passes - 1)
    let sights = try judged(proposals, besides: people, known, with: &viewer)
    if !sights.isEmpty { budget.alarm() }
    return sights
  }

  /// The landmark model's looks at those whom scouts saw and nobody in the frame explains.
  func judged(
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
  func judged(
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
