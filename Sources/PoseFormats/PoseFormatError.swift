/// Why a result could not be written in a format, or read from one.
public struct PoseFormatError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. More may come: keep a `default` when switching.
  public struct Code: Sendable, Hashable {
    private enum Kind: String { case notFinite, unreadable, unsuitable }
    private let kind: Kind

    /// A number of the result is infinite or not a number, which no format shows.
    public static let notFinite = Code(kind: .notFinite)
    /// What was to be read is no such result; the message says what is wrong with it.
    public static let unreadable = Code(kind: .unreadable)
    /// What was to be written has no place in the format; the message says why.
    public static let unsuitable = Code(kind: .unsuitable)

    /// The stable word for logs and tests.
    public var name: String { kind.rawValue }
  }

  /// What kind of failure it is.
  public let code: Code
  /// What was given and what was wanted, for a person.
  public let message: String

  /// The message.
  public var description: String { message }
}
