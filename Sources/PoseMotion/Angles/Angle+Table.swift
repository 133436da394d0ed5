import Stance

/// The built-in angles.
extension Angle {
  /// Hip, knee, ankle.
  public static let leftKnee = flexion(
    "leftKnee", Joint.hips.left, Joint.knees.left, Joint.ankles.left)
  /// Hip, knee, ankle.
  public static let rightKnee = flexion(
    "rightKnee", Joint.hips.right, Joint.knees.right, Joint.ankles.right)
  /// Shoulder, hip, knee: 0 where the thigh continues the trunk.
  public static let leftHip = flexion(
    "leftHip", Joint.shoulders.left, Joint.hips.left, Joint.knees.left)
  /// Shoulder, hip, knee: 0 where the thigh continues the trunk.
  public static let rightHip = flexion(
    "rightHip", Joint.shoulders.right, Joint.hips.right, Joint.knees.right)
  /// Shoulder, elbow, wrist.
  public static let leftElbow = flexion(
    "leftElbow", Joint.shoulders.left, Joint.elbows.left, Joint.wrists.left)
  /// Shoulder, elbow, wrist.
  public static let rightElbow = flexion(
    "rightElbow", Joint.shoulders.right, Joint.elbows.right, Joint.wrists.right)
  /// Hip, shoulder, elbow: 0 where the arm lies along the trunk, 180 overhead.
  public static let leftShoulder = opening(
    "leftShoulder", Joint.hips.left, Joint.shoulders.left, Joint.elbows.left)
  /// Hip, shoulder, elbow: 0 where the arm lies along the trunk, 180 overhead.
  public static let rightShoulder = opening(
    "rightShoulder", Joint.hips.right, Joint.shoulders.right, Joint.elbows.right)
  /// Shank and foot: 0 at a right angle, positive where the toes are drawn up.
  public static let leftAnkle = ankle(
    "leftAnkle", Joint.knees.left, Joint.ankles.left, Joint.heels.left, Joint.toes.left)
  /// Shank and foot: 0 at a right angle, positive where the toes are drawn up.
  public static let rightAnkle = ankle(
    "rightAnkle", Joint.knees.right, Joint.ankles.right, Joint.heels.right, Joint.toes.right)
  /// Hips to shoulders against the picture's vertical: in the picture positive to its right, −180...180; in the world
  /// 0...180, whichever way.
  public static let trunk = Angle("trunk", .any, .trunk, needs: [])
  /// The line between the hips: positive where the person's left is higher, −90...90.
  public static let pelvis = line("pelvis", Joint.hips)
  /// The line between the shoulders: positive where the person's left is higher, −90...90.
  public static let shoulders = line("shoulders", Joint.shoulders)
  /// Trunk, and shoulders to ears: 0 where the neck continues the trunk.
  public static let neck = Angle("neck", .side, .neck, needs: [])
  /// The knee's bend inwards as seen from the front: positive where the knee is nearer to the other leg than the line from
  /// hip to ankle.
  public static let leftKneeValgus = valgus(
    "leftKneeValgus", Joint.hips.left, Joint.knees.left, Joint.ankles.left, Joint.hips.right)
  /// The knee's bend inwards as seen from the front: positive where the knee is nearer to the other leg than the line from
  /// hip to ankle.
  public static let rightKneeValgus = valgus(
    "rightKneeValgus", Joint.hips.right, Joint.knees.right, Joint.ankles.right, Joint.hips.left)

  /// All that have a name of their own.
  public static let all: [Angle] = [
    leftKnee, rightKnee, leftHip, rightHip, leftElbow, rightElbow, leftShoulder, rightShoulder,
    leftAnkle, rightAnkle, trunk, pelvis, shoulders, neck, leftKneeValgus, rightKneeValgus,
  ]

  /// Whether it can turn past ±180°, so that a curve of it has to be unwrapped: the trunk's in the picture alone.
  var wraps: Bool { formula == .trunk }

  private static func flexion(_ name: String, _ a: Int, _ b: Int, _ c: Int) -> Angle {
    Angle(name, .side, .flexion(a, b, c), needs: [a, b, c])
  }

  private static func opening(_ name: String, _ a: Int, _ b: Int, _ c: Int) -> Angle {
    Angle(name, .side, .opening(a, b, c), needs: [a, b, c])
  }

  private static func ankle(
    _ name: String, _ knee: Int, _ ankle: Int, _ heel: Int, _ toes: Int
  ) -> Angle {
    Angle(
      name, .side, .ankle(knee: knee, ankle: ankle, heel: heel, toes: toes),
      needs: [knee, ankle, heel, toes])
  }

  private static func line(_ name: String, _ pair: (left: Int, right: Int)) -> Angle {
    Angle(
      name, .front, .line(left: pair.left, right: pair.right), needs: [pair.left, pair.right])
  }

  private static func valgus(
    _ name: String, _ hip: Int, _ knee: Int, _ ankle: Int, _ otherHip: Int
  ) -> Angle {
    Angle(
      name, .front, .valgus(hip: hip, knee: knee, ankle: ankle, otherHip: otherHip),
      needs: [hip, knee, ankle, otherHip])
  }
}
