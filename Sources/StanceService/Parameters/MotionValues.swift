package import Options
package import PoseMotion
package import Stance

/// "all", or names of angles with commas between.
package struct AngleNames: Sendable, Hashable, OptionValue {
  /// In the order in which they were named.
  package let angles: [Angle]

  /// Every angle that has a name of its own.
  package static let all = AngleNames(angles: Angle.all)

  package static var kind: ValueKind { .angles }

  private init(angles: [Angle]) { self.angles = angles }

  package init?(optionText: String) {
    guard optionText != "all" else {
      self = .all
      return
    }
    let words = optionText.split(separator: ",", omittingEmptySubsequences: false)
    let angles = words.compactMap { Angle(name: String($0)) }
    guard angles.count == words.count, Set(angles).count == angles.count else { return nil }
    self.angles = angles
  }

  package var optionText: String {
    self == .all ? "all" : angles.map(\.name).joined(separator: ",")
  }
}

extension MotionOptions.Counting: OptionValue {
  package static var kind: ValueKind { .exercise }

  package init?(optionText: String) {
    switch optionText {
    case "off": self = .off
    case "auto": self = .auto
    default:
      guard let exercise = Exercise(name: optionText) else { return nil }
      self = .exercise(exercise)
    }
  }

  package var optionText: String {
    switch self {
    case .off: "off"
    case .auto: "auto"
    case .exercise(let exercise): exercise.name
    }
  }
}

extension AngleConvention: OptionValue {}

extension LandmarkName: OptionValue {
  package static var kind: ValueKind { .landmark }
  package init?(optionText: String) { self.init(rawValue: optionText) }
  package var optionText: String { rawValue }
}
