/// Which frames of a video are read, and what that may cost.
public struct VideoReadingOptions: Sendable, Hashable {
  /// Only frames from this time on, in seconds as ``VideoFrame/time``; nil begins with the first.
  public var start: Double?
  /// Only frames less than this many seconds after ``start``, or after the first frame; nil goes to the end.
  public var duration: Double?
  /// Of these frames every `every`th, beginning with the first; at least 1. 1 by default.
  public var every: Int
  /// Threads that decode; at least 1. 1 by default: more help only where cores are idle.
  public var threads: Int
  /// Most pixels of a frame, as stored and as shown. 8192 x 4320 by default.
  public var maxPixels: Int
  /// Frames a second of a folder of pictures; above 0, at most 1000. 30 by default.
  public var frameRate: Double
  /// A live source that gives no frame for more than this many seconds ends with an error; nil tries for ever. nil by default.
  public var maxDowntime: Double?
  /// Most bytes of a pipe, which is copied to a temporary file before it is read. 2 GiB by default.
  public var maxPipedBytes: Int

  /// Options; each has a default.
  ///
  /// - Precondition: each is within the bounds that are said above, and `duration` not negative.
  public init(
    start: Double? = nil, duration: Double? = nil, every: Int = 1, threads: Int = 1,
    maxPixels: Int = 8192 * 4320, frameRate: Double = 30, maxDowntime: Double? = nil,
    maxPipedBytes: Int = 2 << 30
  ) {
    precondition(start.map(\.isFinite) ?? true, "a start is a time")
    precondition(duration.map { $0.isFinite && $0 >= 0 } ?? true, "a duration is not negative")
    precondition(every >= 1 && threads >= 1 && maxPixels >= 1, "counts start at 1")
    precondition(frameRate > 0 && frameRate <= 1000, "\(frameRate) frames a second")
    self.start = start
    self.duration = duration
    self.every = every
    self.threads = threads
    self.maxPixels = maxPixels
    self.frameRate = frameRate
    self.maxDowntime = maxDowntime
    self.maxPipedBytes = maxPipedBytes
  }
}
