import Glibc

/// Which results are of one and the same body.
package enum Duplicates {
  /// Two results whose main joints lie nearer than this in the median are one person, in body sizes.
  ///
  /// On the annotated photos anything from 0.12 to 0.2 works; two people side by side are farther apart.
  package static let maxDistance: Float = 0.15

  /// Joints that a body shows from every side. Face and hands say little about whose they are.
  static let joints: [LandmarkName] = [
    .nose, .leftShoulder, .rightShoulder, .leftElbow, .rightElbow, .leftWrist, .rightWrist,
    .leftHip, .rightHip, .leftKnee, .rightKnee, .leftAnkle, .rightAnkle,
  ]

  /// Two results that have so many main joints in the same places have one and the same limbs.
  static let minSharedJoints = 4
  /// Joints nearer than this, in body sizes, are in the same place.
  static let samePlace: Float = 0.06

  /// Points of the face.
  static let face: [LandmarkName] = [
    .nose, .leftEyeInner, .leftEye, .leftEyeOuter, .rightEyeInner, .rightEye, .rightEyeOuter,
    .leftEar, .rightEar, .mouthLeft, .mouthRight,
  ]
  /// Faces whose points lie nearer than this in the median, in sizes of the smaller face, are one.
  static let sameFace: Float = 0.2

  /// The first result of each body, in order.
  package static func removed(from estimates: [PoseEstimate]) -> [PoseEstimate] {
    removed(from: estimates, nearerThan: maxDistance, \.self)
  }

  /// The first of each body, in order, where bodies nearer than a distance in body sizes are one, and so are those that
  /// share limbs: of two who were given the same leg, the first one keeps it.
  static func removed<Element>(
    from elements: [Element], nearerThan distance: Float, _ estimate: (Element) -> PoseEstimate
  ) -> [Element] {
    elements.reduce(into: []) { kept, element in
      if !kept.contains(where: { areOne(estimate($0), estimate(element), nearerThan: distance) }) {
        kept.append(element)
      }
    }
  }

  /// Whether two results are of one and the same body.
  ///
  /// - Parameter distance: in body sizes.
  static func areOne(
    _ first: PoseEstimate, _ second: PoseEstimate, nearerThan distance: Float = maxDistance
  ) -> Bool {
    self.distance(first, second) < distance || sharedJoints(first, second) >= minSharedJoints
      || shareFace(first, second) || first.region.isUpsideDown(to: second.region)
  }

  /// The median distance of the main joints, in sizes of the smaller body.
  package static func distance(_ first: PoseEstimate, _ second: PoseEstimate) -> Float {
    let size = min(first.region.bodySize, second.region.bodySize)
    return size > 0 ? medianDistance(of: joints, first, second) / size : .infinity
  }

  /// Whether both have one and the same face, whatever bodies were guessed below it.
  static func shareFace(_ first: PoseEstimate, _ second: PoseEstimate) -> Bool {
    let size = min(first.faceSize, second.faceSize)
    return medianDistance(of: face, first, second) < sameFace * size
  }

  /// In pixels of the picture.
  private static func medianDistance(
    of joints: [LandmarkName], _ first: PoseEstimate, _ second: PoseEstimate
  ) -> Float {
    let distances = joints.map { joint in
      let (a, b) = (first.landmarks[joint], second.landmarks[joint])
      return hypot(a.x - b.x, a.y - b.y)
    }.sorted()
    return distances[distances.count / 2]
  }

  /// How many main joints both have in the same places. Of neighbours who stand shoulder to shoulder none.
  static func sharedJoints(_ first: PoseEstimate, _ second: PoseEstimate) -> Int {
    let reach = samePlace * min(first.region.bodySize, second.region.bodySize)
    return joints.count { joint in
      let (a, b) = (first.landmarks[joint], second.landmarks[joint])
      return hypot(a.x - b.x, a.y - b.y) < reach
    }
  }
}

extension PoseEstimate {
  /// The longer side of the box round the face's points, in pixels of the picture.
  fileprivate var faceSize: Float {
    func extent(_ values: [Float]) -> Float { (values.max() ?? 0) - (values.min() ?? 0) }
    let points = Duplicates.face.map { landmarks[$0] }
    return max(extent(points.map(\.x)), extent(points.map(\.y)))
  }
}

extension RegionOfInterest {
  /// Whether the other region is of the same place and size, with the head where this one has the feet: nobody is
  /// both.
  fileprivate func isUpsideDown(to other: RegionOfInterest) -> Bool {
    isNear(other, within: 0.4, scale: 2, turn: .infinity)
      && !isNear(other, within: 0.4, scale: 2, turn: 0.75 * .pi)
  }
}
