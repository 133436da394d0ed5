/// Why a picture was not looked at.
///
/// What is wrong with the picture's bytes is an `ImageError`, with models and precisions an `InferenceError`.
public struct PoseError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. More may come: keep a `default` when switching.
  public struct Code: Sendable, Hashable {
    private enum Kind: String { case badOption, badTime, overloaded, tooLong }
    private let kind: Kind

    /// An option outside its range.
    public static let badOption = Code(kind: .badOption)
    /// A frame's time that is not after the last one's, or no number.
    public static let badTime = Code(kind: .badTime)
    /// More calls are waiting for an engine than ``EngineOptions/maxWaiting`` allows.
    public static let overloaded = Code(kind: .overloaded)

    /// A clip whose results take more room than a ``SecondPass`` may use.
    public static let tooLong = Code(kind: .tooLong)

    /// The stable word for logs and tests.
    public var name: String { kind.rawValue }
  }

  /// What kind of failure it is.
  public let code: Code
  /// What was given and what was wanted, for a person.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
