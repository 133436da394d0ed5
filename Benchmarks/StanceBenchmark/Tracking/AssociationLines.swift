import FoundationEssentials
import Stance

/// Reads bodies a line from standard input and answers each line with their ids.
///
/// A line is `{"sequence": "name", "time": 0.04, "bodies": [[[x, y] or null, …], …]}`, joints in pixels and always the same
/// ones in the same order; the answer `{"ids": [3, null, …]}` has one a body. Another sequence is begun with nobody known.
struct AssociationLines {
  private struct Line: Decodable {
    var sequence: String
    var time: Double
    var bodies: [[[Float]?]]
  }

  private let minSights: Int

  init(_ arguments: Arguments) { minSights = arguments.minSights }

  func answer() throws {
    let decoder = JSONDecoder()
    var sequence: String?
    var association = AssociationUnderTest(minSights: minSights)
    while let text = readLine() {
      let line = try decoder.decode(Line.self, from: Data(text.utf8))
      if line.sequence != sequence { association = AssociationUnderTest(minSights: minSights) }
      sequence = line.sequence
      let ids = association.ids(of: try line.bodies.map(shape), at: line.time)
      print("{\"ids\":[\(ids.map { $0?.description ?? "null" }.joined(separator: ","))]}")
    }
  }

  private func shape(_ joints: [[Float]?]) throws -> BodyShape {
    BodyShape(
      joints: try joints.map { joint in
        guard let joint else { return nil }
        guard joint.count == 2 else { throw Arguments.UsageError("a joint is [x, y] or null") }
        return Point(x: joint[0], y: joint[1])
      })
  }
}
