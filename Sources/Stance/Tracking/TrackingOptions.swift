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

  /// How often a file is gone through: 1, the default, or 2, where a ``SecondPass`` mends what the first one said. Smoothing
  /// without lag needs 2. Live pictures have one.
  public var passes: Int
  /// From this frequency on, in Hz, smoothing without lag takes more than half of the power away. 6 by default.
  public var cutoff: Double
  /// Whether people keep their landmarks as the model gave them, ``Person/raw``. Off by default.
  public var keepsRaw: Bool

  /// Options; each has a default.
  ///
  /// - Parameter passes: nil: as many as the smoothing needs.
  public init(
    smoothing: Smoothing = .oneEuro, memory: Double = 3, follow: Follow? = nil,
    passes: Int? = nil, cutoff: Double = 6, keepsRaw: Bool = false
  ) {
    self.smoothing = smoothing
    self.memory = memory
    self.follow = follow
    self.passes = passes ?? smoothing.passes
    self.cutoff = cutoff
    self.keepsRaw = keepsRaw
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
  /// The cut-offs that can be asked for, in Hz.
  public static let cutoffs = 0.01...1000.0

  /// What the first of two passes smooths by: not at all, since the second one does.
  var firstSmoothing: Smoothing { passes == 1 ? smoothing : .off }

  /// - Throws: `PoseError` with `.badOption` when a number is outside its range, or smoothing needs more passes.
  package func validate() throws(PoseError) {
    guard memory >= 0, memory <= Self.maxMemory else {
      throw PoseError(
        .badOption, "memory is \(memory) seconds; it must be from 0 to \(Int(Self.maxMemory))")
    }
    guard (1...2).contains(passes) else {
      throw PoseError(.badOption, "there are to be \(passes) passes; there can be 1 or 2")
    }
    guard passes >= smoothing.passes else {
      throw PoseError(
        .badOption, "smoothing \(smoothing.rawValue) with one pass; it needs two, and so a file")
    }
    guard Self.cutoffs.contains(cutoff) else {
      throw PoseError(
        .badOption, "the cut-off is \(cutoff) Hz; it must be from 0.01 to 1000")
    }
    if case .id(let id) = follow, id < 1 {
      throw PoseError(.badOption, "the id to follow is \(id); ids count from 1")
    }
  }
}
