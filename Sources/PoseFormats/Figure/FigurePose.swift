import Stance

/// How the figure stands in one sight of a person.
///
/// Every bone lies along its landmarks. What points can't tell is how a bone is turned about itself; it is taken from its
/// neighbours:
///
/// - pelvis, chest and head from the lines of hips, shoulders and ears; back and neck half from each of their two;
/// - upper arm and forearm from the plane in which the elbow is bent, thigh and shank from the knee's, so that elbow and
///   knee are hinges; a limb bent by less than 5° has no such plane and is turned as little as possible from the T-pose,
///   between 5° and 20° one goes over into the other;
/// - hand and foot from the knuckles of index and little finger, and from heel and toe.
struct FigurePose: Sendable, Hashable {
  /// The hips' place, metres, in the axes of ``BodyPoints``.
  var hips: SIMD3<Double>
  /// Each joint's rotation against its parent's, in the order of ``FigureJoint``.
  var turns: [Rotation]

  init(_ body: BodyPoints, on rest: RestFigure) {
    var turned = Orientations()
    turned.trunk(body, on: rest)
    for side in [LandmarkName.Side.left, .right] {
      turned.arm(body.arm(side), side)
      turned.leg(body.leg(side), side, on: rest)
    }
    hips = body.hips
    turns = FigureJoint.allCases.map { joint in
      joint.parent.map { turned[$0].inverse * turned[joint] } ?? turned[joint]
    }
  }
}

/// How each joint is turned from the T-pose, in space. A joint that nothing determines is turned as its parent.
private struct Orientations {
  private var rotations: [FigureJoint: Rotation] = [:]

  subscript(joint: FigureJoint) -> Rotation {
    rotations[joint] ?? joint.parent.map { self[$0] } ?? .none
  }

  mutating func trunk(_ body: BodyPoints, on rest: RestFigure) {
    rotations[.hips] = body.pelvis.map(Rotation.init(to:))
    rotations[.chest] = body.ribs.map(Rotation.init(to:)) ?? self[.hips]
    rotations[.head] = body.skull.map(Rotation.init(to:)) ?? self[.chest]
    func across(_ joint: FigureJoint) -> SIMD3<Double> { self[joint](SIMD3(1, 0, 0)) }
    let waist = body.hips + self[.hips](rest[.spine])
    rotations[.spine] = Basis(
      y: body.chest - waist, towards: across(.hips) + across(.chest)
    ).map(Rotation.init(to:))
    let nape = body.chest + self[.chest](rest[.neck])
    rotations[.neck] = Basis(
      y: body.head - nape, towards: across(.chest) + across(.head)
    ).map(Rotation.init(to:))
  }

  /// In the T-pose the palm looks down and the elbow, bent, brings the hand forward.
  mutating func arm(_ arm: BodyPoints.Arm, _ side: LandmarkName.Side) {
    let isLeft = side == .left
    let along = SIMD3<Double>(isLeft ? 1 : -1, 0, 0)
    let hinge = along.cross(SIMD3(0, 0, 1))
    let (upper, lower) = (arm.elbow - arm.shoulder, arm.wrist - arm.elbow)
    let usual = carried(hinge, by: .chest, along: along, to: upper)
    let axis = Hinge(upper, lower, usual: usual, bendsBothWays: true).axis
    turn(isLeft ? .leftArm : .rightArm, (along, hinge), to: (upper, axis))
    turn(isLeft ? .leftForeArm : .rightForeArm, (along, hinge), to: (lower, axis))
    turn(
      isLeft ? .leftHand : .rightHand, (along, SIMD3(0, 0, 1)),
      to: (arm.knuckles - arm.wrist, arm.index - arm.pinky))
  }

  /// In the T-pose the knee, bent, brings the heel back.
  mutating func leg(_ leg: BodyPoints.Leg, _ side: LandmarkName.Side, on rest: RestFigure) {
    let isLeft = side == .left
    let (down, hinge) = (SIMD3<Double>(0, -1, 0), SIMD3<Double>(1, 0, 0))
    let (upper, lower) = (leg.knee - leg.hip, leg.ankle - leg.knee)
    let usual = carried(hinge, by: .hips, along: down, to: upper)
    let axis = Hinge(upper, lower, usual: usual, bendsBothWays: false).axis
    turn(isLeft ? .leftUpLeg : .rightUpLeg, (down, hinge), to: (upper, axis))
    turn(isLeft ? .leftLeg : .rightLeg, (down, hinge), to: (lower, axis))
    let foot: FigureJoint = isLeft ? .leftFoot : .rightFoot
    let toe = leg.toe - leg.ankle
    turn(foot, (rest.tips[foot] ?? .zero, hinge), to: (toe, toe.cross(leg.heel - leg.ankle)))
  }

  /// A direction of the T-pose as the parent holds it, then turned as little as brings the bone to where it points.
  private func carried(
    _ direction: SIMD3<Double>, by parent: FigureJoint, along bone: SIMD3<Double>,
    to target: SIMD3<Double>
  ) -> SIMD3<Double> {
    let held = self[parent]
    return Rotation(from: held(bone), to: target)(held(direction))
  }

  /// Turns a joint so that its bone lies along the first direction, and its second direction as near as that allows.
  private mutating func turn(
    _ joint: FigureJoint, _ rest: (bone: SIMD3<Double>, second: SIMD3<Double>),
    to target: (bone: SIMD3<Double>, second: SIMD3<Double>)
  ) {
    let held = joint.parent.map { self[$0] } ?? .none
    // Where the second direction is none, the bone alone is turned.
    let least = Rotation(from: held(rest.bone), to: target.bone) * held
    guard let from = Basis(x: rest.bone, towards: rest.second) else { return }
    guard let to = Basis(x: target.bone, towards: target.second) else {
      rotations[joint] = least
      return
    }
    rotations[joint] = Rotation(to: to) * Rotation(to: from).inverse
  }
}

/// The axis of an elbow or a knee.
private struct Hinge {
  let axis: SIMD3<Double>

  /// - Parameters:
  ///   - usual: the axis of a straight limb.
  ///   - bendsBothWays: whether the axis may point away from the usual one. An upper arm turns by more than a right
  ///     angle; a thigh does not, so a knee that seems bent forwards is one stretched too far.
  init(
    _ upper: SIMD3<Double>, _ lower: SIMD3<Double>, usual: SIMD3<Double>, bendsBothWays: Bool
  ) {
    guard let upper = upper.direction, let lower = lower.direction else {
      axis = usual
      return
    }
    var plane = upper.cross(lower)
    if !bendsBothWays, plane.dot(usual) < 0 { plane = -plane }
    let share = ((plane.length - 0.087) / (0.342 - 0.087)).clamped(to: 0...1)  // sin 5°, sin 20°
    let eased = share * share * (3 - 2 * share)
    let mixed = (plane.direction ?? usual) * eased + usual * (1 - eased)
    axis = mixed.length > 0.1 ? mixed : usual
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
