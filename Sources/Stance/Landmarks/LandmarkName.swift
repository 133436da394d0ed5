/// The 33 landmarks of BlazePose in MediaPipe's order. Left is the person's left.
///
/// The raw value is the word that JSON and labels use.
public enum LandmarkName: String, Sendable, Hashable, CaseIterable {
  case nose
  case leftEyeInner, leftEye, leftEyeOuter
  case rightEyeInner, rightEye, rightEyeOuter
  case leftEar, rightEar
  case mouthLeft, mouthRight
  case leftShoulder, rightShoulder
  case leftElbow, rightElbow
  case leftWrist, rightWrist
  case leftPinky, rightPinky
  case leftIndex, rightIndex
  case leftThumb, rightThumb
  case leftHip, rightHip
  case leftKnee, rightKnee
  case leftAnkle, rightAnkle
  case leftHeel, rightHeel
  case leftFootIndex, rightFootIndex

  /// How many landmarks a person has.
  public static let count = 33

  /// The landmark's place in MediaPipe's order, from 0.
  public var index: Int { Self.indices[self] ?? 0 }

  private static let indices = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}
