// Stand-in until the rendering branch is merged: delete this file then.
public import Images
public import Stance

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

/// How people are drawn. The defaults are the well-known look: red joints on white bones.
public struct DrawingStyle: Sendable, Hashable {
  /// The dots. Red by default.
  public var jointColor: Color
  /// The lines between them. White by default.
  public var boneColor: Color
  /// Joints and bones of the person's left half; nil (the default) leaves them as the others.
  public var leftColor: Color?
  /// Joints and bones of the person's right half; nil (the default) leaves them as the others.
  public var rightColor: Color?
  /// A thin edge round joints and bones, which keeps white lines visible on white walls. Black at 45 % by
  /// default; nil for none.
  public var outlineColor: Color?
  /// Width of the bones in pixels, at most ``maxStroke``; nil (the default) suits picture and person.
  public var thickness: Float?
  /// Radius of the joints in pixels, at most ``maxStroke``; nil (the default) suits picture and person.
  public var radius: Float?
  /// Whether joints are drawn. True by default.
  public var showsJoints: Bool
  /// Whether bones are drawn. True by default.
  public var showsBones: Bool
  /// Whether the joints' names are written beside them, where there is room. False by default.
  public var showsLabels: Bool
  /// A joint whose visibility is lower is unlikely. 0.5 by default, as MediaPipe's own drawing has it.
  public var minVisibility: Float
  /// What becomes of unlikely joints. Left out by default, as by MediaPipe's own drawing.
  public var unlikelyJoints: UnlikelyJoints
  /// Tints the people who have a mask, under the skeleton; nil (the default) leaves them as they are.
  public var maskColor: Color?
  /// How strong the tint is where the mask is surest, 0...1. 0.5 by default.
  public var maskOpacity: Float

  /// The upper bound of ``thickness`` and ``radius`` in pixels.
  public static let maxStroke: Float = 1000

  /// A style; everything has a default.
  public init(
    jointColor: Color = .red, boneColor: Color = .white, leftColor: Color? = nil,
    rightColor: Color? = nil, outlineColor: Color? = Color(red: 0, green: 0, blue: 0, alpha: 115),
    thickness: Float? = nil, radius: Float? = nil, showsJoints: Bool = true,
    showsBones: Bool = true, showsLabels: Bool = false, minVisibility: Float = 0.5,
    unlikelyJoints: UnlikelyJoints = .omit, maskColor: Color? = nil, maskOpacity: Float = 0.5
  ) {
    self.jointColor = jointColor
    self.boneColor = boneColor
    self.leftColor = leftColor
    self.rightColor = rightColor
    self.outlineColor = outlineColor
    self.thickness = thickness
    self.radius = radius
    self.showsJoints = showsJoints
    self.showsBones = showsBones
    self.showsLabels = showsLabels
    self.minVisibility = minVisibility
    self.unlikelyJoints = unlikelyJoints
    self.maskColor = maskColor
    self.maskOpacity = maskOpacity
  }
}

/// What a drawing does with joints whose visibility is below ``DrawingStyle/minVisibility``.
///
/// The raw value is the word that options use.
public enum UnlikelyJoints: String, Sendable, Hashable, CaseIterable {
  /// Like any other.
  case draw
  /// As a ring, with thinner and fainter bones.
  case hollow
  /// Not at all, nor the bones that end there.
  case omit
}

/// Draws people on pictures.
public struct SkeletonRenderer: Sendable {
  /// A renderer of that style.
  public init(style: DrawingStyle = .init()) {}

  /// Draws people on a picture.
  public func draw(_ people: [Person], on image: inout Image) throws {}
}
