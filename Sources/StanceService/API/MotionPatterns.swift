import PoseMotion
import Stance

/// Which texts name angles and exercises, as regular expressions (ECMA-262).
enum MotionPatterns {
  /// "all", or angles with commas between, none twice.
  static let angles =
    #"^(?:all|(?!(?:.*,)?([^,]+),(?:.*,)?\1(?:,|$))\#(angle)(?:,\#(angle)){0,15})$"#

  /// "off", "auto", an exercise, an angle, or a landmark's height.
  static let exercise =
    "^(?:off|auto|\(either(Exercise.all.map(\.name)))|\(angle)|height:\(either(landmarks)))$"

  private static let angle = "(?:\(either(Angle.all.map(\.name)))|\(threeLandmarks))"

  /// Three landmarks, none of which stands there twice.
  private static let threeLandmarks: String = {
    let outer = either(landmarks.map { "\($0)-[a-zA-Z]+-\($0)" })
    let first = either(landmarks.map { "\($0)-\($0)-" })
    let last = either(landmarks.map { "\($0)-\($0)" })
    let one = either(landmarks)
    return "(?!\(outer)(?![a-zA-Z])|\(first)|[a-zA-Z]+-\(last)(?![a-zA-Z]))\(one)-\(one)-\(one)"
  }()

  private static let landmarks = LandmarkName.allCases.map(\.rawValue)

  private static func either(_ words: [String]) -> String {
    "(?:\(words.joined(separator: "|")))"
  }
}
