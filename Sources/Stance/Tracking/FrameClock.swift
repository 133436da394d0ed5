/// The times of a session's frames, in seconds of the source.
struct FrameClock: Sendable {
  /// From so many seconds on, or so many usual frame times if that is longer, nothing says that a body goes on where it
  /// was.
  static let (gap, gapFrames) = (1.0, 4.0)
  /// What is usual is the median of so many last intervals: one pause does not change it.
  private static let intervals = 5

  private(set) var last: Double?
  private var recent: [Double] = []

  /// What a frame's time says.
  enum Step { case first, next, gap }

  /// Takes in a frame's time.
  ///
  /// - Throws: `PoseError` with `.badTime` for a time that is not after the last one's.
  mutating func advance(to time: Double) throws(PoseError) -> Step {
    guard time.isFinite else {
      throw PoseError(.badTime, "the frame's time is \(time); it must be a number of seconds")
    }
    guard let last else {
      self.last = time
      return .first
    }
    let elapsed = time - last
    guard elapsed > 0 else {
      throw PoseError(
        .badTime, "the frame's time is \(time) s; it must be after the last frame's, \(last) s")
    }
    self.last = time
    defer { recent = recent.suffix(Self.intervals - 1) + [elapsed] }
    return elapsed < max(Self.gap, Self.gapFrames * usual) ? .next : .gap
  }

  /// The usual frame time in seconds, 0 as long as none is known.
  private var usual: Double { recent.isEmpty ? 0 : recent.sorted()[(recent.count - 1) / 2] }
}
