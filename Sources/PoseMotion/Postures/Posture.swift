public import Stance

/// What a body is doing, by rules on its angles in the world; no model was trained for it.
public struct Posture: Sendable, Hashable {
  /// How the body is held.
  public enum Stand: String, Sendable, Hashable {
    /// Trunk within 35° of upright, hips and knees bent by less than 45°.
    case standing
    /// Trunk within 60° of upright, hips and knees bent by 50° or more: on a chair, on the ground, in a squat.
    case sitting
    /// Trunk, and the line from hips to ankles, 60° to 120° from upright.
    case lying
  }

  /// How the body is held; nil where no rule holds, or too little was seen.
  public var stand: Stand?
  /// Whether both wrists are above the nose, along the trunk; nil where they were not seen.
  public var handsUp: Bool?

  /// The posture of a person.
  ///
  /// "Upright" is the picture's vertical: the camera must be level.
  public init(of person: Person) {
    self.init(BodyPoints(person, in: ImageSize(width: 1, height: 1)))
  }

  init(_ points: BodyPoints) {
    stand = Self.stand(points)
    handsUp = Self.handsUp(points)
  }

  private static func stand(_ points: BodyPoints) -> Stand? {
    let mean = { (left: Angle, right: Angle) in
      MotionSignal.Source.mean(left, right).reading(points, pictureHeight: 1).value
    }
    guard let trunk = Angle.trunk.world(points, .flexion).value,
      let hips = mean(.leftHip, .rightHip)
    else { return nil }
    let flat = 60.0...120
    if flat.contains(trunk), let legs = legs(points), flat.contains(legs) { return .lying }
    guard let knees = mean(.leftKnee, .rightKnee) else { return nil }
    if trunk <= 35, hips < 45, knees < 45 { return .standing }
    return trunk <= 60 && hips >= 50 && knees >= 50 ? .sitting : nil
  }

  /// How far the line from ankles to hips is from upright.
  static func legs(_ points: BodyPoints) -> Double? {
    var line = SIMD3<Double>.zero
    for (hip, ankle) in [
      (Joint.hips.left, Joint.ankles.left), (Joint.hips.right, Joint.ankles.right),
    ] where points.isSeen(hip) && points.isSeen(ankle) {
      line += points.point(hip, .world) - points.point(ankle, .world)
    }
    return Geometry.angle(line, SIMD3(0, -1, 0))
  }

  private static func handsUp(_ points: BodyPoints) -> Bool? {
    let wrists = Joint.wrists
    guard points.isSeen(wrists.left), points.isSeen(wrists.right), points.isSeen(Joint.nose) else {
      return nil
    }
    let hips = points.middle(Joint.hips, .world)
    let trunk = points.middle(Joint.shoulders, .world) - hips
    let height = { Geometry.dot(points.point($0, .world) - hips, trunk) }
    return min(height(wrists.left), height(wrists.right)) > height(Joint.nose)
  }
}
