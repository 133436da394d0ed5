import Glibc

/// The landmark model's joints and the scout's, brought together.
enum JointFusion {
  /// Joints nearer than this, in body sizes, are seen alike by both, and the truth lies between them.
  static let maxDistance: Float = 0.15

  /// Points that go with a joint: it moves, so do they.
  private static let followers: [LandmarkName: [LandmarkName]] = [
    .leftEye: [.leftEyeInner, .leftEyeOuter], .rightEye: [.rightEyeInner, .rightEyeOuter],
    .nose: [.mouthLeft, .mouthRight],
    .leftWrist: [.leftPinky, .leftIndex, .leftThumb],
    .rightWrist: [.rightPinky, .rightIndex, .rightThumb],
    .leftAnkle: [.leftHeel, .leftFootIndex], .rightAnkle: [.rightHeel, .rightFootIndex],
  ]

  /// The estimate with each of the 17 joints in the middle between the two models, where they are near.
  ///
  /// Depth, visibility, presence, support and the world landmarks stay the landmark model's.
  static func fused(_ estimate: PoseEstimate, with body: ScoutedBody) -> PoseEstimate {
    var fused = estimate
    let reach = maxDistance * estimate.region.bodySize
    for (name, joint) in zip(ScoutedBody.names, body.joints) {
      let landmark = estimate.landmarks[name]
      let (dx, dy) = ((joint.x - landmark.x) / 2, (joint.y - landmark.y) / 2)
      guard hypot(2 * dx, 2 * dy) < reach else { continue }
      for point in [name] + (followers[name] ?? []) {
        fused.landmarks[point].x += dx
        fused.landmarks[point].y += dy
      }
    }
    return fused
  }
}
