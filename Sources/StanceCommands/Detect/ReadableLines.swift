import Stance

/// A result for a person at a terminal: one line for each person found.
enum ReadableLines {
  static func text(for result: PoseResult, file: String) -> String {
    let people = result.people
    var lines = people.enumerated().map {
      "person \($0 + 1) of \(result.peopleFound), \($1.summary)"
    }
    if people.isEmpty { lines.append("nobody found") }
    let leftOut = result.peopleFound - people.count
    if leftOut > 0 { lines.append("\(leftOut) more left out by --max-people") }
    return lines.map { "\(file.onOneLine): \($0)\n" }.joined()
  }
}

extension Person {
  /// How sure this person is, where, and how much of the body was seen.
  fileprivate var summary: String {
    "confidence \(confidence.fixed(places: 2)), "
      + (score.map { "score \($0.fixed(places: 2)), " } ?? "")
      + "presence \(presence.fixed(places: 2)), "
      + "box \(box.width.fixed(places: 0))x\(box.height.fixed(places: 0)) at "
      + "(\(box.x.fixed(places: 0)), \(box.y.fixed(places: 0))), "
      + "\(landmarks.count(where: \.seen)) of \(landmarks.count) landmarks seen"
  }
}
