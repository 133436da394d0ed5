/// What kind of value an option takes: for help, errors, completion and interface descriptions.
package enum ValueKind: Sendable, Hashable {
  /// Yes or no; on the command line it takes no word.
  case flag
  case integer, number, text, duration, color
  /// What takes the place of what is no person.
  case background
  /// A rectangle: left, top, width, height.
  case rectangle
  /// A time in a clip.
  case clipTime
  /// Whom of many to follow.
  case followed
  /// How tall somebody is.
  case bodyHeight
  /// Joint angles, by name.
  case angles
  /// What to count.
  case exercise
  /// One of these words.
  case choice([String])
  /// A path.
  case file, folder

  /// What stands for the value in help, nil for a flag: "NUMBER", "f32|bf16".
  package var placeholder: String? {
    switch self {
    case .flag: nil
    case .integer, .number: "NUMBER"
    case .text: "TEXT"
    case .duration, .clipTime: "TIME"
    case .followed: "largest|centre|ID"
    case .bodyHeight: "METRES|ID=METRES"
    case .angles: "all|NAME,NAME"
    case .exercise: "auto|EXERCISE"
    case .color: "COLOR"
    case .background: "COLOR|blur|none"
    case .rectangle: "X,Y,W,H"
    case .choice(let words): words.joined(separator: "|")
    case .file: "FILE"
    case .folder: "FOLDER"
    }
  }

  /// What was wanted, for errors: "a whole number".
  package var expectation: String {
    switch self {
    case .flag: "yes or no"
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "a text"
    case .duration: "a time such as 250ms, 30s, 5m or 2h"
    case .clipTime: "a time such as 12.5 (seconds), 1:30 or 1:02:03"
    case .followed: "largest, centre, or an id: a whole number from 1 on"
    case .bodyHeight: "a height in metres such as 1.75, from 0.3 to 3, or an id's such as 2=1.75"
    case .angles:
      "all, or angles such as leftKnee,trunk or leftHip-leftKnee-leftAnkle (docs/motion.md lists them)"
    case .exercise:
      "auto, an exercise such as squat or push-up, an angle, or height: and a landmark (docs/motion.md lists them)"
    case .color: "a colour such as white or #ff8800"
    case .background: "a colour such as white or #ff8800, blur, or none"
    case .rectangle: "a rectangle: x,y,width,height in pixels, such as 100,50,300,400"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .file: "a file"
    case .folder: "a folder"
    }
  }

  /// What stands between the words of a list in a variable.
  package var separator: Character { self == .rectangle ? ";" : "," }
}
