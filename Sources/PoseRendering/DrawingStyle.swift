/// How people are drawn. The defaults are the well-known look: red joints on white bones.
public struct DrawingStyle: Sendable, Hashable {
  /// The dots; nil (the default): red, and on people of a clip a light tint of the id's colour.
  public var jointColor: Color?
  /// The lines between them; nil (the default): white, and on people of a clip the colour of the id.
  public var boneColor: Color?
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
  /// What becomes of joints that were guessed, not ``Landmark/seen``. Hollow by default.
  public var guessed: GuessedJoints
  /// A joint whose visibility is lower is left out, with its bones. 0 by default; MediaPipe's own drawing has 0.5.
  public var minVisibility: Float
  /// Tints the people who have a mask, under the skeleton; nil (the default) leaves them as they are.
  public var maskColor: Color?
  /// How strong the tint is where the mask is surest, 0...1. 0.5 by default.
  public var maskOpacity: Float
  /// What takes the place of everything that is no person, by the people's masks; nil (the default) leaves it as it is.
  public var background: Background?

  /// The upper bound of ``thickness`` and ``radius`` in pixels.
  public static let maxStroke: Float = 1000

  /// A style; everything has a default.
  public init(
    jointColor: Color? = nil, boneColor: Color? = nil, leftColor: Color? = nil,
    rightColor: Color? = nil, outlineColor: Color? = Color(red: 0, green: 0, blue: 0, alpha: 115),
    thickness: Float? = nil, radius: Float? = nil, showsJoints: Bool = true,
    showsBones: Bool = true, showsLabels: Bool = false, guessed: GuessedJoints = .hollow,
    minVisibility: Float = 0, maskColor: Color? = nil, maskOpacity: Float = 0.5,
    background: Background? = nil
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
    self.guessed = guessed
    self.minVisibility = minVisibility
    self.maskColor = maskColor
    self.maskOpacity = maskOpacity
    self.background = background
  }

  /// Whether people are drawn by their masks, so that segmentation has to find them.
  package var needsMasks: Bool { maskColor != nil || background != nil }
}

/// What a drawing does with joints that were guessed, not ``Landmark/seen``.
///
/// The raw value is the word that options use.
public enum GuessedJoints: String, Sendable, Hashable, CaseIterable {
  /// As a ring, with thinner and fainter bones.
  case hollow
  /// Not at all, nor the bones that end there.
  case hidden
  /// Like any other.
  case plain
}
