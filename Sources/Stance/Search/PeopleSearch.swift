import Images

/// Everybody that was found in one photo.
struct Found {
  /// Best first, at most as many as were asked for.
  var findings: [Finding]
  /// How many there are in all; after one look those beyond the wanted number are candidates, not judged.
  var count: Int
}

/// The search for people in one photo, from its pixels to everybody found.
struct PeopleSearch {
  /// Without scouts: scales of the tiles that a thorough search looks at, upright and turned: the longer side divided
  /// by these.
  static let scales: [Float] = [1, 1.5, 2, 3]
  /// The turned among them that an automatic search looks at, beside all upright ones: most of what thorough finds, in
  /// a third of the time.
  static let autoTurnedScales: [Float] = [1]
  /// Those that it goes on with when that showed nobody.
  static let autoMoreTurnedScales: [Float] = [1.5]
  /// Scales of the tiles that scouts look at in a thorough search, beside the whole picture.
  static let partScales: [Float] = [2]
  /// Scales at which many looks see a region with its surroundings.
  static let surroundings: [Float] = [0.6, 0.8]
  /// The evidence of one look at which it shows as likely a person as not.
  static let evenEvidence: Float = 0.2
  /// From this confidence on a person whom one look found is sure.
  static let minSureConfidence: Float = 0.994
  /// From this part of the picture's longer side on a body is large.
  static let minLargeSize: Float = 1 / 3
  /// From this score on a detection is a hint that somebody else may be there.
  static let minHintScore: Float = 0.3

  private let options: PoseOptions
  private let detector: PoseDetector
  private let estimator: LandmarkEstimator
  private let engine: Engine
  private let area: SearchArea
  /// The photo, as far as it was decoded.
  private(set) var photo: Photo

  /// - Throws: `PoseError` with `.badOption` when a region has less than a pixel of the photo.
  init(in photo: Photo, options: PoseOptions, with engine: Engine) throws {
    var options = options
    if options.search != .quick {
      // They belong to the quick search; the judgement of many looks must not depend on them.
      (options.minDetectionConfidence, options.minTrackingConfidence) = (0.5, 0.5)
    }
    (self.photo, self.options, self.engine) = (photo, options, engine)
    detector = try engine.detector()
    estimator = try engine.estimator(options)
    area = try SearchArea(options.regions, in: photo.size)
  }

  /// Everybody, by the search that the options name; what it takes is added to `timing`.
  mutating func run(_ timing: inout PoseTiming) throws -> Found {
    switch options.search {
    case .quick:
      return try lookOnce(&timing).found
    case .auto:
      let look = try lookOnce(&timing)
      if look.isEnough { return look.found }
      if let scouts = try engine.scouts() {
        return try scout(scouts, .briefly, after: look, &timing)
      }
      return try survey(
        [
          views(Self.scales) + views(Self.autoTurnedScales, SearchViews.turned),
          views(Self.autoMoreTurnedScales, SearchViews.turned),
        ], after: look.seen, &timing)
    case .thorough:
      if let scouts = try engine.scouts() {
        return try scout(scouts, .thoroughly, after: try lookOnce(&timing), &timing)
      }
      return try survey([views(Self.scales, [0] + SearchViews.turned)], after: Seen(), &timing)
    }
  }

  // MARK: One look

  /// What one look at the whole picture, or at each region, found.
  private struct OneLook {
    var found: Found
    /// Whether it shows one large, sure person and no hint of others.
    var isEnough: Bool
    var seen: Seen
  }

  private mutating func lookOnce(_ timing: inout PoseTiming) throws -> OneLook {
    let views = tiles([1])
    let sightings = try timed(&timing.detect) {
      let minScore = min(Self.minHintScore, options.minDetectionConfidence)
      return area.isEverywhere
        ? [try detector.look(at: photo.image, scale: photo.scale, minScore: minScore)]
        : try views.map {
          try detector.look(
            at: photo.image, scale: photo.scale, within: $0, minScore: minScore)
        }
    }
    func candidates(_ minScore: Float) -> [Candidate] {
      let candidates = sightings.flatMap { $0.candidates(minScore: minScore) }
        .filter { area.contains($0.region) }
      guard sightings.count > 1 else { return candidates }
      // Regions may overlap: whom two of them show is one candidate.
      return candidates.sorted { $0.score > $1.score }.reduce(into: []) { kept, candidate in
        if !kept.contains(where: { $0.region.isOfSameBody(as: candidate.region) }) {
          kept.append(candidate)
        }
      }
    }
    let all = candidates(options.minDetectionConfidence)
    let chosen = all.prefix(options.maxPeople)
    try timed(&timing.decode) { try photo.refine(for: chosen.map(\.region)) }
    let estimates = try timed(&timing.landmarks) {
      try chosen.compactMap {
        try estimator.estimate(
          in: photo.image, scale: photo.scale, region: $0.region, score: $0.score)
      }
    }
    let present = estimates.filter { $0.presence > options.minTrackingConfidence }
    let findings = Duplicates.removed(from: present).map {
      Finding(byOneLook: $0, in: photo.size)
    }
    let isAlone = options.maxPeople == 1 || candidates(Self.minHintScore).count == 1
    return OneLook(
      found: Found(findings: findings, count: findings.count + all.count - chosen.count),
      isEnough: isAlone && findings.first.map(isLargeAndSure) ?? false,
      seen: Seen(
        sightings: Array(zip(views, sightings)), estimates: estimates, size: photo.image.size))
  }

  private func isLargeAndSure(_ finding: Finding) -> Bool {
    let longer = Float(max(photo.size.width, photo.size.height))
    return finding.confidence >= Self.minSureConfidence
      && finding.estimate.region.bodySize >= Self.minLargeSize * longer
  }

  // MARK: Scouts

  /// How much scouts look at.
  private enum Effort { case briefly, thoroughly }

  /// What scouts and landmark model find together; in a copy with more contrast where that is nobody and the photo has
  /// little.
  private mutating func scout(
    _ scouts: Scouts, _ effort: Effort, after look: OneLook, _ timing: inout PoseTiming
  ) throws -> Found {
    var search = try scouted(photo, scouts, effort, after: look.seen.estimates, &timing)
    photo = search.photo
    if search.findings.isEmpty, let stretched = timed(&timing.decode, { photo.stretched() }) {
      search = try scouted(stretched, scouts, effort, after: [], &timing)
    }
    let findings = search.findings
    // Whoever fills a region may be too large for a scout: the first look has to do.
    if findings.isEmpty, !area.isEverywhere { return look.found }
    return try returned(findings, in: search.photo, &timing)
  }

  private func scouted(
    _ photo: Photo, _ scouts: Scouts, _ effort: Effort, after estimates: [PoseEstimate],
    _ timing: inout PoseTiming
  ) throws -> ScoutedSearch {
    var search = ScoutedSearch(
      of: photo, in: area, scouts: scouts, estimator: try engine.estimator(unmasked),
      looksInMirror: options.complexity == .heavy)
    let whole = area.isEverywhere ? tiles([1]) : tiles(Self.surroundings)
    let parts = effort == .briefly ? [] : tiles(Self.partScales)
    try search.look(
      at: whole + parts, twice: effort == .thoroughly, &timing)
    try search.hear(about: estimates, &timing)
    try search.lookTurned(&timing)
    for direction in effort == .briefly ? search.directions : SearchViews.turned {
      try search.look(at: tiles([1], [direction]), twice: false, &timing)
    }
    return search
  }

  /// Masks cost half of a look: they are made of those who are returned.
  private var unmasked: PoseOptions {
    var options = options
    options.segmentation = false
    return options
  }

  private func returned(
    _ findings: [Finding], in photo: Photo, _ timing: inout PoseTiming
  ) throws -> Found {
    let returned = try timed(&timing.landmarks) {
      try findings.prefix(options.maxPeople).map { try masked($0, in: photo) }
    }
    return Found(findings: returned, count: findings.count)
  }

  // MARK: Many looks

  /// Looks at the views of one round after the other until somebody is found, and at last at a copy with more
  /// contrast where the photo has little.
  private mutating func survey(
    _ rounds: [[RegionOfInterest]], after seen: Seen, _ timing: inout PoseTiming
  ) throws -> Found {
    let looker = try engine.estimator(unmasked)
    var looks = Survey(of: photo, after: seen, detector: detector, estimator: looker)
    var findings: [Finding] = []
    for views in rounds where findings.isEmpty {
      findings = try look(at: views, in: &looks, &timing)
    }
    photo = looks.photo
    if findings.isEmpty, let views = rounds.first,
      let stretched = timed(&timing.decode, { photo.stretched() })
    {
      looks = Survey(of: stretched, detector: detector, estimator: looker)
      findings = try look(at: views, in: &looks, &timing)
    }
    // Few looks show who fills a region, too few to agree: one has to do.
    if findings.isEmpty, !area.isEverywhere { return try lookOnce(&timing).found }
    return try returned(findings, in: looks.photo, &timing)
  }

  private func masked(_ finding: Finding, in photo: Photo) throws -> Finding {
    guard options.segmentation else { return finding }
    let estimate = finding.estimate
    var masked = finding
    masked.estimate.segmentation =
      try estimator.estimate(
        in: photo.image, scale: photo.scale, region: estimate.region, score: estimate.score)?
      .segmentation ?? []
    return masked
  }

  private func look(
    at views: [RegionOfInterest], in survey: inout Survey, _ timing: inout PoseTiming
  ) throws -> [Finding] {
    try timed(&timing.decode) { try survey.photo.refine(for: views) }
    let proposals = try timed(&timing.detect) {
      try survey.proposals(in: views, where: area.contains)
    }
    try timed(&timing.decode) { try survey.photo.refine(for: proposals.map(\.region)) }
    return try timed(&timing.landmarks) {
      try survey.look(at: proposals)
      return try survey.findings(where: area.contains)
    }
  }

  /// What many looks look at: tiles, and each region with what is round it, for few tiles show who fills it.
  private func views(_ scales: [Float], _ rotations: [Float] = [0]) -> [RegionOfInterest] {
    tiles(area.isEverywhere ? scales : Self.surroundings + scales, rotations)
  }

  /// Tiles of the picture, or of each region.
  private func tiles(_ scales: [Float], _ rotations: [Float] = [0]) -> [RegionOfInterest] {
    area.parts.flatMap { SearchViews.tiles(of: $0, divisors: scales, rotations: rotations) }
  }
}

/// Adds the time that `body` takes to `time`.
func timed<Result>(_ time: inout Duration, _ body: () throws -> Result) rethrows -> Result {
  let start = ContinuousClock.now
  defer { time += ContinuousClock.now - start }
  return try body()
}
