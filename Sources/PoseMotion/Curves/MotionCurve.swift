import Stance

/// A number over time, with gaps: an angle, a coordinate, a signal.
public struct MotionCurve: Sendable, Hashable {
  /// Rising, in seconds.
  public private(set) var times: [Double] = []
  /// As many as times; not a number where there is none.
  public private(set) var values: [Double] = []

  /// An empty curve.
  public init() {}

  /// A curve of the given points.
  ///
  /// - Parameter values: nil where there is none. Points whose time is not later than the one before are left out.
  public init(times: [Double], values: [Double?]) {
    for (time, value) in zip(times, values) { append(value, at: time) }
  }

  /// One more point; it is left out if its time is not later than the last one's.
  public mutating func append(_ value: Double?, at time: Double) {
    guard time.isFinite, times.last.map({ time > $0 }) ?? true else { return }
    times.append(time)
    values.append(value.map { $0.isFinite ? $0 : .nan } ?? .nan)
  }

  /// How far the values go, nil where there are none.
  public var range: ClosedRange<Double>? {
    let known = values.filter { !$0.isNaN }
    guard let least = known.min(), let most = known.max() else { return nil }
    return least...most
  }

  /// The same angle in degrees without leaps of a whole turn: each value is within 180° of the last that is known.
  public var unwrapped: MotionCurve {
    var curve = self
    var last: Double?
    for index in curve.values.indices where !curve.values[index].isNaN {
      if let last { curve.values[index] += 360 * ((last - curve.values[index]) / 360).rounded() }
      last = curve.values[index]
    }
    return curve
  }
}

extension MotionCurve {
  /// Values, and how fast they change, smoothed.
  public struct Smoothed: Sendable, Hashable {
    /// The values, without noise.
    public var values: MotionCurve
    /// By how much they change a second.
    public var speed: MotionCurve
    /// By how much that changes a second.
    public var acceleration: MotionCurve
  }

  /// A gap of so many seconds or more is not bridged.
  private static let greatestGap = 0.2

  /// The curve, its speed and its acceleration by a polynomial of order 3 in a sliding window (``SavitzkyGolay``).
  ///
  /// Gaps of 0.2 s or more stay gaps, and each stretch between them is smoothed for itself. Where times are not even, values
  /// are taken from straight lines at even times.
  ///
  /// - Parameter window: how many seconds the window has; at least five values.
  public func smoothed(window: Double = 0.25) -> Smoothed {
    var result = Smoothed(values: self, speed: blank, acceleration: blank)
    result.values = blank
    for stretch in stretches where stretch.count >= 2 {
      let places = stretch.filter { !values[$0].isNaN }
      let times = places.map { self.times[$0] }
      let span = (times.last ?? 0) - (times.first ?? 0)
      let grid = UniformGrid(times, usual: span / Double(max(1, times.count - 1)))
      let even = grid.resampled(places.map { values[$0] })
      // The largest window is a share of what is there; the product is small for any usual rate.
      let wanted = min(window / grid.spacing, Double(even.count))
      let filter = SavitzkyGolay(window: max(5, Int(wanted) / 2 * 2 + 1), order: 3)
      for (derivative, path) in [
        (0, \Smoothed.values), (1, \.speed), (2, \.acceleration),
      ] as [(Int, WritableKeyPath<Smoothed, MotionCurve>)] {
        let smooth = grid.sampledBack(
          filter.filtered(even, derivative: derivative, spacing: grid.spacing))
        for (place, value) in zip(places, smooth) { result[keyPath: path].values[place] = value }
      }
    }
    return result
  }

  /// The same times without values.
  private var blank: MotionCurve {
    var curve = self
    for index in curve.values.indices { curve.values[index] = .nan }
    return curve
  }

  /// From value to value, across gaps that are shorter.
  private var stretches: [ClosedRange<Int>] {
    var stretches: [ClosedRange<Int>] = []
    for index in values.indices where !values[index].isNaN {
      if let last = stretches.last,
        times[index] - times[last.upperBound] < Self.greatestGap
          || index == last.upperBound + 1
      {
        stretches[stretches.count - 1] = last.lowerBound...index
      } else {
        stretches.append(index...index)
      }
    }
    return stretches
  }
}
