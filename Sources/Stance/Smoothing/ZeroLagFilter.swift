import Glibc

/// Butterworth's low pass of order 2, run forwards and backwards over evenly spaced values: no lag.
///
/// The same numbers as SciPy's `filtfilt(*butter(2, frequency, fs=rate), values)` to the rounding: the values are
/// prolonged at both ends, turned about the last one, by 9 values, and each run begins as if the first value had been
/// there for ever. Of fewer than 10 values, which SciPy refuses, all but one are used to prolong.
package struct ZeroLagFilter: Sendable {
  /// By how much values are prolonged: three times the number of coefficients, as SciPy has it.
  private static let padding = 9

  private let b: (Double, Double, Double)
  private let a: (Double, Double)

  /// - Parameters:
  ///   - frequency: the −3 dB point of one run, in Hz, below half of the rate.
  ///   - rate: in Hz.
  package init(frequency: Double, rate: Double) {
    let warped = tan(.pi * frequency / rate)
    let gain = 1 / (1 + 2.0.squareRoot() * warped + warped * warped)
    let first = warped * warped * gain
    b = (first, 2 * first, first)
    a = (
      2 * (warped * warped - 1) * gain,
      (1 - 2.0.squareRoot() * warped + warped * warped) * gain
    )
  }

  /// The smoothed values, as many as there were.
  package func filtered(_ values: [Double]) -> [Double] {
    guard values.count > 1, let first = values.first, let last = values.last else { return values }
    let padding = min(Self.padding, values.count - 1)
    var signal: [Double] = []
    signal.reserveCapacity(values.count + 2 * padding)
    for distance in stride(from: padding, through: 1, by: -1) {
      signal.append(2 * first - values[distance])
    }
    signal += values
    for distance in 1...padding { signal.append(2 * last - values[values.count - 1 - distance]) }
    run(&signal)
    signal.reverse()
    run(&signal)
    signal.reverse()
    return Array(signal[padding..<padding + values.count])
  }

  /// One run, in direct form II transposed.
  private func run(_ signal: inout [Double]) {
    guard let first = signal.first else { return }
    // What the two delays hold when the first value has been there for ever.
    var later = (b.2 - a.1) * first
    var next = (b.1 - a.0) * first + later
    for index in signal.indices {
      let value = signal[index]
      let result = b.0 * value + next
      next = b.1 * value - a.0 * result + later
      later = b.2 * value - a.1 * result
      signal[index] = result
    }
  }
}
