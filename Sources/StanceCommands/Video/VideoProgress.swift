/// "frame 120 of 300, 41 frames/s, 0:05 left", for who watches.
struct VideoProgress {
  private let first = ContinuousClock.now
  private var done = 0

  /// One more frame is done.
  ///
  /// - Parameter total: how many frames there will be, if that is known.
  /// - Returns: what to show.
  mutating func advance(of total: Int?) -> String {
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
