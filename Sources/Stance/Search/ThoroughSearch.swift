import Glibc
import Images

/// Finds everybody by many looks, and lets the looks judge each other.
///
/// A person is seen by several tiles, scales and turns, and the looks converge on the same joints; a false find
/// stands alone. Constants were chosen on the open annotated photos (docs/accuracy.md).
struct ThoroughSearch {
  /// The detector's score from which a candidate is looked at: candidates are cheap, the judge comes later.
  static let minScore: Float = 0.4
  /// The pose flag from which a look counts.
  static let minPresence: Float = 0.1
  /// Looks nearer than this, in body sizes, have landed on the same body.
  static let agreement: Float = 0.08
  /// How much one more look that agrees takes off the doubt.
  static let doubt: Float = 0.5
  /// People less sure than this are not returned.
  static let minConfidence: Float = 0.15
  /// Two findings nearer than this, in body sizes, are one person.
  static let samePerson: Float = 0.2

  /// A person that was found, and how sure it is.
  struct Finding {
    var estimate: PoseEstimate
    var confidence: Float
  }

  /// A look at a body: the second pass, and how far the first was from it.
  fileprivate struct Look {
    var estimate: PoseEstimate
    var shift: Float
    var detections: Int
  }

  /// A region that the detector proposed, and from how many views.
  struct Candidate {
    var region: RegionOfInterest
    var score: Float
    var detections: Int
  }

  let detector: PoseDetector
  let estimator: LandmarkEstimator
  let image: Image
  /// Pixels of ``image`` in one pixel of the original.
  let scale: (x: Float, y: Float)

  /// Everybody among the candidates, surest first, in pixels of the original.
  func findings(among candidates: [Candidate], in size: ImageSize) throws -> [Finding] {
    let looks = try candidates.compactMap(look)
    let findings = try bodies(looks).compactMap { body, agreeing in
      try judge(body, agreeing: agreeing, in: size)
    }.filter { $0.confidence >= Self.minConfidence }.sorted { $0.confidence > $1.confidence }
    return Duplicates.removed(from: findings, nearerThan: Self.samePerson, \.estimate)
  }

  /// Regions from every view; near-equal ones are looked at once and remembered as seen more often.
  func candidates(in size: ImageSize) throws -> [Candidate] {
    var candidates: [Candidate] = []
    for view in SearchViews.all(for: size) {
      for detection in try detector.detections(
        in: image, scale: scale, within: view, minScore: Self.minScore)
      {
        guard let region = RegionOfInterest(detection) else { continue }
        if let known = candidates.firstIndex(where: { $0.region.isNearly(region) }) {
          candidates[known].detections += 1
          candidates[known].score = max(candidates[known].score, detection.score)
        } else {
          candidates.append(Candidate(region: region, score: detection.score, detections: 1))
        }
      }
    }
    return candidates
  }

  /// Looks twice: the second time from where the first look's auxiliary landmarks point.
  private func look(at candidate: Candidate) throws -> Look? {
    guard
      let first = try estimator.estimate(
        in: image, scale: scale, region: candidate.region, score: candidate.score),
      first.presence >= Self.minPresence, let region = first.nextRegion,
      let second = try estimator.estimate(
        in: image, scale: scale, region: region, score: candidate.score),
      second.presence >= Self.minPresence
    else { return nil }
    return Look(
      estimate: second, shift: Duplicates.distance(first, second),
      detections: candidate.detections)
  }

  /// The best look at each body, with how many agree with it.
  private func bodies(_ looks: [Look]) -> [(Look, Int)] {
    var rest = looks.sorted { $0.quality > $1.quality }
    var bodies: [(Look, Int)] = []
    while let best = rest.first {
      let agreeing = rest.filter {
        Duplicates.distance($0.estimate, best.estimate) < Self.agreement
      }
      bodies.append((best, max(1, agreeing.reduce(0) { $0 + $1.detections })))
      rest.removeFirst()
      rest.removeAll { Duplicates.distance($0.estimate, best.estimate) < Self.agreement }
    }
    return bodies
  }

  /// A third look, in the mirror: what is a person there too, joint by joint, is one.
  private func judge(_ look: Look, agreeing: Int, in size: ImageSize) throws -> Finding? {
    let estimate = look.estimate
    guard
      let mirrored = try estimator.estimate(
        in: image, scale: scale, region: estimate.region, score: estimate.score, mirrored: true)
    else { return nil }
    let confidence =
      estimate.support(in: size) * estimate.presence * mirrored.presence
      * estimate.score.squareRoot()
      * exp(-8 * Duplicates.distance(estimate, mirrored) - 4 * look.shift)
      * (1 - pow(Self.doubt, Float(agreeing)))
    return Finding(estimate: estimate, confidence: confidence)
  }
}

extension ThoroughSearch.Look {
  fileprivate var quality: Float {
    estimate.presence * estimate.landmarks.reduce(0) { $0 + $1.support } * exp(-4 * shift)
  }
}

extension PoseEstimate {
  /// Where the auxiliary landmarks say that the body is.
  fileprivate var nextRegion: RegionOfInterest? {
    guard auxiliary.count == 2 else { return nil }
    return RegionOfInterest(
      hips: Point(x: auxiliary[0].x, y: auxiliary[0].y),
      rim: Point(x: auxiliary[1].x, y: auxiliary[1].y))
  }

  /// How much the heatmap supports the main joints, on average; joints outside the picture count as none.
  fileprivate func support(in size: ImageSize) -> Float {
    let joints = Duplicates.joints
    return joints.reduce(0) { sum, joint in
      let landmark = landmarks[joint]
      let inside =
        landmark.x >= 0 && landmark.y >= 0 && landmark.x < Float(size.width)
        && landmark.y < Float(size.height)
      return inside ? sum + landmark.support : sum
    } / Float(joints.count)
  }
}

extension RegionOfInterest {
  /// Whether the landmark model would see nearly the same crop.
  fileprivate func isNearly(_ other: RegionOfInterest) -> Bool {
    let (dx, dy) = (center.x - other.center.x, center.y - other.center.y)
    let smaller = min(side, other.side)
    let turn = abs(remainder(rotation - other.rotation, 2 * .pi))
    return (dx * dx + dy * dy).squareRoot() < 0.06 * smaller
      && max(side, other.side) < 1.1 * smaller && turn < 0.15
  }
}
