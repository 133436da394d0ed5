/// Why bytes did not become a picture, or a picture did not become bytes.
public struct ImageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. More may come: keep a `default` when switching.
  public struct Code: Sendable, Hashable {
    private enum Kind: String {
      case empty, notAnImage, unsupportedFormat, truncated, corrupt, tooLarge, invalidDimensions
      case missingTool, noResources, timedOut, encodingFailed, unreadableFile
    }
    private let kind: Kind

    /// No bytes at all.
    public static let empty = Code(kind: .empty)
    /// The content is no picture format that is known.
    public static let notAnImage = Code(kind: .notAnImage)
    /// A known format that is not read, or not written.
    public static let unsupportedFormat = Code(kind: .unsupportedFormat)
    /// The data ends too early.
    public static let truncated = Code(kind: .truncated)
    /// The data is damaged.
    public static let corrupt = Code(kind: .corrupt)
    /// More pixels or bytes than the limits allow.
    public static let tooLarge = Code(kind: .tooLarge)
    /// A width or height of zero.
    public static let invalidDimensions = Code(kind: .invalidDimensions)
    /// A program or library that this format needs is not installed; the message names its package.
    public static let missingTool = Code(kind: .missingTool)
    /// This machine has no descriptors, processes or memory left for a decoder: the picture has not been looked at, and may
    /// be tried again.
    public static let noResources = Code(kind: .noResources)
    /// Decoding took longer than the limits allow.
    public static let timedOut = Code(kind: .timedOut)
    /// The picture could not be written in the format.
    public static let encodingFailed = Code(kind: .encodingFailed)
    /// A file could not be read at all; the message says why, without the path.
    public static let unreadableFile = Code(kind: .unreadableFile)

    /// The stable word for logs and tests: "truncated".
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
