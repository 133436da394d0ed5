/// The 5th and 95th percentile of a signal's last minutes, in constant memory: counts in 512 steps round the first value,
/// halved when there are 3600, so that what is long past is forgotten.
struct RunningRange: Sendable {
  private static let steps = 512
  private static let most = 3600
  private static let share = 0.05
  private static let settled = 64
  private static let pause = 8

  private let width: Double
  private var origin: Double?
  private var counts = [UInt16](repeating: 0, count: Self.steps)
  private var total = 0
  /// Nil before the first value. Of a longer past they are looked up each eighth time: they hardly move.
  private(set) var percentiles: (low: Double, high: Double)?

  /// - Parameter width: of a step, in the signal's unit.
  init(width: Double) { self.width = width }

  mutating func add(_ value: Double) {
    let origin = origin ?? value - Double(Self.steps / 2) * width
    self.origin = origin
    let place = ((value - origin) / width).rounded(.down)
    counts[Int(max(0, min(place, Double(Self.steps - 1))))] += 1
    total += 1
    if total >= Self.most {
      for step in counts.indices { counts[step] /= 2 }
      total = counts.reduce(0) { $0 + Int($1) }
    }
    if total < Self.settled || total.isMultiple(of: Self.pause) { percentiles = current }
  }

  private var current: (low: Double, high: Double)? {
    guard let origin, total > 0 else { return nil }
    let rank = Int(Double(total) * Self.share)
    var (below, above) = (0, 0)
    let low = counts.firstIndex {
      below += Int($0)
      return below > rank
    }
    let high = counts.lastIndex {
      above += Int($0)
      return above > rank
    }
    guard let low, let high else { return nil }
    return (origin + (Double(low) + 0.5) * width, origin + (Double(high) + 0.5) * width)
  }
}
