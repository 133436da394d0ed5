import PoseMotion
import Stance

/// A result for a person at a terminal: one line for each person found.
enum ReadableLines {
  static func text(
    for result: PoseResult, file: String, measuring options: MotionOptions = MotionOptions()
  ) -> String {
    let people = result.people
    let motions = MotionAnalyser.still(result, options).people
    var lines = zip(people, motions).enumerated().map { place, pair in
      (["person \(place + 1) of \(result.peopleFound)", pair.0.summary] + pair.1.words)
        .joined(separator: ", ")
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

extension PersonMotion {
  /// What was asked for: "leftKnee 71 (71 in the picture)", "standing".
  fileprivate var words: [String] {
    angles.map { reading in
      let name = reading.angle.name
      return switch (reading.world.value, reading.plane.value) {
      case (let world?, let plane?):
        "\(name) \(world.fixed(places: 0)) (\(plane.fixed(places: 0)) in the picture)"
      case (let world?, nil): "\(name) \(world.fixed(places: 0))"
      case (nil, _): "\(name) not seen"
      }
    } + (posture?.words ?? [])
  }
}

extension PostureReading {
  fileprivate var words: [String] {
    [
      posture.stand?.rawValue, posture.handsUp == true ? "hands up" : nil,
      label.map { label in "like \(label) (\((confidence ?? 0).fixed(places: 2)))" },
    ].compactMap(\.self)
  }
}
