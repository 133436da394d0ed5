import Glibc

/// A rotation as turns about z, then the turned x, then the twice turned y, in degrees: the order of BVH's channels
/// `Zrotation Xrotation Yrotation`.
struct EulerAngles: Sendable, Hashable {
  var z: Double
  var x: Double
  var y: Double

  /// The angles of `rotation` that are nearest to those of the frame before, so that curves don't jump: of the two ways
  /// to turn, and of all whole turns. They leave -180...180 where the motion does.
  init(_ rotation: Rotation, near last: EulerAngles?) {
    let across = rotation(SIMD3(1, 0, 0))
    let up = rotation(SIMD3(0, 1, 0))
    let forward = rotation(SIMD3(0, 0, 1))
    // R = Rz Rx Ry, so its third row is (-cos x sin y, sin x, cos x cos y), its second column starts with
    // (-sin z cos x, cos z cos x).
    let sine = min(max(up.z, -1), 1)
    let near = last ?? EulerAngles(z: 0, x: 0, y: 0)
    guard abs(sine) < 1 - 1e-12 else {
      // z and y turn about one axis, and only their sum or difference counts: y stays as it was.
      let angle = atan2(across.y, across.x) * 180 / .pi
      let z = sine > 0 ? angle - near.y : angle + near.y
      self.init(z: z, x: sine > 0 ? 90 : -90, y: near.y)
      self = nearest(near)
      return
    }
    let first = EulerAngles(
      z: atan2(-up.x, up.y) * 180 / .pi, x: asin(sine) * 180 / .pi,
      y: atan2(-across.z, forward.z) * 180 / .pi)
    let second = EulerAngles(z: first.z + 180, x: 180 - first.x, y: first.y + 180)
    let (one, other) = (first.nearest(near), second.nearest(near))
    self = other.distance(near) < one.distance(near) ? other : one
  }

  init(z: Double, x: Double, y: Double) {
    self.z = z
    self.x = x
    self.y = y
  }

  private func nearest(_ last: EulerAngles) -> EulerAngles {
    func wrapped(_ angle: Double, _ near: Double) -> Double {
      angle - ((angle - near) / 360).rounded() * 360
    }
    return EulerAngles(z: wrapped(z, last.z), x: wrapped(x, last.x), y: wrapped(y, last.y))
  }

  private func distance(_ other: EulerAngles) -> Double {
    abs(z - other.z) + abs(x - other.x) + abs(y - other.y)
  }
}
