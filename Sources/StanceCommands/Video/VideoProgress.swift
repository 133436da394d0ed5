import Video

/// "frame 120 of 300, 41 frames/s, 0:05 left", for who watches.
struct VideoProgress {
  private let first: ContinuousClock.Instant
  private let total: Int?
  private var done = 0

  /// - Parameter total: how many frames there will be, if that is known.
  init(total: Int?) { (first, self.total) = (.now, total) }

  /// One more frame is done.
  ///
  /// - Returns: what to show.
  mutating func advance() -> String {
    done += 1
    let seconds = (ContinuousClock.now - first) / .seconds(1)
    let rate = Double(done) / max(seconds, 1e-3)
    guard let total, total >= done else {
      return "frame \(done), \(rate.fixed(places: 0)) frames/s"
    }
    // The total is a claim, and may be any number.
    let left = Int(min(Double(total - done) / rate, 1e9).rounded(.up))
    return "frame \(done) of \(total), \(rate.fixed(places: 0)) frames/s, "
      + "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left"
  }
}

extension VideoInfo {
  /// How many frames will come, by what the header claims; nil when it claims nothing.
  func expectedFrames(_ options: VideoReadingOptions) -> Int? {
    // Of a header's claims the product may be more than any number of frames.
    func frames(_ rate: Double, _ seconds: Double) -> Int? {
      Int(exactly: (rate * seconds).rounded(.down))
    }
    guard
      let all = frameCount
        ?? frameRate.flatMap({ rate in duration.flatMap { frames(rate, $0) } })
    else { return nil }
    guard options.start != nil || options.duration != nil else { return all / options.every }
    guard let rate = frameRate, let whole = duration else { return nil }
    let from = options.start ?? 0
    let seconds = min(options.duration ?? .infinity, max(0, whole - from))
    return frames(rate, seconds).map { $0 / options.every }
  }
}
