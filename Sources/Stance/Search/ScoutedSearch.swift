import Glibc
import Images

/// The search by scouts: they propose, the landmark model looks once at each, and that models of three kinds agree is the
/// evidence.
struct ScoutedSearch {
  /// The evidence at which a body is as likely a person as not, and how fast more of it takes the doubt away: a logistic
  /// fit (docs/accuracy.md).
  static let (evenEvidence, slope): (Float, Float) = (0.129, 5.4)
  /// People less sure than this are not returned.
  static let minConfidence: Float = 0.25
  /// A body of the quick look that agrees so well with a scouted one is the same.
  static let sameBody: Float = 0.5

  private let area: SearchArea
  private let estimator: LandmarkEstimator
  private var scouting: Scouting
  /// What is looked at.
  private(set) var photo: Photo
  private var witnesses: [Witnesses] = []
  /// Every box that a scout saw, whoever is in it.
  private var boxes: [ScoutedBox] = []

  init(of photo: Photo, in area: SearchArea, scouts: Scouts, estimator: LandmarkEstimator) {
    (self.photo, self.area, self.estimator) = (photo, area, estimator)
    scouting = Scouting(scouts, in: photo)
  }

  /// Where to look, and by which scouts.
  struct Views {
    /// Where MoveNet looks for bodies.
    var bodies: [RegionOfInterest]
    /// Where NanoDet looks for boxes.
    var boxes: [RegionOfInterest]
  }

  /// Looks at everybody whom the scouts see in some views.
  mutating func look(at views: Views, twice: Bool, _ timing: inout PoseTiming) throws {
    var people = try timed(&timing.detect) {
      Scouting.merged(
        try views.bodies.flatMap { try scouting.bodies(in: $0, isWhole: isWhole($0)) })
    }
    for view in views.boxes {
      let seen = try timed(&timing.detect) {
        try scouting.boxes(in: view, isWhole: isWhole(view))
      }
      self.boxes += seen
      let boxes = Scouting.unknown(seen, to: &people)
      try refine(for: boxes.map(\.surroundings), &timing)
      people += try timed(&timing.detect) { try boxes.compactMap { try scouting.body(in: $0) } }
    }
    try look(at: people, twice: twice, &timing)
  }

  /// Looks lying and upside down at each box that no person explains.
  mutating func lookTurned(_ timing: inout PoseTiming) throws {
    let explained = findings.filter { $0.confidence >= 0.5 }
    let unexplained = boxes.filter { box in
      box.score >= Tune.f("tbox", 0.4) && !explained.contains { $0.explains(box.box) }
    }
    let people = try timed(&timing.detect) {
      try unexplained.prefix(Int(Tune.f("tmax", 8))).flatMap { box in
        try SearchViews.turned.compactMap { try scouting.body(in: box, turned: $0) }
      }
    }
    try look(at: people, twice: false, &timing)
  }

  private mutating func look(at people: [Scouted], twice: Bool, _ timing: inout PoseTiming) throws
  {
    let proposals = Scouting.merged(people).compactMap { person in
      person.body.region.map { (person: person, region: $0) }
    }.filter { area.contains($0.region) }
    try refine(for: proposals.map(\.region), &timing)
    try timed(&timing.landmarks) {
      for (person, region) in proposals {
        if let estimate = try estimate(region, of: person, twice: twice) {
          witnesses.append(Witnesses(estimate: estimate, scouted: person))
        }
      }
    }
  }

  /// Asks a scout about bodies that no other scout has seen.
  mutating func hear(about estimates: [PoseEstimate], _ timing: inout PoseTiming) throws {
    let known = witnesses
    for estimate in estimates
    where !known.contains(where: { $0.scouted.body.agreement(with: estimate) > Self.sameBody }) {
      if let opinion = try timed(&timing.detect, { try scouting.opinion(of: estimate) }) {
        witnesses.append(Witnesses(estimate: estimate, scouted: opinion))
      }
    }
  }

  /// Everybody so far, surest first, in pixels of the original.
  var findings: [Finding] {
    let all = witnesses.map { witness in
      Finding(
        JointFusion.fused(witness.estimate, with: witness.scouted.body),
        evidence: witness.evidence(in: photo.size), even: Tune.f("even", Self.evenEvidence), slope: Tune.f("slope", Self.slope))
    }
    let sure = all.filter { $0.confidence >= Tune.f("minc", Self.minConfidence) }
      .sorted { $0.confidence > $1.confidence }
    return Duplicates.removed(from: sure, nearerThan: Survey.samePerson, \.estimate)
  }

  /// The quarter turns in which people are still to be looked for: those of people who were found turned, and every
  /// one when nobody was found beyond doubt. Whoever turned a picture turned everybody in it.
  var directions: [Float] {
    let sure = findings.filter { $0.confidence >= Tune.f("conv", 0.9) }
    guard !sure.isEmpty else { return SearchViews.turned }
    return SearchViews.turned.filter { direction in
      sure.contains {
        abs(remainder($0.estimate.region.rotation - direction, 2 * .pi)) < Tune.f("dir", 0.6)
      }
    }
  }

  private func estimate(
    _ region: RegionOfInterest, of person: Scouted, twice: Bool
  ) throws -> PoseEstimate? {
    func look(_ region: RegionOfInterest) throws -> PoseEstimate? {
      try estimator.estimate(
        in: photo.image, scale: photo.scale, region: region, score: person.body.score)
    }
    guard let first = try look(region) else { return nil }
    let weak = Witnesses(estimate: first, scouted: person).evidence(in: photo.size) < Tune.f("weak", 0.3)
    guard twice || weak, let next = first.nextRegion, let second = try look(next) else { return first }
    return person.body.agreement(with: second) >= person.body.agreement(with: first) - 0.02
      ? second : first
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

extension Finding {
  /// Whether a box is round this person.
  fileprivate func explains(_ box: PixelBox) -> Bool {
    let mine = PixelBox(round: estimate.landmarks)
    return mine.overlap(with: box) > 0.3
      || mine.sharedArea(with: box) > 0.6 * min(mine.area, box.area)
  }
}
