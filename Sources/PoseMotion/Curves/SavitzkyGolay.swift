/// Savitzky and Golay's filter: in a sliding window a polynomial is fitted by least squares, and its value or derivative in
/// the middle taken (Savitzky, Golay, "Smoothing and differentiation of data by simplified least squares procedures", 1964).
///
/// The same numbers as SciPy's `savgol_filter(values, window, order, deriv, delta)`, whose ends, too, are the first and last
/// window's polynomial.
public struct SavitzkyGolay: Sendable {
  private let window: Int
  private let order: Int

  /// - Parameters:
  ///   - window: how many values; odd, and more than `order`.
  ///   - order: of the polynomial, 0...5.
  /// - Precondition: these bounds.
  public init(window: Int, order: Int) {
    precondition((0...5).contains(order), "order \(order), 0 to 5 wanted")
    precondition(window % 2 == 1 && window > order, "window \(window), odd and more than \(order)")
    self.window = window
    self.order = order
  }

  /// The smoothed values, or their derivative; as many as there were.
  ///
  /// - Parameters:
  ///   - values: evenly spaced. Of fewer than the window the window is the largest that fits.
  ///   - derivative: which, 0, 1, 2…; above the order it is 0.
  ///   - spacing: from value to value, in the unit that the derivative is to be by.
  public func filtered(
    _ values: [Double], derivative: Int = 0, spacing: Double = 1
  ) -> [Double] {
    let window = values.count >= self.window ? self.window : (values.count - 1) / 2 * 2 + 1
    let order = min(order, window - 1)
    guard !values.isEmpty, derivative <= order else {
      return [Double](repeating: 0, count: values.count)
    }
    let half = window / 2
    let fit = PolynomialFit(half: half, order: order)
    let scale = (1...max(1, derivative)).reduce(1.0) {
      derivative == 0 ? $0 : $0 * Double($1) / spacing
    }
    // One row of weights for each place in a window that a value is taken at.
    let weights = (-half...half).map { fit.weights(at: Double($0), derivative: derivative) }
    return values.indices.map { index in
      let first = max(0, min(index - half, values.count - window))
      var sum = 0.0
      for (place, weight) in weights[index - first].enumerated() {
        sum += weight * values[first + place]
      }
      return sum * scale
    }
  }
}

/// The least-squares polynomial through values at −half…half.
private struct PolynomialFit {
  private let half: Int
  private let order: Int
  /// Column by column: how the coefficient of each power depends on each value.
  private let coefficients: [[Double]]

  init(half: Int, order: Int) {
    self.half = half
    self.order = order
    // Places are divided by `half`, so that powers stay near 1.
    let unit = Double(max(1, half))
    let rows = (-half...half).map { place in
      (0...order).map { Self.power(Double(place) / unit, $0) }
    }
    var normal = (0...order).map { i in
      (0...order).map { j in rows.reduce(0) { $0 + $1[i] * $1[j] } }
    }
    var right = (0...order).map { i in rows.map { $0[i] } }
    Self.solve(&normal, &right)
    coefficients = right.enumerated().map { power, row in
      row.map { $0 / Self.power(unit, power) }
    }
  }

  /// What each value counts in the polynomial's derivative at a place, over the derivative's factorial.
  func weights(at place: Double, derivative: Int) -> [Double] {
    (0...2 * half).map { value in
      (derivative...order).reduce(0) { sum, power in
        let binomial = (0..<derivative).reduce(1.0) {
          $0 * Double(power - $1) / Double($1 + 1)
        }
        return sum + binomial * coefficients[power][value]
          * Self.power(place, power - derivative)
      }
    }
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * base }
  }

  /// Gauss's elimination with pivots, of a matrix that is positive definite.
  private static func solve(_ matrix: inout [[Double]], _ right: inout [[Double]]) {
    let count = matrix.count
    for column in 0..<count {
      let pivot = (column..<count).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) }
      matrix.swapAt(column, pivot ?? column)
      right.swapAt(column, pivot ?? column)
      for row in 0..<count where row != column {
        let factor = matrix[row][column] / matrix[column][column]
        for place in column..<count { matrix[row][place] -= factor * matrix[column][place] }
        for place in right[row].indices { right[row][place] -= factor * right[column][place] }
      }
    }
    for row in 0..<count {
      for place in right[row].indices { right[row][place] /= matrix[row][row] }
    }
  }
}
