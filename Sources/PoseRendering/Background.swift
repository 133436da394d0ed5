/// What takes the place of everything in a picture that is no person.
public enum Background: Sendable, Hashable {
  /// A colour; where it is translucent, what was there shines through.
  case color(Color)
  /// What was there, blurred so that nobody is recognised.
  case blur
  /// Nothing, "none" in options: the picture is transparent there. ``SkeletonRenderer/cutOut(_:from:)`` makes it.
  case transparent
}

extension Background: LosslessStringConvertible {
  /// A background from "blur", "none" or what ``Color`` reads; nil for anything else.
  public init?(_ description: String) {
    switch description.lowercased() {
    case "blur": self = .blur
    case "none": self = .transparent
    default:
      guard let color = Color(description) else { return nil }
      self = .color(color)
    }
  }

  /// "blur", "none", or the colour; ``init(_:)`` reads it back.
  public var description: String {
    switch self {
    case .color(let color): color.description
    case .blur: "blur"
    case .transparent: "none"
    }
  }
}
