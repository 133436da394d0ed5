/// Why a pose was not drawn.
public struct RenderingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. More may come: keep a `default` when switching.
  public struct Code: Sendable, Hashable {
    private enum Kind: String { case maskSizeMismatch, noTransparency, drawingFailed }
    private let kind: Kind

    /// A person's mask is not of the picture's size.
    public static let maskSizeMismatch = Code(kind: .maskSizeMismatch)
    /// A transparent background was asked of a picture that can't have one.
    public static let noTransparency = Code(kind: .noTransparency)
    /// Cairo refused: out of memory, as a rule.
    public static let drawingFailed = Code(kind: .drawingFailed)

    /// The stable word for logs and tests: "drawingFailed".
    public var name: String { kind.rawValue }
  }

  /// What kind of failure it is.
  public let code: Code
  /// What was given and what was wanted, for a person.
  public let message: String

  /// An error of the given kind.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
