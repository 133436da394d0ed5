import Glibc

/// Angles between vectors, in degrees.
enum Geometry {
  static let degrees = 180 / Double.pi

  static func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

  static func length(_ vector: SIMD3<Double>) -> Double { dot(vector, vector).squareRoot() }

  static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  /// The angle between two vectors, 0...180; nil where one has no length.
  ///
  /// By the arc tangent, which is exact near 0 and 180, where the arc cosine is not.
  static func angle(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double? {
    let (sine, cosine) = (length(cross(a, b)), dot(a, b))
    guard sine != 0 || cosine != 0, sine.isFinite, cosine.isFinite else { return nil }
    return atan2(sine, cosine) * degrees
  }
}
