import Glibc
import Images

/// The search by scouts: they propose, the landmark model looks once at each, and that models of three kinds agree is the
/// evidence.
struct ScoutedSearch {
  /// The evidence at which a body is as likely a person as not, and how fast more of it takes the doubt away: a logistic
  /// fit (docs/accuracy.md).
  static let (evenEvidence, slope): (Float, Float) = (0.1, 3.7)
  /// People less sure than this are not returned.
  static let minConfidence: Float = 0.15
  /// The same of people whom only a turned view shows, where nobody sure shows that the picture is turned: most pictures
  /// are upright.
  static let minTurnedConfidence: Float = 0.3
  /// A body of the quick look that agrees so well with a scouted one is the same.
  static let sameBody: Float = 0.5
  /// With evidence in this range more looks may show more. Below it they never did on the open photos.
  static let weakEvidence: Range<Float> = 0.02..<0.2
  /// Who is this sure tells how the picture is turned.
  static let minTellingConfidence: Float = 0.9
  /// Where somebody is this sure, boxes are not looked at turned: on the open photos that found nobody more.
  static let minFoundConfidence: Float = 0.5
  /// A body turned by less than this from a quarter turn, in radians, is turned by it.
  static let sameTurn: Float = 0.6
  /// From this score on a box that is round none of the bodies is looked at: each costs MoveNet a pass. Below it nobody of
  /// the open photos was found.
  static let minUnknownScore: Float = 0.4
  /// From this score on a box counts that was seen in a turned view, and one in which nobody was found upright is looked at
  /// lying and upside down.
  static let minTurnedScore: Float = 0.45
  /// At most so many boxes are looked at lying and upside down, the best.
  static let maxTurned = 2

  private let area: SearchArea
  private let estimator: LandmarkEstimator
  /// Whether weak evidence is looked at in the mirror too.
  private let looksInMirror: Bool
  private var scouting: Scouting
  /// What is looked at.
  private(set) var photo: Photo
  private var witnesses: [Witnesses] = []
  /// Every box that a scout saw, whoever is in it.
  private var boxes: [ScoutedBox] = []

  /// - Parameter looksInMirror: whether weak evidence is looked at in the mirror too. On the open photos the mean of both
  ///   places heavy's joints better and full's worse; lite's were not compared.
  init(
    of photo: Photo, in area: SearchArea, scouts: Scouts, estimator: LandmarkEstimator,
    looksInMirror: Bool
  ) {
    (self.photo, self.area, self.estimator) = (photo, area, estimator)
    self.looksInMirror = looksInMirror
    scouting = Scouting(scouts, in: photo)
  }

  /// Looks at everybody whom the scouts see in some views.
  mutating func look(
    at views: [RegionOfInterest], twice: Bool, _ timing: inout PoseTiming
  ) throws {
    var (people, seen): ([Scouted], [ScoutedBox]) = ([], [])
    try timed(&timing.detect) {
      for view in views {
        let isWhole = isWhole(view)
        let boxes = try scouting.boxes(in: view, isWhole: isWhole)
          .filter { view.rotation == 0 || $0.score >= Self.minTurnedScore }
        seen += boxes
        // NanoDet costs a third of MoveNet, and hardly misses who is seen in a tile.
        if isWhole || !boxes.isEmpty || !scouting.seesBoxes {
          people += try scouting.bodies(in: view, isWhole: isWhole)
        }
      }
      people = Scouting.merged(people)
    }
    boxes += seen
    let unknown = NanoDet.suppressed(
      Scouting.unknown(seen, to: &people).filter { $0.score >= Self.minUnknownScore })
    try refine(for: unknown.map(\.surroundings), &timing)
    people += try timed(&timing.detect) { try unknown.compactMap { try scouting.body(in: $0) } }
    let known = witnesses.count
    try look(at: people, twice: twice, &timing)
    guard views.contains(where: { $0.rotation != 0 }) else { return }
    for index in known..<witnesses.count { witnesses[index].isOfTurnedView = true }
  }

  /// Looks lying and upside down at the boxes that were seen, where nobody is in them upright.
  mutating func lookTurned(_ timing: inout PoseTiming) throws {
    if findings.contains(where: { $0.confidence >= Self.minFoundConfidence }) { return }
    // Several views show the same box; here each is once, the best first.
    let empty = NanoDet.suppressed(boxes).filter { $0.score >= Self.minTurnedScore }
    let people = try timed(&timing.detect) {
      try empty.prefix(Self.maxTurned).flatMap { box in
        try SearchViews.turned.compactMap { try scouting.body(in: box, turned: $0) }
      }
    }
    try look(at: people, twice: false, &timing)
  }

  private mutating func look(at people: [Scouted], twice: Bool, _ timing: inout PoseTiming) throws {
    let promising = people.filter { $0.promise >= Scouting.minPromise }
    let proposals = Scouting.merged(promising).compactMap { person in
      person.body.region.map { (person: person, region: $0) }
    }.filter { area.contains($0.region) }
    try refine(for: proposals.map(\.region), &timing)
    try timed(&timing.landmarks) {
      for (person, region) in proposals {
        if let seen = try look(at: person, in: region, twice: twice) { witnesses.append(seen) }
      }
    }
  }

  /// Asks a scout about bodies of the first look that no scout has seen; the others take the detector's score.
  mutating func hear(about estimates: [PoseEstimate], _ timing: inout PoseTiming) throws {
    let known = witnesses.indices
    for estimate in estimates {
      let same = known.filter {
        witnesses[$0].scouted.body.agreement(with: estimate) > Self.sameBody
      }
      for index in same { witnesses[index].estimate.score = estimate.score }
      guard same.isEmpty,
        let opinion = try timed(&timing.detect, { try scouting.opinion(of: estimate) })
      else { continue }
      witnesses.append(Witnesses(estimate: estimate, scouted: opinion))
    }
  }

  /// Everybody so far, surest first, in pixels of the original.
  var findings: [Finding] {
    let all = witnesses.map { witness in
      (
        isOfTurnedView: witness.isOfTurnedView,
        finding: Finding(
          JointFusion.fused(witness.estimate, with: witness.scouted.body),
          evidence: witness.evidence(in: photo.size), even: Self.evenEvidence, slope: Self.slope)
      )
    }
    let isTurned = all.contains {
      $0.isOfTurnedView && $0.finding.confidence >= Self.minTellingConfidence
    }
    let sure = all.filter { isOfTurnedView, finding in
      finding.confidence
        >= (isOfTurnedView && !isTurned ? Self.minTurnedConfidence : Self.minConfidence)
    }.map(\.finding).sorted { $0.confidence > $1.confidence }
    return Duplicates.removed(from: sure, nearerThan: Survey.samePerson, \.estimate)
  }

  /// The quarter turns in which people are still to be looked for: those of people who were found turned, and every
  /// one when nobody was found beyond doubt. Whoever turned a picture turned everybody in it.
  var directions: [Float] {
    let sure = findings.filter { $0.confidence >= Self.minTellingConfidence }
    guard !sure.isEmpty else { return SearchViews.turned }
    return SearchViews.turned.filter { direction in
      sure.contains {
        abs(remainder($0.estimate.region.rotation - direction, 2 * .pi)) < Self.sameTurn
      }
    }
  }

  /// One look; a second one where that is wanted or the evidence is weak, and then what more there is to learn.
  private mutating func look(
    at person: Scouted, in region: RegionOfInterest, twice: Bool
  ) throws -> Witnesses? {
    func look(_ region: RegionOfInterest, mirrored: Bool = false) throws -> PoseEstimate? {
      try estimator.estimate(
        in: photo.image, scale: photo.scale, region: region, score: person.body.score,
        mirrored: mirrored)
    }
    guard let first = try look(region) else { return nil }
    var seen = Witnesses(estimate: first, scouted: person)
    let isWeak = Self.weakEvidence.contains(seen.evidence(in: photo.size))
    guard twice || isWeak else { return seen }
    if let next = first.nextRegion, let second = try look(next) { seen.prefer(second) }
    if isWeak, looksInMirror, let mirrored = try look(region, mirrored: true) {
      seen.estimate = seen.estimate.averaged(with: mirrored)
    }
    if isWeak, seen.evidence(in: photo.size) < Self.evenEvidence,
      let close = try scouting.opinion(of: seen.estimate)
    {
      seen.prefer(close.body, in: photo.size)
    }
    return seen
  }

  private mutating func refine(
    for regions: [RegionOfInterest], _ timing: inout PoseTiming
  ) throws {
    let before = photo.image.size
    try timed(&timing.decode) { try photo.refine(for: regions) }
    if photo.image.size != before { scouting.use(photo) }
  }

  /// Whether a view holds everything that is looked for.
  private func isWhole(_ view: RegionOfInterest) -> Bool {
    area.parts.contains { max($0.width, $0.height) <= view.side }
  }
}
