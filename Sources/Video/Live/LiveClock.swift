/// The times of a live source's frames: seconds from its first frame by the stream's own clock, and by ours where that
/// breaks, so that they always grow.
struct LiveClock {
  /// More than this ahead of our clock is a jump of the stream's, not a gap.
  private static let largestLead = 10.0

  /// Seconds to add to the stream's own time; nil before a connection's first frame.
  private var offset: Double?
  private var last: (time: Double, arrival: ContinuousClock.Instant)?

  /// The source was taken up again: its clock may start anywhere.
  mutating func reconnected() { offset = nil }

  /// - Parameters:
  ///   - streamTime: the frame's time on the stream's clock in seconds; nil when it has none.
  ///   - arrival: when it came.
  mutating func time(_ streamTime: Double?, at arrival: ContinuousClock.Instant) -> Double {
    guard let last else {
      offset = streamTime.map { -$0 }
      self.last = (0, arrival)
      return 0
    }
    let elapsed = max((arrival - last.arrival) / .seconds(1), 0.001)
    var time = last.time + elapsed
    if let streamTime {
      let told = offset.map { streamTime + $0 }
      if let told, told > last.time, told < time + Self.largestLead {
        time = told
      } else {
        offset = time - streamTime
      }
    }
    self.last = (time, arrival)
    return time
  }
}
