/// Which landmarks a drawing joins by a bone.
public enum Skeleton {
  /// MediaPipe's 35 connections (`POSE_CONNECTIONS`), as pairs of landmarks.
  public static let bones: [(LandmarkName, LandmarkName)] = [
    // Face
    (.nose, .leftEyeInner), (.leftEyeInner, .leftEye), (.leftEye, .leftEyeOuter),
    (.leftEyeOuter, .leftEar),
    (.nose, .rightEyeInner), (.rightEyeInner, .rightEye), (.rightEye, .rightEyeOuter),
    (.rightEyeOuter, .rightEar),
    (.mouthLeft, .mouthRight),
    // Trunk
    (.leftShoulder, .rightShoulder), (.leftShoulder, .leftHip), (.rightShoulder, .rightHip),
    (.leftHip, .rightHip),
    // Left arm
    (.leftShoulder, .leftElbow), (.leftElbow, .leftWrist), (.leftWrist, .leftPinky),
    (.leftWrist, .leftIndex), (.leftWrist, .leftThumb), (.leftPinky, .leftIndex),
    // Right arm
    (.rightShoulder, .rightElbow), (.rightElbow, .rightWrist), (.rightWrist, .rightPinky),
    (.rightWrist, .rightIndex), (.rightWrist, .rightThumb), (.rightPinky, .rightIndex),
    // Left leg
    (.leftHip, .leftKnee), (.leftKnee, .leftAnkle), (.leftAnkle, .leftHeel),
    (.leftHeel, .leftFootIndex), (.leftAnkle, .leftFootIndex),
    // Right leg
    (.rightHip, .rightKnee), (.rightKnee, .rightAnkle), (.rightAnkle, .rightHeel),
    (.rightHeel, .rightFootIndex), (.rightAnkle, .rightFootIndex),
  ]
}

extension LandmarkName {
  /// Which half of the person's body the landmark belongs to.
  public enum Side: Sendable, Hashable { case left, right, middle }

  /// The person's left, right, or neither (the nose).
  public var side: Side {
    switch self {
    case .nose: .middle
    case .mouthLeft: .left
    case .mouthRight: .right
    default: rawValue.hasPrefix("left") ? .left : .right
    }
  }
}
