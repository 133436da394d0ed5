/// Evenly spaced times for values that come at other times.
package struct UniformGrid: Sendable {
  /// Times that are off by less than this part of the spacing are taken for even: a file's ticks are coarse.
  static let tolerance = 0.05
  /// There are at most so many times as many grid points as values.
  private static let maxRefinement = 8

  private let times: [Double]
  /// Seconds from one point to the next.
  package let spacing: Double
  /// How many points there are.
  package let count: Int
  /// Whether the values' own times will do.
  package let isEven: Bool

  /// A grid over rising times.
  ///
  /// - Parameters:
  ///   - times: at least two, in seconds.
  ///   - usual: the spacing that is wanted, in seconds; the grid's is close to it.
  package init(_ times: [Double], usual: Double) {
    let (first, last) = (times.first ?? 0, times.last ?? 0)
    let own = (last - first) / Double(max(1, times.count - 1))
    let isEven = times.indices.allSatisfy {
      abs(times[$0] - first - Double($0) * own) <= Self.tolerance * own
    }
    self.times = times
    self.isEven = isEven
    if isEven {
      (spacing, count) = (own, times.count)
    } else {
      let most = Double(Self.maxRefinement * times.count)
      count = 1 + Int(max(1, min(((last - first) / usual).rounded(), most)))
      spacing = (last - first) / Double(count - 1)
    }
  }

  /// The values on the grid, on straight lines between those that are known.
  package func resampled(_ values: [Double]) -> [Double] {
    guard !isEven, let first = times.first else { return values }
    var right = 1
    return (0..<count).map { point in
      let time = first + Double(point) * spacing
      while right < times.count - 1, times[right] < time { right += 1 }
      let part = (time - times[right - 1]) / (times[right] - times[right - 1])
      return values[right - 1] + min(1, part) * (values[right] - values[right - 1])
    }
  }

  /// What the grid's values are at the values' own times.
  package func sampledBack(_ grid: [Double]) -> [Double] {
    guard !isEven, let first = times.first else { return grid }
    return times.map { time in
      let place = (time - first) / spacing
      let left = min(Int(place), count - 2)
      return grid[left] + (place - Double(left)) * (grid[left + 1] - grid[left])
    }
  }
}
