/// A rotation in space as a unit quaternion.
struct Rotation: Sendable, Hashable {
  /// The cosine of half the angle.
  var real: Double
  /// The axis times the sine of half the angle.
  var imaginary: SIMD3<Double>

  static let none = Rotation(real: 1, imaginary: .zero)

  /// The rotation back.
  var inverse: Rotation { Rotation(real: real, imaginary: -imaginary) }

  /// The other quaternion of the same rotation.
  var negated: Rotation { Rotation(real: -real, imaginary: -imaginary) }

  /// First `second`, then `first`, both about fixed axes.
  static func * (first: Rotation, second: Rotation) -> Rotation {
    let (a, b) = (first.imaginary, second.imaginary)
    return Rotation(
      real: first.real * second.real - a.dot(b),
      imaginary: a.cross(b) + b * first.real + a * second.real
    ).normalized
  }

  /// Where a vector comes to lie.
  func callAsFunction(_ vector: SIMD3<Double>) -> SIMD3<Double> {
    let twice = imaginary.cross(vector) * 2
    return vector + twice * real + imaginary.cross(twice)
  }

  /// The cosine of half the angle to another one, negative where the two quaternions lie on opposite sides.
  func dot(_ other: Rotation) -> Double { real * other.real + imaginary.dot(other.imaginary) }

  private var normalized: Rotation {
    let length = dot(self).squareRoot()
    return Rotation(real: real / length, imaginary: imaginary / length)
  }
}

extension Rotation {
  /// What turns the axes of space into those of `basis`.
  ///
  /// S. W. Shepperd, "Quaternion from Rotation Matrix", Journal of Guidance and Control 1 (1978): divides by the
  /// largest of the four numbers.
  init(to basis: Basis) {
    let (x, y, z) = (basis.x, basis.y, basis.z)
    let trace = x.x + y.y + z.z
    let largest = max(trace, x.x, y.y, z.z)
    if largest == trace {
      self.init(real: 1 + trace, imaginary: SIMD3(y.z - z.y, z.x - x.z, x.y - y.x))
    } else if largest == x.x {
      self.init(real: y.z - z.y, imaginary: SIMD3(1 + x.x - y.y - z.z, x.y + y.x, z.x + x.z))
    } else if largest == y.y {
      self.init(real: z.x - x.z, imaginary: SIMD3(x.y + y.x, 1 - x.x + y.y - z.z, y.z + z.y))
    } else {
      self.init(real: x.y - y.x, imaginary: SIMD3(z.x + x.z, y.z + z.y, 1 - x.x - y.y + z.z))
    }
    self = normalized
  }

  /// The shortest turn of one direction to another; none where they are opposite or one is no direction.
  init(from: SIMD3<Double>, to: SIMD3<Double>) {
    guard let from = from.direction, let to = to.direction, from.dot(to) > -0.999_999 else {
      self = .none
      return
    }
    self = Rotation(real: 1 + from.dot(to), imaginary: from.cross(to)).normalized
  }
}

/// Three unit vectors at right angles to each other, right-handed.
struct Basis: Sendable, Hashable {
  var x: SIMD3<Double>
  var y: SIMD3<Double>
  var z: SIMD3<Double>

  /// `x` as it is given, and `y` as near to its own direction as that allows; nil where the two span no plane.
  init?(x: SIMD3<Double>, towards y: SIMD3<Double>) {
    guard let x = x.direction, let y = (y - x * x.dot(y)).direction else { return nil }
    self.x = x
    self.y = y
    z = x.cross(y)
  }

  /// `y` as it is given, and `x` as near to its own direction as that allows; nil where the two span no plane.
  init?(y: SIMD3<Double>, towards x: SIMD3<Double>) {
    guard let y = y.direction, let x = (x - y * y.dot(x)).direction else { return nil }
    self.x = x
    self.y = y
    z = x.cross(y)
  }
}

extension SIMD3<Double> {
  func dot(_ other: Self) -> Double { (self * other).sum() }

  func cross(_ other: Self) -> Self {
    SIMD3(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  var length: Double { dot(self).squareRoot() }

  /// Of length 1; nil for what is shorter than a micrometre, which points nowhere.
  var direction: Self? {
    let length = length
    return length > 1e-6 ? self / length : nil
  }
}
