import Glibc

/// Which body of a frame is whom of the frames before.
///
/// Costs and gates are those that lost the fewest identities on 30 annotated sequences (docs/video.md): a distance of
/// joints, which never saturates, against the moved and the unmoved last body.
package enum Association {
  /// What is added when the last body fits better unmoved.
  static let unmovedPenalty: Float = 0.05
  /// What a difference in size costs: so much times the logarithm of the ratio.
  static let sizeWeight: Float = 0.1
  /// The most that a match may cost right after the last sight, in body sizes.
  static let gate: Float = 0.35
  /// How much more it may cost for each second unseen.
  static let gateGrowth: Float = 0.8
  /// The most that it may ever cost.
  static let maxGate: Float = 1.2

  /// What it costs to take a body for the one that moved so, in body sizes; infinite beyond the gate.
  package static func cost(of body: BodyShape, for motion: BodyMotion, at now: Double) -> Float {
    let least = distance(of: body, from: motion, at: now)
    return least <= gate(after: now - motion.time) ? least : .infinity
  }

  /// The same whatever the gate; infinite only when no joint is shared.
  static func distance(of body: BodyShape, from motion: BodyMotion, at now: Double) -> Float {
    guard let moved = cost(of: body, from: motion.predicted(at: now)) else { return .infinity }
    let unmoved = cost(of: body, from: motion.last).map { $0 + unmovedPenalty } ?? .infinity
    return min(moved, unmoved)
  }

  /// The most that a match may cost so many seconds after the last sight.
  static func gate(after unseen: Double) -> Float {
    min(maxGate, gate + gateGrowth * Float(max(0, unseen)))
  }

  /// How far a body is from where it is expected, in body sizes, another size counted; nil when no joint is shared.
  static func cost(of body: BodyShape, from expected: BodyShape) -> Float? {
    guard let distance = body.distance(to: expected) else { return nil }
    let size = max(body.size, expected.size)
    return (distance.mean + distance.median) / 2 / size
      + sizeWeight * abs(log(body.size / expected.size))
  }

  /// The pairs of motions and bodies that cost the least together.
  ///
  /// - Returns: for each body the motion's index, nil for one that nobody was.
  package static func matches(
    of bodies: [BodyShape], to motions: [BodyMotion], at now: Double
  ) -> [Int?] {
    Assignment.cheapest(
      bodies.map { body in motions.map { cost(of: body, for: $0, at: now) } })
  }
}
