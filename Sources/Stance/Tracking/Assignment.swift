/// The cheapest one-to-one assignment.
package enum Assignment {
  /// What a pair that can't be costs in the sum: more than all that can be.
  private static let forbidden = 1e6

  /// For each row the column that it is assigned to, nil for none: as many pairs of finite cost as can be, and of those
  /// assignments the cheapest.
  ///
  /// The Hungarian method with potentials, a shortest path for each row: O(rows² · columns) (Kuhn 1955; Jonker and
  /// Volgenant 1987).
  ///
  /// - Parameter costs: rows of equal length; infinite where a pair can't be.
  package static func cheapest(_ costs: [[Float]]) -> [Int?] {
    let (rows, columns) = (costs.count, costs.first?.count ?? 0)
    guard rows > 0, columns > 0 else { return Array(repeating: nil, count: rows) }
    // A column for each row lets every row go without.
    let width = columns + rows
    func cost(_ row: Int, _ column: Int) -> Double {
      guard column < columns, costs[row][column].isFinite else { return forbidden }
      return Double(costs[row][column])
    }
    // Row and column 0 are the path's start.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: width + 1)
    var rowOf = [Int](repeating: 0, count: width + 1)
    for row in 1...rows {
      rowOf[0] = row
      var column = 0
      var least = [Double](repeating: .infinity, count: width + 1)
      var previous = [Int](repeating: 0, count: width + 1)
      var isDone = [Bool](repeating: false, count: width + 1)
      repeat {
        isDone[column] = true
        let current = rowOf[column]
        var (step, next) = (Double.infinity, 0)
        for candidate in 1...width where !isDone[candidate] {
          let reduced =
            cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
          if reduced < least[candidate] {
            (least[candidate], previous[candidate]) = (reduced, column)
          }
          if least[candidate] < step { (step, next) = (least[candidate], candidate) }
        }
        for index in 0...width {
          if isDone[index] {
            rowPotential[rowOf[index]] += step
            columnPotential[index] -= step
          } else {
            least[index] -= step
          }
        }
        column = next
      } while rowOf[column] != 0
      while column != 0 {
        rowOf[column] = rowOf[previous[column]]
        column = previous[column]
      }
    }
    var result = [Int?](repeating: nil, count: rows)
    for column in 1...columns where rowOf[column] > 0 {
      let row = rowOf[column] - 1
      if costs[row][column - 1].isFinite { result[row] = column - 1 }
    }
    return result
  }
}
