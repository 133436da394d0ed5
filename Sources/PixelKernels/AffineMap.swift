/// Where in the source each target pixel takes its value: `u = ux·x + uy·y + u0`, `v = vx·x + vy·y + v0`.
///
/// (x, y) is a target pixel, (u, v) a position in the source; whole numbers are pixels, as in OpenCV's `warpAffine`.
package struct AffineMap: Sendable, Hashable {
  package var ux: Double
  package var uy: Double
  package var u0: Double
  package var vx: Double
  package var vy: Double
  package var v0: Double

  /// A map of the given coefficients.
  package init(ux: Double, uy: Double, u0: Double, vx: Double, vy: Double, v0: Double) {
    self.ux = ux
    self.uy = uy
    self.u0 = u0
    self.vx = vx
    self.vy = vy
    self.v0 = v0
  }

  /// The source position of a target position.
  package func callAsFunction(_ x: Double, _ y: Double) -> (u: Double, v: Double) {
    (ux * x + uy * y + u0, vx * x + vy * y + v0)
  }

  /// The same map for a target seen in a mirror: left and right exchanged.
  package func mirrored(side: Int) -> AffineMap {
    AffineMap(
      ux: -ux, uy: uy, u0: u0 + ux * Double(side), vx: -vx, vy: vy, v0: v0 + vx * Double(side))
  }

  /// From source positions back to target positions; nil for a map onto a line or a point.
  package var inverse: AffineMap? {
    let determinant = ux * vy - uy * vx
    guard determinant != 0, determinant.isFinite else { return nil }
    let (a, b, c, d) = (vy / determinant, -uy / determinant, -vx / determinant, ux / determinant)
    return AffineMap(ux: a, uy: b, u0: -(a * u0 + b * v0), vx: c, vy: d, v0: -(c * u0 + d * v0))
  }
}
