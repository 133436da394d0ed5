import Stance

/// The figure in its T-pose, as large as one person: facing +z, y up, arms along x, feet forward. Metres.
struct RestFigure: Sendable, Hashable {
  private let offsets: [SIMD3<Double>]
  /// Where the bones of joints without children end, from the joint.
  let tips: [FigureJoint: SIMD3<Double>]
  /// How far the nose stands before the head's joint.
  let nose: Double

  /// Each joint's place from its parent's; the hips' is the origin.
  subscript(joint: FigureJoint) -> SIMD3<Double> { offsets[joint.index] }

  /// How high the hips are when the figure stands.
  var standing: Double {
    -(self[.leftLeg].y + self[.leftFoot].y + (tips[.leftFoot]?.y ?? 0))
  }

  init(_ lengths: FigureLengths) {
    // The sole lies flat: heel and toe are level.
    let foot = lengths.median(.foot)
    let slope = min(lengths.median(.rise) / foot, 1)
    let toe = SIMD3(0, -slope, (1 - slope * slope).squareRoot()) * foot
    let up = SIMD3<Double>(0, 1, 0)
    offsets = FigureJoint.allCases.map { joint in
      let out = SIMD3<Double>(joint.side == .right ? -1 : 1, 0, 0)
      return switch joint {
      case .hips: .zero
      case .spine: up * lengths.median(.pelvis)
      case .chest: up * lengths.median(.back)
      case .neck: up * lengths.median(.nape)
      case .head: up * lengths.median(.neck)
      case .leftArm, .rightArm: out * lengths.median(.shoulders) / 2
      case .leftForeArm, .rightForeArm: out * lengths.median(.upperArm)
      case .leftHand, .rightHand: out * lengths.median(.foreArm)
      case .leftUpLeg, .rightUpLeg: out * lengths.median(.hips) / 2
      case .leftLeg, .rightLeg: up * -lengths.median(.thigh)
      case .leftFoot, .rightFoot: up * -lengths.median(.shank)
      }
    }
    let hand = SIMD3<Double>(lengths.median(.hand), 0, 0)
    tips = [
      // No landmark is on top of a head, which is about as high above the ears as they are apart.
      .head: up * lengths.median(.ears),
      .leftHand: hand, .rightHand: -hand,
      .leftFoot: toe, .rightFoot: toe,
    ]
    nose = lengths.median(.nose)
  }

  /// Each joint's place in the T-pose, from the hips'.
  var places: [SIMD3<Double>] {
    var places: [SIMD3<Double>] = []
    for joint in FigureJoint.allCases {
      places.append(self[joint] + (joint.parent.map { places[$0.index] } ?? .zero))
    }
    return places
  }
}
