import Stance

/// A result for a person at a terminal: one line for each person found.
enum ReadableLines {
  static func text(for result: PoseResult, file: String) -> String {
    guard !result.people.isEmpty else { return "\(file.onOneLine): nobody found\n" }
    return result.people.enumerated().map { index, person in
      let box = person.box
      let seen = person.landmarks.count(where: \.seen)
      return
        "\(file.onOneLine): person \(index + 1) of \(result.people.count), "
        + "score \(person.score.fixed(places: 2)), presence \(person.presence.fixed(places: 2)), "
        + "box \(box.width.fixed(places: 0))x\(box.height.fixed(places: 0)) at "
        + "(\(box.x.fixed(places: 0)), \(box.y.fixed(places: 0))), "
        + "\(seen) of \(person.landmarks.count) landmarks seen\n"
    }.joined()
  }
}
