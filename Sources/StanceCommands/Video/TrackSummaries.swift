import Stance

/// Everybody who was in a video, for a person at a terminal: one line each.
struct TrackSummaries {
  private struct Summary {
    let first: Double
    var last: Double
    var frames = 0
    var confidence: Double = 0
  }

  private var summaries: [Int: Summary] = [:]
  private var frames = 0

  /// Takes in who is in a frame.
  mutating func add(_ frame: TrackedFrame) {
    frames += 1
    for person in frame.people {
      guard let id = person.id else { continue }
      var summary = summaries[id] ?? Summary(first: frame.time, last: frame.time)
      summary.last = frame.time
      summary.frames += 1
      summary.confidence += Double(person.confidence)
      summaries[id] = summary
    }
  }

  /// One line for each person in order of the ids; one that says so when there was nobody.
  func text(file: String) -> String {
    guard !summaries.isEmpty else {
      return "\(file.onOneLine): nobody found in \(frames) frames\n"
    }
    return summaries.sorted { $0.key < $1.key }.map { id, summary in
      let confidence = summary.confidence / Double(summary.frames)
      return "\(file.onOneLine): person \(id), \(summary.first.fixed(places: 2)) s to "
        + "\(summary.last.fixed(places: 2)) s, in \(summary.frames) of \(frames) frames, "
        + "confidence \(confidence.fixed(places: 2))\n"
    }.joined()
  }
}
