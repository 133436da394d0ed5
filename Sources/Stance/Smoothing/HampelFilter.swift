/// Values that lie far outside their neighbours' are replaced by the median of these.
///
/// Hampel's identifier in a sliding window (Pearson et al., "Generalized Hampel Filters", 2016): what is farther from the
/// window's median than so many times 1.4826 median absolute deviations, which is the standard deviation of normal noise.
/// Ramps and steps stay as they are.
package enum HampelFilter {
  /// So many neighbours on each side, and the value itself, make the window of 7.
  static let reach = 3
  /// From so many standard deviations on a value is an outlier.
  static let deviations = 2.0
  private static let scale = 1.4826

  /// The values without outliers. At the ends the window is shorter.
  package static func cleaned(_ values: [Double]) -> [Double] {
    values.indices.map { index in
      let window = values[max(0, index - reach)..<min(values.count, index + reach + 1)]
      let median = middle(window)
      let deviation = middle(window.map { abs($0 - median) })
      return abs(values[index] - median) > deviations * scale * deviation ? median : values[index]
    }
  }

  private static func middle(_ values: some Sequence<Double>) -> Double {
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
  }
}
