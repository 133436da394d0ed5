import Glibc
import Images

/// What a first look has shown, which needs no second pass of the models.
struct Seen {
  /// What the detector proposed in each view, from ``Survey/minScore`` or less on.
  var sightings: [(view: RegionOfInterest, sighting: Sighting)] = []
  /// What the landmark model said of each candidate.
  var estimates: [PoseEstimate] = []
  /// The size of the copy of the picture that it saw.
  var size: ImageSize?

  /// What it would say again of the same region of the same pixels.
  func estimate(of region: RegionOfInterest, in image: Image) -> PoseEstimate? {
    image.size == size ? estimates.first { $0.region == region } : nil
  }
}

/// What many looks at one picture have shown, and their judgement of each other.
///
/// A person is seen by several tiles, scales and turns, and the looks converge on the same joints; a false find
/// stands alone. Constants were chosen on the open annotated photos (docs/accuracy.md).
struct Survey {
  /// The detector's score from which a candidate is looked at: candidates are cheap, the judge comes later.
  static let minScore: Float = 0.4
  /// The pose flag from which a look counts.
  static let minPresence: Float = 0.1
  /// Looks nearer than this, in body sizes, have landed on the same body.
  static let agreement: Float = 0.08
  /// At most so many candidates of a round are looked at, the best: a picture of hundreds ends some time.
  static let maxProposals = 150
  /// A body that so many candidates led to is known: more of them are counted, not looked at.
  static let enoughAgreeing = 6
  /// How much one more look that agrees takes off the doubt.
  static let doubt: Float = 0.5
  /// How fast doubt grows with the distance of the second look from the first, in body sizes.
  static let shiftDoubt: Float = 8
  /// The same of the look in the mirror.
  static let mirrorDoubt: Float = 16
  /// The evidence of many looks at which they show as likely a person as not.
  static let evenEvidence: Float = 0.125
  /// How much a body's turn from upright takes off at most, on its head.
  static let turnDoubt: Float = 0.4
  /// People less sure than this are not returned.
  static let minConfidence: Float = 0.25
  /// Two findings nearer than this, in body sizes, are one person.
  static let samePerson: Float = 0.2

  private let detector: PoseDetector
  private let estimator: LandmarkEstimator
  private let seen: Seen
  /// What is looked at.
  var photo: Photo
  private var bodies: [Body] = []
  private var lookedAt: [(region: RegionOfInterest, body: Int?)] = []

  /// A body, and what led to it.
  fileprivate struct Body {
    /// The best look.
    var look: Look
    /// The regions that candidates gave.
    var regions: [RegionOfInterest]
    /// The best candidate's score.
    var score: Float
    /// How many candidates led here.
    var agreeing: Int
    /// The best look once more, in the mirror.
    var mirrored: PoseEstimate?
  }

  /// A second look, from where the first one's auxiliary landmarks point, and how far the first was from it.
  fileprivate struct Look {
    var estimate: PoseEstimate
    var shift: Float

    /// Ranks looks at one body. The shift weighs less than in the evidence: half as much chose better looks on the
    /// open photos.
    var quality: Float {
      estimate.presence * estimate.landmarks.reduce(0) { $0 + $1.support }
        * exp(-Survey.shiftDoubt / 2 * shift)
    }
  }

  /// Nearly the same region, proposed by one view or several.
  struct Proposal {
    fileprivate var candidate: Candidate
    fileprivate var views: Int

    /// Where to look, in pixels of the original.
    var region: RegionOfInterest { candidate.region }
  }

  init(
    of photo: Photo, after seen: Seen = Seen(), detector: PoseDetector,
    estimator: LandmarkEstimator
  ) {
    (self.photo, self.seen, self.detector, self.estimator) = (photo, seen, detector, estimator)
  }

  /// The wanted among the bodies that the detector proposes in some views, best first.
  func proposals(
    in views: [RegionOfInterest], where isWanted: (RegionOfInterest) -> Bool
  ) throws -> [Proposal] {
    var proposals: [Proposal] = []
    for view in views {
      let sighting =
        try seen.sightings.first { $0.view == view }?.sighting
        ?? detector.look(
          at: photo.image, scale: photo.scale, within: view, minScore: Self.minScore)
      for candidate in sighting.candidates(minScore: Self.minScore)
      where isWanted(candidate.region) {
        if let known = proposals.firstIndex(where: {
          $0.region.isNearly(candidate.region)
        }) {
          proposals[known].views += 1
          proposals[known].candidate.score = max(
            proposals[known].candidate.score, candidate.score)
        } else {
          proposals.append(Proposal(candidate: candidate, views: 1))
        }
      }
    }
    return Array(
      proposals.sorted { $0.candidate.score > $1.candidate.score }.prefix(Self.maxProposals))
  }

  /// Looks at every proposal that is not of a body already known well.
  mutating func look(at proposals: [Proposal]) throws {
    for proposal in proposals {
      let region = proposal.region
      if let known = lookedAt.first(where: { $0.region.isNearly(region) }) {
        if let body = known.body { count(proposal, for: body) }
      } else if let body = bodies.firstIndex(where: { $0.isKnownWell(at: region) }) {
        count(proposal, for: body)
      } else {
        lookedAt.append((region, try lookTwice(at: proposal)))
      }
    }
  }

  /// Everybody wanted so far, surest first, in pixels of the original.
  mutating func findings(where isWanted: (RegionOfInterest) -> Bool) throws -> [Finding] {
    var findings: [Finding] = []
    for index in bodies.indices where isWanted(bodies[index].look.estimate.region) {
      if let finding = try finding(&bodies[index]), finding.confidence >= Self.minConfidence {
        findings.append(finding)
      }
    }
    findings.sort { $0.confidence > $1.confidence }
    return Duplicates.removed(from: findings, nearerThan: Self.samePerson, \.estimate)
  }

  private mutating func count(_ proposal: Proposal, for body: Int) {
    bodies[body].agreeing += proposal.views
    bodies[body].score = max(bodies[body].score, proposal.candidate.score)
  }

  /// - Returns: the index of the body that was seen, nil if none was.
  private mutating func lookTwice(at proposal: Proposal) throws -> Int? {
    let (region, score) = (proposal.region, proposal.candidate.score)
    guard
      let first = try seen.estimate(of: region, in: photo.image)
        ?? estimate(region, score: score), first.presence >= Self.minPresence,
      let next = first.nextRegion,
      let second = try estimate(next, score: score), second.presence >= Self.minPresence
    else { return nil }
    let look = Look(estimate: second, shift: Duplicates.distance(first, second))
    guard let body = nearestBody(to: second) else {
      bodies.append(
        Body(look: look, regions: [region], score: score, agreeing: proposal.views))
      return bodies.count - 1
    }
    count(proposal, for: body)
    bodies[body].regions.append(region)
    if look.quality > bodies[body].look.quality {
      bodies[body].look = look
      bodies[body].mirrored = nil
    }
    return body
  }

  private func nearestBody(to estimate: PoseEstimate) -> Int? {
    bodies.indices
      .map { (index: $0, distance: Duplicates.distance(bodies[$0].look.estimate, estimate)) }
      .filter { $0.distance < Self.agreement }
      .min { $0.distance < $1.distance }?.index
  }

  private func estimate(
    _ region: RegionOfInterest, score: Float, mirrored: Bool = false
  ) throws -> PoseEstimate? {
    try estimator.estimate(
      in: photo.image, scale: photo.scale, region: region, score: score, mirrored: mirrored)
  }

  /// What is a person in the mirror too, joint by joint, is one; and the truth lies between the two. Most people stand:
  /// on the open photos nearly everybody upside down was none.
  private func finding(_ body: inout Body) throws -> Finding? {
    var estimate = body.look.estimate
    estimate.score = body.score
    let evidence =
      estimate.evidence(in: photo.size) * exp(-Self.shiftDoubt * body.look.shift)
      * (1 - pow(Self.doubt, Float(body.agreeing)))
      * (1 - Self.turnDoubt * (1 - cos(estimate.region.rotation)) / 2)
    // The mirror can only take away.
    guard
      Finding(estimate, evidence: evidence, even: Self.evenEvidence).confidence
        >= Self.minConfidence
    else { return nil }
    // From where the second look points: a third look at once.
    guard
      let mirrored = try body.mirrored
        ?? self.estimate(estimate.nextRegion ?? estimate.region, score: 1, mirrored: true)
    else { return nil }
    body.mirrored = mirrored
    return Finding(
      estimate.averaged(with: mirrored),
      evidence: evidence * mirrored.presence
        * exp(-Self.mirrorDoubt * Duplicates.distance(estimate, mirrored)), even: Self.evenEvidence)
  }
}

extension Survey.Body {
  /// Whether looking from there would show the same once more.
  fileprivate func isKnownWell(at region: RegionOfInterest) -> Bool {
    agreeing >= Survey.enoughAgreeing
      && regions.contains { $0.isOfSameBody(as: region) }
  }
}

extension PoseEstimate {
  /// The same with positions between these and another look's. Averaging with the mirror image's is common since
  /// stacked hourglass networks (Newell and others, 2016, arXiv:1603.06937, section 3.2).
  func averaged(with other: PoseEstimate) -> PoseEstimate {
    var mean = self
    mean.landmarks = landmarks.averaged(with: other.landmarks)
    mean.worldLandmarks = worldLandmarks.averaged(with: other.worldLandmarks)
    return mean
  }

  /// Where the auxiliary landmarks say that the body is.
  var nextRegion: RegionOfInterest? {
    guard auxiliary.count == 2 else { return nil }
    return RegionOfInterest(
      hips: Point(x: auxiliary[0].x, y: auxiliary[0].y),
      rim: Point(x: auxiliary[1].x, y: auxiliary[1].y))
  }
}

extension RegionOfInterest {
  /// Whether the landmark model would see nearly the same crop.
  fileprivate func isNearly(_ other: RegionOfInterest) -> Bool {
    isNear(other, within: 0.06, scale: 1.1, turn: 0.15)
  }
}

extension Landmarks {
  /// Positions between these and another look's; visibility, presence and support stay.
  fileprivate func averaged(with other: Self) -> Self {
    Self(
      zip(self, other).map { landmark, other in
        var mean = landmark
        mean.x = (landmark.x + other.x) / 2
        mean.y = (landmark.y + other.y) / 2
        mean.z = (landmark.z + other.z) / 2
        return mean
      })
  }
}
