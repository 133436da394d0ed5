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

  /// The first result of each body, in order.
  package static func removed(from estimates: [PoseEstimate]) -> [PoseEstimate] {
    removed(from: estimates, nearerThan: maxDistance, \.self)
  }

  /// The first of each body, in order, where bodies nearer than a distance in body sizes are one.
  static func removed<Element>(
    from elements: [Element], nearerThan distance: Float, _ estimate: (Element) -> PoseEstimate
  ) -> [Element] {
    elements.reduce(into: []) { kept, element in
      let isKnown = kept.contains {
        self.distance(estimate($0), estimate(element)) < distance
      }
      if !isKnown { kept.append(element) }
    }
  }

  /// The median distance of the main joints, in sizes of the smaller body.
  package static func distance(_ first: PoseEstimate, _ second: PoseEstimate) -> Float {
    let distances = joints.map { joint in
      let (a, b) = (first.landmarks[joint], second.landmarks[joint])
      return ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
    }.sorted()
    let size = min(first.region.bodySize, second.region.bodySize)
    return size > 0 ? distances[distances.count / 2] / size : .infinity
  }
}
