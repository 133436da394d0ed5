import Stance

/// How often a whole curve repeats itself, by autocorrelation: a second opinion on a count, that knows no thresholds.
///
/// The period is the first peak of the curve's autocorrelation; the number is what fits between the first and the last time
/// that the curve is in the outer half of its range.
public struct SecondOpinion: Sendable, Hashable {
  /// Seconds from one repetition to the next.
  public var period: Double
  /// How alike the curve is to itself a period later, 0...1.
  public var likeness: Double
  /// How many turns there are, the last perhaps without a return.
  public var turns: Int

  /// Points that are compared: longer curves are looked at more coarsely.
  private static let mostPoints = 4096
  /// Times a second that the curve is looked at.
  private static let rate = 20.0
  /// In seconds.
  private static let leastPeriod = 0.3
  /// Below this the curve does not repeat itself.
  private static let leastLikeness = 0.4

  /// The opinion on a curve; nil where it has none: fewer than two periods, or no likeness.
  ///
  /// - Parameters:
  ///   - curve: of the signal; gaps are bridged by straight lines.
  ///   - leastRange: the signal's range in which there is nothing to repeat.
  public init?(_ curve: MotionCurve, leastRange: Double) {
    let known = curve.values.indices.filter { !curve.values[$0].isNaN }
    let times = known.map { curve.times[$0] }
    guard let first = times.first, let last = times.last, last > first, known.count >= 8 else {
      return nil
    }
    let spacing = max(1 / Self.rate, (last - first) / Double(Self.mostPoints))
    let values = Self.even(times, known.map { curve.values[$0] }, spacing)
    let sorted = values.sorted()
    let low = sorted[sorted.count / 20]
    let high = sorted[sorted.count - 1 - sorted.count / 20]
    guard high - low >= leastRange else { return nil }
    let least = max(1, Int((Self.leastPeriod / spacing).rounded()))
    guard let peak = Self.firstPeak(values, least: least), peak.likeness >= Self.leastLikeness
    else { return nil }
    let outer = Self.outerPeaks(values, (low + high) / 2)
    guard let begin = outer.first, let end = outer.last else { return nil }
    period = Double(peak.lag) * spacing
    likeness = peak.likeness
    turns = 1 + Int((Double(end - begin) / Double(peak.lag)).rounded())
  }

  /// Values at even times, on straight lines.
  private static func even(_ times: [Double], _ values: [Double], _ spacing: Double) -> [Double] {
    let first = times[0]
    let count = 1 + Int((times[times.count - 1] - first) / spacing)
    var right = 1
    return (0..<count).map { point in
      let time = first + Double(point) * spacing
      while right < times.count - 1, times[right] < time { right += 1 }
      let part = (time - times[right - 1]) / (times[right] - times[right - 1])
      return values[right - 1] + max(0, min(1, part)) * (values[right] - values[right - 1])
    }
  }

  /// The lag of the first peak of the autocorrelation after it has fallen below 0.
  private static func firstPeak(
    _ values: [Double], least: Int
  ) -> (lag: Int, likeness: Double)? {
    let mean = values.reduce(0, +) / Double(values.count)
    let centred = values.map { $0 - mean }
    var likeness: [Double] = []
    for lag in 0...max(least, values.count * 2 / 3) where lag < values.count - 1 {
      var (sum, early, late) = (0.0, 0.0, 0.0)
      for place in 0..<centred.count - lag {
        sum += centred[place] * centred[place + lag]
        early += centred[place] * centred[place]
        late += centred[place + lag] * centred[place + lag]
      }
      let power = (early * late).squareRoot()
      likeness.append(power > 0 ? sum / power : 0)
    }
    guard let fall = likeness.firstIndex(where: { $0 < 0 }) else { return nil }
    let start = max(fall, least)
    guard start < likeness.count - 1 else { return nil }
    // The first that comes near the highest: a multiple of the period is as like.
    let highest = likeness[start...].max() ?? 0
    return (start..<likeness.count - 1).first {
      likeness[$0] >= 0.8 * highest && likeness[$0] >= likeness[$0 + 1]
        && likeness[$0] >= likeness[max(0, $0 - 1)]
    }.map { ($0, likeness[$0]) }
  }

  /// Where each piece above a level is highest.
  private static func outerPeaks(_ values: [Double], _ level: Double) -> [Int] {
    var peaks: [Int] = []
    var current: Int?
    for (place, value) in values.enumerated() {
      if value > level {
        if current.map({ value > values[$0] }) ?? true { current = place }
      } else if let peak = current {
        peaks.append(peak)
        current = nil
      }
    }
    if let current { peaks.append(current) }
    return peaks
  }
}
