import Stance

/// A pose as numbers that two poses are compared by, as the guide of MediaPipe has it ("Pose classification",
/// developers.google.com/ml-kit/vision/pose-detection/classifying-poses): landmarks in three dimensions, the middle of the
/// hips at 0, divided by the pose's size, and then the differences of 23 pairs of points. Depth counts a fifth, since it is
/// known less well.
struct PoseEmbedding: Sendable {
  /// So many numbers a pose: x, y, z of 23 pairs.
  static let count = 69
  /// The pose's size becomes this.
  static let scale: Float = 100
  /// The pose's size is the distance to the farthest point, but at least so many trunk lengths.
  private static let leastTrunks: Float = 2.5
  private static let depthWeight: Float = 0.2

  /// Which joints are used, in the order of ``Joints``' points.
  static let joints: [LandmarkName] = [
    .leftShoulder, .rightShoulder, .leftElbow, .rightElbow, .leftWrist, .rightWrist, .leftHip,
    .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle,
  ]

  /// Pairs of joints, by their places in ``joints``. Wrist to hip counts twice, as in the guide.
  private static let pairs: [(Int, Int)] = [
    (0, 2), (1, 3), (2, 4), (3, 5), (6, 8), (7, 9), (8, 10), (9, 11),  // one joint apart
    (0, 4), (1, 5), (6, 10), (7, 11),  // two
    (6, 4), (7, 5), (0, 10), (1, 11), (6, 4), (7, 5),  // four and five
    (2, 3), (8, 9), (4, 5), (10, 11),  // left and right
  ]

  let values: [Float]

  /// - Parameter joints: the points of ``joints``, centred and scaled.
  init(normalized joints: [SIMD3<Float>]) {
    var values: [Float] = []
    values.reserveCapacity(Self.count)
    func append(_ difference: SIMD3<Float>) {
      values.append(difference.x)
      values.append(difference.y)
      values.append(difference.z * Self.depthWeight)
    }
    append((joints[0] + joints[1]) / 2 - (joints[6] + joints[7]) / 2)
    for (from, to) in Self.pairs { append(joints[to] - joints[from]) }
    self.values = values
  }

  /// - Parameter points: 33 points in pixels, z in the same scale. Nil where they have no size.
  init?(_ points: [SIMD3<Float>]) {
    guard let joints = Self.normalized(points) else { return nil }
    self.init(normalized: joints)
  }

  /// Of a person of whom at least half of these joints were seen: of a guessed body no pose is told.
  init?(seen points: BodyPoints) {
    guard Self.joints.count(where: { points.isSeen($0.index) }) >= Self.joints.count / 2 else {
      return nil
    }
    self.init(points.solid)
  }

  /// The points of ``joints``, centred and scaled.
  static func normalized(_ points: [SIMD3<Float>]) -> [SIMD3<Float>]? {
    func middle(_ left: LandmarkName, _ right: LandmarkName) -> SIMD3<Float> {
      (points[left.index] + points[right.index]) / 2
    }
    func length(_ point: SIMD3<Float>) -> Float {
      (point.x * point.x + point.y * point.y).squareRoot()
    }
    let hips = middle(.leftHip, .rightHip)
    let trunk = length(middle(.leftShoulder, .rightShoulder) - hips)
    let size = points.reduce(leastTrunks * trunk) { max($0, length($1 - hips)) }
    guard size > 0, size.isFinite else { return nil }
    return joints.map { (points[$0.index] - hips) * (scale / size) }
  }
}
