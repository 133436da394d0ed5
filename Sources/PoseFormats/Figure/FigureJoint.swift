import Stance

/// The joints of the figure that BVH and glTF move, parents before children.
///
/// The raw value is the joint's name in the file: the names that Mixamo's characters have, which most programs that carry
/// a motion over to another character know.
enum FigureJoint: String, Sendable, CaseIterable {
  case hips = "Hips"
  case spine = "Spine"
  case chest = "Spine1"
  case neck = "Neck"
  case head = "Head"
  case leftArm = "LeftArm"
  case leftForeArm = "LeftForeArm"
  case leftHand = "LeftHand"
  case rightArm = "RightArm"
  case rightForeArm = "RightForeArm"
  case rightHand = "RightHand"
  case leftUpLeg = "LeftUpLeg"
  case leftLeg = "LeftLeg"
  case leftFoot = "LeftFoot"
  case rightUpLeg = "RightUpLeg"
  case rightLeg = "RightLeg"
  case rightFoot = "RightFoot"

  /// The joint that carries it; nil for the hips.
  var parent: FigureJoint? {
    switch self {
    case .hips: nil
    case .spine, .leftUpLeg, .rightUpLeg: .hips
    case .chest: .spine
    case .neck, .leftArm, .rightArm: .chest
    case .head: .neck
    case .leftForeArm: .leftArm
    case .leftHand: .leftForeArm
    case .rightForeArm: .rightArm
    case .rightHand: .rightForeArm
    case .leftLeg: .leftUpLeg
    case .leftFoot: .leftLeg
    case .rightLeg: .rightUpLeg
    case .rightFoot: .rightLeg
    }
  }

  /// The joints that it carries.
  var children: [FigureJoint] { Self.allCases.filter { $0.parent == self } }

  /// Its place in the order of all.
  var index: Int { Self.indices[self] ?? 0 }

  private static let indices = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  /// Which half of the person's body it belongs to.
  var side: LandmarkName.Side {
    if rawValue.hasPrefix("Left") { return .left }
    return rawValue.hasPrefix("Right") ? .right : .middle
  }
}
