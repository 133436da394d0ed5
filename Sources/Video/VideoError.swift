/// Why a video could not be read or written, or not to its end.
public struct VideoError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. More may come: keep a `default` when switching.
  public struct Code: Sendable, Hashable {
    private enum Kind: String {
      case unreadable, empty, notAVideo, noVideo, unsupported, tooLarge, damaged
      case missingTool, noResources, timedOut
      case unwritable, badFrame
    }
    private let kind: Kind

    /// The file could not be opened or read at all; the message says why, without the path.
    public static let unreadable = Code(kind: .unreadable)
    /// No bytes at all, a folder without a picture, or a video to write without a frame.
    public static let empty = Code(kind: .empty)
    /// The content is no video file that is known.
    public static let notAVideo = Code(kind: .notAVideo)
    /// A known kind of file without moving pictures in it: sound alone, a cover, no frame.
    public static let noVideo = Code(kind: .noVideo)
    /// A codec, a kind of file or a kind of picture that is not read here.
    public static let unsupported = Code(kind: .unsupported)
    /// More pixels or bytes than the limits allow.
    public static let tooLarge = Code(kind: .tooLarge)
    /// The file is cut off or damaged. All whole frames before that were given.
    public static let damaged = Code(kind: .damaged)
    /// A program that is needed is not installed; the message names its package.
    public static let missingTool = Code(kind: .missingTool)
    /// This machine has no descriptors, processes, memory or disk left for it; it may be tried again.
    public static let noResources = Code(kind: .noResources)
    /// Nothing came from the decoder for too long, or the encoder took nothing.
    public static let timedOut = Code(kind: .timedOut)
    /// A video can't be written there, or not to its end; the message says where and why.
    public static let unwritable = Code(kind: .unwritable)
    /// A frame that does not fit into the video that is written, by its size or its time.
    public static let badFrame = Code(kind: .badFrame)

    /// The stable word for logs and tests: "damaged".
    public var name: String { kind.rawValue }
  }

  /// The last frame that was given before the failure.
  public struct Place: Sendable, Hashable {
    /// Which frame of the source, from 0.
    public let index: Int
    /// Its time in seconds, as in ``VideoFrame/time``.
    public let time: Double

    /// This frame at this time.
    public init(index: Int, time: Double) {
      self.index = index
      self.time = time
    }
  }

  /// What kind of failure it is.
  public let code: Code
  /// What was given and what was wanted, for a person; where a decoder complained, its words come last.
  public let message: String
  /// The last whole frame, for ``Code/damaged`` and ``Code/timedOut`` after at least one frame.
  public let lastFrame: Place?

  /// An error of the given kind.
  public init(_ code: Code, _ message: String, after lastFrame: Place? = nil) {
    self.code = code
    self.message = message
    self.lastFrame = lastFrame
  }

  /// The message.
  public var description: String { message }
}
