import Stance
import TestSupport
import Testing

@Suite("The cheapest assignment")
struct AssignmentTests {
  /// The most pairs that can be, and what the cheapest of such assignments costs.
  private static func best(_ costs: [[Float]], from row: Int = 0, taken: Set<Int> = [])
    -> (pairs: Int, cost: Double)
  {
    guard row < costs.count else { return (0, 0) }
    var best = best(costs, from: row + 1, taken: taken)
    for (column, cost) in costs[row].enumerated() where cost.isFinite && !taken.contains(column) {
      let rest = Self.best(costs, from: row + 1, taken: taken.union([column]))
      let with = (pairs: rest.pairs + 1, cost: rest.cost + Double(cost))
      if with.pairs > best.pairs || with.pairs == best.pairs && with.cost < best.cost {
        best = with
      }
    }
    return best
  }

  @Test("as many pairs as can be, and the cheapest of those, as trying all shows")
  func bruteForce() {
    var random = SplitMix(seed: 13)
    for trial in 0..<2000 {
      let (rows, columns) = (Int.random(in: 1...5, using: &random), trial % 6)
      let forbidden = Float.random(in: 0...0.8, using: &random)
      let costs = (0..<rows).map { _ in
        (0..<columns).map { _ in
          Float.random(in: 0...1, using: &random) < forbidden
            ? Float.infinity : Float.random(in: 0...2, using: &random)
        }
      }
      let assigned = Assignment.cheapest(costs)
      let pairs = zip(costs, assigned).compactMap { row, column in column.map { row[$0] } }
      let best = Self.best(costs)
      #expect(assigned.count == rows)
      #expect(Set(assigned.compactMap(\.self)).count == pairs.count, "no column twice")
      #expect(pairs.count == best.pairs, "\(costs)")
      // Potentials are sums of doubles up to a few millions.
      #expect(abs(pairs.reduce(0) { $0 + Double($1) } - best.cost) < 1e-6, "\(costs)")
      #expect(pairs.allSatisfy { $0.isFinite })
    }
  }

  @Test("of nothing nothing is assigned")
  func empty() {
    #expect(Assignment.cheapest([]).isEmpty)
    #expect(Assignment.cheapest([[], [], []]) == [nil, nil, nil])
  }

  @Test("what can't be is not assigned")
  func forbidden() {
    #expect(Assignment.cheapest([[.infinity, .nan], [.infinity, .infinity]]) == [nil, nil])
    #expect(Assignment.cheapest([[.infinity, 1], [.infinity, 0.5]]) == [nil, 1])
  }

  @Test("somebody's best match goes to another if all together are better off")
  func notGreedy() {
    #expect(Assignment.cheapest([[0.1, 0.2], [0.15, 2]]) == [1, 0])
  }
}
