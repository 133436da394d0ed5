import Stance

/// The world landmarks of one sight of a person, with the axes of ``Landmark/yUp``: who looks into the camera looks along
/// +z and has the left hand at +x.
struct BodyPoints: Sendable, Hashable {
  private var points: [SIMD3<Double>]

  init(_ landmarks: Landmarks<World>) { points = landmarks.map { SIMD3<Double>($0.yUp) } }

  subscript(name: LandmarkName) -> SIMD3<Double> { points[name.index] }

  var hips: SIMD3<Double> { middle(.leftHip, .rightHip) }
  var chest: SIMD3<Double> { middle(.leftShoulder, .rightShoulder) }
  var head: SIMD3<Double> { middle(.leftEar, .rightEar) }

  /// Of the pelvis: x along the line of the hips, y towards the shoulders.
  var pelvis: Basis? { Basis(x: self[.leftHip] - self[.rightHip], towards: chest - hips) }

  /// Of the chest: x along the line of the shoulders, y away from the hips.
  var ribs: Basis? { Basis(x: self[.leftShoulder] - self[.rightShoulder], towards: chest - hips) }

  /// Of the head: y from mouth to eyes, x towards the left ear.
  var skull: Basis? {
    Basis(
      y: middle(.leftEye, .rightEye) - middle(.mouthLeft, .mouthRight),
      towards: self[.leftEar] - self[.rightEar])
  }

  /// One limb's points.
  func arm(_ side: LandmarkName.Side) -> Arm {
    side == .left
      ? Arm(
        shoulder: self[.leftShoulder], elbow: self[.leftElbow], wrist: self[.leftWrist],
        index: self[.leftIndex], pinky: self[.leftPinky])
      : Arm(
        shoulder: self[.rightShoulder], elbow: self[.rightElbow], wrist: self[.rightWrist],
        index: self[.rightIndex], pinky: self[.rightPinky])
  }

  /// One limb's points.
  func leg(_ side: LandmarkName.Side) -> Leg {
    side == .left
      ? Leg(
        hip: self[.leftHip], knee: self[.leftKnee], ankle: self[.leftAnkle], heel: self[.leftHeel],
        toe: self[.leftFootIndex])
      : Leg(
        hip: self[.rightHip], knee: self[.rightKnee], ankle: self[.rightAnkle],
        heel: self[.rightHeel], toe: self[.rightFootIndex])
  }

  struct Arm {
    var shoulder, elbow, wrist, index, pinky: SIMD3<Double>
    var knuckles: SIMD3<Double> { (index + pinky) / 2 }
  }

  struct Leg {
    var hip, knee, ankle, heel, toe: SIMD3<Double>
  }

  private func middle(_ first: LandmarkName, _ second: LandmarkName) -> SIMD3<Double> {
    (self[first] + self[second]) / 2
  }
}
