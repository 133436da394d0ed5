/// A value over time, low-passed the more the slower it moves.
///
/// After Casiez, Roussel and Vogel, "1 € Filter", CHI 2012, in the form of MediaPipe's `one_euro_filter.cc`: the
/// derivative is taken from the last raw value, and scaled so that it does not depend on how large a body is.
package struct OneEuroFilter: Sendable {
  /// What the filter is tuned by.
  package struct Constants: Sendable {
    /// The cut-off of a value at rest, in Hz.
    var minCutoff: Float
    /// How much the cut-off grows with the value's speed: Hz for each scaled unit a second.
    var beta: Float
    /// The cut-off of the speed itself, in Hz.
    var derivativeCutoff: Float = 1

    package init(minCutoff: Float, beta: Float) {
      (self.minCutoff, self.beta) = (minCutoff, beta)
    }
  }

  private let constants: Constants
  private var value: LowPassFilter?
  private var derivative: LowPassFilter?

  package init(_ constants: Constants) { self.constants = constants }

  /// The smoothed value.
  ///
  /// - Parameters:
  ///   - raw: the value as measured; the first is returned as it is.
  ///   - elapsed: seconds since the last value; a value of no later time is returned as it is, and forgotten.
  ///   - scale: what a difference of values is multiplied by to make it comparable between bodies.
  package mutating func filter(_ raw: Float, after elapsed: Float, scale: Float) -> Float {
    guard var value, var derivative else {
      (value, derivative) = (LowPassFilter(raw), LowPassFilter(0))
      return raw
    }
    guard elapsed > 0 else { return raw }
    let speed = derivative.filter(
      (raw - value.raw) * scale / elapsed,
      alpha: Self.alpha(cutoff: constants.derivativeCutoff, elapsed))
    let cutoff = constants.minCutoff + constants.beta * abs(speed)
    let smoothed = value.filter(raw, alpha: Self.alpha(cutoff: cutoff, elapsed))
    (self.value, self.derivative) = (value, derivative)
    return smoothed
  }

  /// Values are in another unit from now on; the speed is comparable anyway.
  mutating func scale(by factor: Float) { value?.scale(by: factor) }

  /// How much a new value counts so that a first-order low pass sampled at this interval has that cut-off in Hz.
  private static func alpha(cutoff: Float, _ elapsed: Float) -> Float {
    1 / (1 + 1 / (2 * .pi * cutoff * elapsed))
  }
}

/// A running mean in which a value's weight falls by the same part with each new one.
package struct LowPassFilter: Sendable {
  /// The last value as it came.
  private(set) var raw: Float
  private var smoothed: Float

  package init(_ first: Float) { (raw, smoothed) = (first, first) }

  /// Values are in another unit from now on.
  mutating func scale(by factor: Float) { (raw, smoothed) = (raw * factor, smoothed * factor) }

  /// The smoothed value.
  ///
  /// - Parameter alpha: how much the new value counts, 0...1.
  package mutating func filter(_ value: Float, alpha: Float) -> Float {
    raw = value
    smoothed += alpha * (value - smoothed)
    return smoothed
  }
}
