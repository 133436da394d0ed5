/// How a video is encoded.
public struct VideoWritingOptions: Sendable, Hashable {
  /// x264's presets: how much work is spent on making the file smaller.
  public enum Preset: String, Sendable, Hashable, CaseIterable {
    case ultrafast, superfast, veryfast, faster, fast, medium, slow
  }

  /// Superfast by default.
  public var preset: Preset
  /// x264's constant rate factor, 0 to 51: less is better and larger. 21 by default.
  public var rateFactor: Int
  /// Threads that encode, 1 to 64. 1 by default: more help only where cores are idle.
  public var threads: Int
  /// About how many frames a second there are, above 0, at most 1000: for the level of H.264 that the file declares, and the
  /// length of a single frame. Times are always those that are given. 30 by default.
  public var frameRate: Double

  /// Options; each has a default.
  ///
  /// - Precondition: each is within the bounds that are said above.
  public init(
    preset: Preset = .superfast, rateFactor: Int = 21, threads: Int = 1, frameRate: Double = 30
  ) {
    precondition((0...51).contains(rateFactor), "a rate factor is 0 to 51")
    precondition((1...64).contains(threads), "\(threads) threads")
    precondition(frameRate > 0 && frameRate <= 1000, "\(frameRate) frames a second")
    self.preset = preset
    self.rateFactor = rateFactor
    self.threads = threads
    self.frameRate = frameRate
  }
}

extension VideoWritingOptions {
  /// The usual ones, for a video with the times of another.
  static func usual(for info: VideoInfo) -> VideoWritingOptions {
    var options = VideoWritingOptions()
    if let rate = info.frameRate, rate > 0, rate <= 1000 { options.frameRate = rate }
    return options
  }
}
