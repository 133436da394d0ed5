import Stance

/// The lengths of one person's bones, gathered over the sights. Metres; 184 bytes a sight.
struct FigureLengths: Sendable {
  private var samples: [Bone: [Double]] = [:]

  enum Bone: Sendable {
    case pelvis, back, nape, neck, ears, nose
    case shoulders, upperArm, foreArm, hand
    case hips, thigh, shank, foot, rise
  }

  /// How far up the trunk the back bends, and up the neck the head is carried from: a choice, since no landmark tells.
  private static let bend = 0.2

  mutating func add(_ body: BodyPoints) {
    let trunk = body.chest - body.hips
    let lift = trunk.length * Self.bend
    add(.pelvis, lift)
    add(.back, (trunk - (body.pelvis?.y ?? .zero) * lift).length)
    let neck = body.head - body.chest
    let nape = neck.length * Self.bend
    add(.nape, nape)
    add(.neck, (neck - (body.ribs?.y ?? .zero) * nape).length)
    add(.ears, (body[.leftEar] - body[.rightEar]).length)
    add(.nose, (body[.nose] - body.head).length)
    add(.shoulders, (body[.leftShoulder] - body[.rightShoulder]).length)
    add(.hips, (body[.leftHip] - body[.rightHip]).length)
    for side in [LandmarkName.Side.left, .right] {
      let (arm, leg) = (body.arm(side), body.leg(side))
      add(.upperArm, (arm.elbow - arm.shoulder).length)
      add(.foreArm, (arm.wrist - arm.elbow).length)
      add(.hand, (arm.knuckles - arm.wrist).length)
      add(.thigh, (leg.knee - leg.hip).length)
      add(.shank, (leg.ankle - leg.knee).length)
      add(.foot, (leg.toe - leg.ankle).length)
      add(.rise, (leg.ankle - leg.heel).length(across: leg.toe - leg.heel))
    }
  }

  /// The middle of the sorted lengths, of both sides together, so that the figure is the same left and right; never less
  /// than a millimetre, since programs lengthen or refuse bones without length.
  func median(_ bone: Bone) -> Double {
    let sorted = (samples[bone] ?? []).sorted()
    guard !sorted.isEmpty else { return 0.001 }
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    return max((low + high) / 2, 0.001)
  }

  private mutating func add(_ bone: Bone, _ length: Double) {
    samples[bone, default: []].append(length)
  }
}

extension SIMD3<Double> {
  /// The length of what is left when the part along `axis` is taken away.
  fileprivate func length(across axis: Self) -> Double {
    guard let axis = axis.direction else { return length }
    return (self - axis * dot(axis)).length
  }
}
