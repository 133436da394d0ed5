import Glibc

extension ScoutedBody {
  /// How far each joint is placed apart by two people who mark it, relative to a body's size: COCO's constants
  /// (cocoeval.py, `kpt_oks_sigmas`), doubled as its formula has them.
  private static let spreads: [Float] = [
    0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107,
    0.087, 0.087, 0.089, 0.089,
  ].map { 2 * $0 }

  /// The scout's confidence in the body as a whole.
  var quality: Float { score * meanJoint }

  /// The joints' mean score.
  private var meanJoint: Float { joints.reduce(0) { $0 + $1.score } / Float(joints.count) }

  /// The mean score of the seven surest joints, a person's least: head and arms, or what else can be seen.
  var surest: Float {
    joints.map(\.score).sorted(by: >).prefix(7).reduce(0, +) / 7
  }

  /// Object keypoint similarity of two scouted bodies, 0...1, each joint weighted by the lesser confidence.
  func likeness(to other: ScoutedBody) -> Float {
    // COCO's mean ratio of a body's area to its box's.
    let area = 0.53 * min(box.area, other.box.area)
    return Self.similarity(area: area) { joint in
      let (a, b) = (joints[joint], other.joints[joint])
      return (hypot(a.x - b.x, a.y - b.y), min(a.score, b.score))
    }
  }

  /// Object keypoint similarity of the landmark model's joints to the scout's, 0...1, weighted by its confidence.
  func agreement(with estimate: PoseEstimate) -> Float {
    let size = estimate.region.bodySize
    return Self.similarity(area: 0.2 * size * size) { joint in
      let (a, b) = (joints[joint], estimate.landmarks[Self.names[joint]])
      return (hypot(a.x - b.x, a.y - b.y), a.score)
    }
  }

  private static func similarity(
    area: Float, _ pair: (Int) -> (distance: Float, weight: Float)
  ) -> Float {
    guard area > 0 else { return 0 }
    var (sum, weights): (Float, Float) = (0, 0)
    for joint in names.indices {
      let (distance, weight) = pair(joint)
      let spread = spreads[joint]
      sum += weight * exp(-distance * distance / (2 * area * spread * spread))
      weights += weight
    }
    return weights > 0 ? sum / weights : 0
  }

  /// Where the landmark model is to look: nil when hips and shoulders are in one place.
  ///
  /// Against the landmark model's own next region on 80 clear people this errs by 6 % in size on average.
  var region: RegionOfInterest? {
    func middle(_ left: Int, _ right: Int) -> Point<Pixels> {
      Point(x: (joints[left].x + joints[right].x) / 2, y: (joints[left].y + joints[right].y) / 2)
    }
    let (shoulders, hips) = (middle(5, 6), middle(11, 12))
    let torso = hypot(shoulders.x - hips.x, shoulders.y - hips.y)
    let width = hypot(joints[5].x - joints[6].x, joints[5].y - joints[6].y)
    let clear = joints.filter { $0.score > 0.3 }.map { hypot($0.x - hips.x, $0.y - hips.y) }
    let reach = clear.count >= 3 ? clear.max() ?? 0 : 0
    let radius = max(1.85 * torso, 1.03 * reach, 2 * width)
    guard torso > 0 else { return nil }
    return RegionOfInterest(
      hips: hips,
      rim: Point(
        x: hips.x + (shoulders.x - hips.x) / torso * radius,
        y: hips.y + (shoulders.y - hips.y) / torso * radius))
  }
}
