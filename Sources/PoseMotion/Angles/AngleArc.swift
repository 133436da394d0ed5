import Glibc
public import Stance

/// Where an angle lies in the picture: two rays from one point, in pixels, x right and y down.
public struct AngleArc: Sendable, Hashable {
  /// Where the rays begin.
  public let vertex: SIMD2<Double>
  /// The direction of 0, of length 1.
  public let first: SIMD2<Double>
  /// The direction that is measured, of length 1.
  public let second: SIMD2<Double>
  /// As far as both limbs go, the shorter one's length.
  public let reach: Double
  /// The angle by the picture, in the convention that was asked for; where the convention has 0 at a right angle it is not the one between the rays.
  public let degrees: Double
}

extension Angle {
  /// The angle as it can be drawn on the picture in which `person` was found; nil where ``plane(of:in:convention:)`` has no number.
  ///
  /// - Parameter size: the upright picture's, whose parts the landmarks are given in.
  public func arc(
    of person: Person, in size: ImageSize, convention: AngleConvention = .flexion
  ) -> AngleArc? {
    let points = BodyPoints(person, in: size)
    guard let degrees = plane(points, BodyView(points), convention).value,
      let rays = rays(points, convention)
    else { return nil }
    let lengths = (Geometry.length(rays.first), Geometry.length(rays.second))
    let reach = min(lengths.0, lengths.1)
    guard reach > 0, reach.isFinite else { return nil }
    func flat(_ point: SIMD3<Double>) -> SIMD2<Double> { SIMD2(point.x, point.y) }
    return AngleArc(
      vertex: flat(rays.vertex), first: flat(rays.first / lengths.0),
      second: flat(rays.second / lengths.1), reach: reach, degrees: degrees)
  }

  private typealias Rays = (
    vertex: SIMD3<Double>, first: SIMD3<Double>, second: SIMD3<Double>
  )

  private func rays(_ points: BodyPoints, _ convention: AngleConvention) -> Rays? {
    func point(_ index: Int) -> SIMD3<Double> { points.point(index, .plane) }
    let isFlexion = convention == .flexion
    switch formula {
    case .flexion(let a, let b, let c):
      // Flexion is how far the second limb is from going on straight.
      let limb = point(a) - point(b)
      return (point(b), isFlexion ? -limb : limb, point(c) - point(b))
    case .opening(let a, let b, let c): return (point(b), point(a) - point(b), point(c) - point(b))
    case .ankle(let knee, let ankle, let heel, let toes):
      let foot = isFlexion ? point(toes) - point(heel) : point(toes) - point(ankle)
      return (point(ankle), point(knee) - point(ankle), foot)
    case .valgus(let hip, let knee, let ankle, _):
      return (point(knee), point(knee) - point(hip), point(ankle) - point(knee))
    case .line(let left, let right):
      let line = point(left) - point(right)
      let level = SIMD3(line.x < 0 ? -1 : 1, 0, 0) * Geometry.length(line) / 2
      return (points.middle((left, right), .plane), level, line / 2)
    case .trunk:
      let (hips, shoulders) = trunk(points)
      let trunk = shoulders - hips
      return (hips, SIMD3(0, -Geometry.length(trunk), 0), trunk)
    case .neck:
      let (hips, shoulders) = trunk(points, withEars: true)
      let trunk = shoulders - hips
      let ears = middle(of: Joint.ears, points, sides(points, withEars: true))
      return (shoulders, isFlexion ? trunk : -trunk, ears - shoulders)
    }
  }

  /// The middle of the hips and that of the shoulders, of both sides or the one that was seen.
  private func trunk(
    _ points: BodyPoints, withEars: Bool = false
  ) -> (hips: SIMD3<Double>, shoulders: SIMD3<Double>) {
    let sides = sides(points, withEars: withEars)
    return (
      middle(of: Joint.hips, points, sides), middle(of: Joint.shoulders, points, sides)
    )
  }

  private func middle(
    of pair: (left: Int, right: Int), _ points: BodyPoints, _ sides: (left: Bool, right: Bool)
  ) -> SIMD3<Double> {
    switch sides {
    case (true, false): points.point(pair.left, .plane)
    case (false, true): points.point(pair.right, .plane)
    default: points.middle(pair, .plane)
    }
  }

  /// Of which sides all is seen that trunk and neck are measured by.
  private func sides(_ points: BodyPoints, withEars: Bool) -> (left: Bool, right: Bool) {
    let pairs = [Joint.hips, Joint.shoulders] + (withEars ? [Joint.ears] : [])
    return (
      pairs.allSatisfy { points.isSeen($0.left) }, pairs.allSatisfy { points.isSeen($0.right) }
    )
  }
}
