import Glibc
import Stance

extension Angle {
  /// The formula's degrees, of points that were seen.
  func degrees(
    _ points: BodyPoints, _ space: BodyPoints.Space, _ convention: AngleConvention
  ) -> Reading {
    func between(_ a: Int, _ b: Int, _ c: Int) -> Double? {
      let middle = points.point(b, space)
      return Geometry.angle(points.point(a, space) - middle, points.point(c, space) - middle)
    }
    let isFlexion = convention == .flexion
    switch formula {
    case .flexion(let a, let b, let c):
      return Self.reading(between(a, b, c).map { isFlexion ? 180 - $0 : $0 })
    case .opening(let a, let b, let c): return Self.reading(between(a, b, c))
    case .ankle(let knee, let ankle, let heel, let toes):
      guard isFlexion else { return Self.reading(between(knee, ankle, toes)) }
      let shank = points.point(knee, space) - points.point(ankle, space)
      let foot = points.point(toes, space) - points.point(heel, space)
      return Self.reading(Geometry.angle(shank, foot).map { 90 - $0 })
    case .trunk:
      return Self.trunk(points, space) { trunk, _ in
        switch space {
        case .plane: trunk == .zero ? nil : atan2(trunk.x, -trunk.y) * Geometry.degrees
        case .world: Geometry.angle(trunk, SIMD3(0, -1, 0))
        }
      }
    case .neck:
      return Self.trunk(points, space, withEars: true) { trunk, neck in
        Geometry.angle(trunk, neck).map { isFlexion ? $0 : 180 - $0 }
      }
    case .line(let left, let right):
      let line = points.point(left, space) - points.point(right, space)
      let along = (line.x * line.x + line.z * line.z).squareRoot()
      return Self.reading(line == .zero ? nil : atan2(-line.y, along) * Geometry.degrees)
    case .valgus(let hip, let knee, let ankle, let otherHip):
      return Self.reading(
        Self.valgus(
          hip: points.point(hip, space), knee: points.point(knee, space),
          ankle: points.point(ankle, space), otherHip: points.point(otherHip, space)))
    }
  }

  private static func reading(_ degrees: Double?) -> Reading {
    if let degrees, degrees.isFinite { .value(degrees) } else { .missing(.degenerate) }
  }

  /// What `measure` makes of trunk (hips to shoulders) and neck (shoulders to ears): by the middle of both sides, or by the
  /// one that was seen.
  private static func trunk(
    _ points: BodyPoints, _ space: BodyPoints.Space, withEars: Bool = false,
    _ measure: (_ trunk: SIMD3<Double>, _ neck: SIMD3<Double>) -> Double?
  ) -> Reading {
    var (trunk, neck) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
    var unseen: LandmarkName?
    var sides = 0.0
    for (hip, shoulder, ear) in [
      (Joint.hips.left, Joint.shoulders.left, Joint.ears.left),
      (Joint.hips.right, Joint.shoulders.right, Joint.ears.right),
    ] {
      if let missing = points.unseen(withEars ? [hip, shoulder, ear] : [hip, shoulder]) {
        unseen = unseen ?? missing
        continue
      }
      trunk += points.point(shoulder, space) - points.point(hip, space)
      neck += points.point(ear, space) - points.point(shoulder, space)
      sides += 1
    }
    if sides == 0, let unseen { return .missing(.notSeen(unseen)) }
    return reading(measure(trunk / sides, neck / sides))
  }

  /// The frontal plane projection angle: between thigh and shank in the plane of the line from hip to ankle and the line
  /// between the hips; positive where the knee lies on the other leg's side.
  private static func valgus(
    hip: SIMD3<Double>, knee: SIMD3<Double>, ankle: SIMD3<Double>, otherHip: SIMD3<Double>
  ) -> Double? {
    let leg = ankle - hip
    let legLength = Geometry.length(leg)
    let down = leg / legLength
    let across = otherHip - hip
    let inwards = across - Geometry.dot(across, down) * down
    let width = Geometry.length(inwards)
    guard legLength > 0, width > 0 else { return nil }
    func flat(_ vector: SIMD3<Double>) -> (along: Double, inwards: Double) {
      (Geometry.dot(vector, down), Geometry.dot(vector, inwards) / width)
    }
    let (thigh, shank) = (flat(knee - hip), flat(ankle - knee))
    let cross = thigh.inwards * shank.along - thigh.along * shank.inwards
    let dot = thigh.along * shank.along + thigh.inwards * shank.inwards
    return cross == 0 && dot == 0 ? nil : atan2(cross, dot) * Geometry.degrees
  }
}
