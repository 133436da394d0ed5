/// How people are followed from frame to frame.
public struct TrackingOptions: Sendable, Hashable {
  /// Whom to follow, when it is one only: nobody else costs a pass of the landmark model.
  public enum Follow: Sendable, Hashable {
    /// The person of that id; until the id is given everybody.
    case id(Int)
    /// The one who is largest in the picture when the following begins.
    case largest
    /// The one nearest to the picture's centre when the following begins.
    case nearestToCenter
  }

  /// How landmarks are smoothed. One Euro by default.
  public var smoothing: Smoothing
  /// For how many seconds of the source a person out of sight is remembered, to get the same id back. 3 by default, 60 at
  /// most; after 3 only who also looks alike gets it.
  public var memory: Double
  /// The one person to follow; nil, the default, is everybody.
  public var follow: Follow?

  /// Options; each has a default.
  public init(smoothing: Smoothing = .oneEuro, memory: Double = 3, follow: Follow? = nil) {
    self.smoothing = smoothing
    self.memory = memory
    self.follow = follow
  }
}

/// As options and files of results write it: "largest", "centre", or the id.
extension TrackingOptions.Follow: RawRepresentable, CustomStringConvertible {
  /// Reads the word; nil when it is neither "largest" nor "centre" nor a number from 1 on.
  public init?(rawValue: String) {
    switch rawValue {
    case "largest": self = .largest
    case "centre": self = .nearestToCenter
    default:
      guard let id = Int(rawValue), id >= 1 else { return nil }
      self = .id(id)
    }
  }

  /// The word.
  public var rawValue: String {
    switch self {
    case .id(let id): "\(id)"
    case .largest: "largest"
    case .nearestToCenter: "centre"
    }
  }

  /// The word.
  public var description: String { rawValue }
}

extension TrackingOptions {
  /// The longest memory in seconds.
  public static let maxMemory = 60.0

  /// - Throws: `PoseError` with `.badOption` when a number is outside its range.
  func validate() throws(PoseError) {
    guard memory >= 0, memory <= Self.maxMemory else {
      throw PoseError(
        .badOption, "memory is \(memory) seconds; it must be from 0 to \(Int(Self.maxMemory))")
    }
    if case .id(let id) = follow, id < 1 {
      throw PoseError(.badOption, "the id to follow is \(id); ids count from 1")
    }
  }
}
