/// An sRGB colour with opacity, written "#rrggbb" or "#rrggbbaa".
public struct Color: Sendable, Hashable {
  /// 0...255.
  public var red: UInt8
  /// 0...255.
  public var green: UInt8
  /// 0...255.
  public var blue: UInt8
  /// 0 (invisible) ... 255 (opaque).
  public var alpha: UInt8

  /// A colour of the given parts, opaque unless told otherwise.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// #ff0000.
  public static let red = Color(red: 255, green: 0, blue: 0)
  /// #ffffff.
  public static let white = Color(red: 255, green: 255, blue: 255)
  /// #000000.
  public static let black = Color(red: 0, green: 0, blue: 0)

  /// The same colour with another opacity, 0...1; clamped.
  func faded(to opacity: Double) -> Color {
    var color = self
    color.alpha = UInt8((Double(alpha) * min(max(opacity, 0), 1)).rounded())
    return color
  }
}

extension Color: LosslessStringConvertible {
  /// A colour from "#rgb", "#rgba", "#rrggbb", "#rrggbbaa" or one of ``names``; capitals and small letters
  /// are the same. Nil for anything else.
  public init?(_ description: String) {
    guard description.hasPrefix("#") else {
      guard let color = Self.named[description.lowercased()] else { return nil }
      self = color
      return
    }
    let digits = description.utf8.dropFirst().prefix(9).compactMap(Self.hexValue)
    guard digits.count == description.utf8.count - 1 else { return nil }
    let parts: [UInt8]
    switch digits.count {
    case 3, 4: parts = digits.map { $0 * 17 }
    case 6, 8:
      parts = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 16 + digits[$0 + 1] }
    default: return nil
    }
    self.init(
      red: parts[0], green: parts[1], blue: parts[2], alpha: parts.count == 4 ? parts[3] : 255)
  }

  /// "#rrggbb", and "#rrggbbaa" when it is not opaque; ``init(_:)`` reads it back.
  public var description: String {
    let parts = alpha == 255 ? [red, green, blue] : [red, green, blue, alpha]
    return parts.reduce(into: "#") { text, part in
      text += (part < 16 ? "0" : "") + String(part, radix: 16)
    }
  }

  private static func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Color {
  /// The names that ``init(_:)`` knows, in alphabetical order.
  public static var names: [String] { named.keys.sorted() }

  /// The basic colours of CSS (https://www.w3.org/TR/css-color-4/#named-colors) with its other spellings of
  /// them, and orange.
  private static let named: [String: Color] = [
    "aqua": Color(red: 0, green: 255, blue: 255),
    "black": .black,
    "blue": Color(red: 0, green: 0, blue: 255),
    "cyan": Color(red: 0, green: 255, blue: 255),
    "fuchsia": Color(red: 255, green: 0, blue: 255),
    "gray": Color(red: 128, green: 128, blue: 128),
    "green": Color(red: 0, green: 128, blue: 0),
    "grey": Color(red: 128, green: 128, blue: 128),
    "lime": Color(red: 0, green: 255, blue: 0),
    "magenta": Color(red: 255, green: 0, blue: 255),
    "maroon": Color(red: 128, green: 0, blue: 0),
    "navy": Color(red: 0, green: 0, blue: 128),
    "olive": Color(red: 128, green: 128, blue: 0),
    "orange": Color(red: 255, green: 165, blue: 0),
    "purple": Color(red: 128, green: 0, blue: 128),
    "red": .red,
    "silver": Color(red: 192, green: 192, blue: 192),
    "teal": Color(red: 0, green: 128, blue: 128),
    "white": .white,
    "yellow": Color(red: 255, green: 255, blue: 0),
  ]
}
