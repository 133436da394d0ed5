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
    var cleaned = values
    // One array for all windows: a new one for each would take most of the time.
    var window: [Double] = []
    for index in values.indices {
      window.removeAll(keepingCapacity: true)
      window.append(
        contentsOf: values[max(0, index - reach)..<min(values.count, index + reach + 1)])
      let median = sortedMiddle(&window)
      for place in window.indices { window[place] = abs(window[place] - median) }
      let deviation = sortedMiddle(&window)
      if abs(values[index] - median) > deviations * scale * deviation { cleaned[index] = median }
    }
    return cleaned
  }

  private static func sortedMiddle(_ values: inout [Double]) -> Double {
    values.sort()
    let half = values.count / 2
    return values.count.isMultiple(of: 2) ? (values[half - 1] + values[half]) / 2 : values[half]
  }
}
