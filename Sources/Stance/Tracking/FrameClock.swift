/// The times of a session's frames, in seconds of the source.
struct FrameClock: Sendable {
  /// From so many seconds on, or so many usual frame times if that is longer, nothing says that a body goes on where it
  /// was.
  static let (gap, gapFrames) = (1.0, 4.0)
  /// How much the newest interval counts in the usual one.
  private static let newest = 0.1

  private(set) var last: Double?
  private var usual: Double?

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
    guard elapsed < max(Self.gap, Self.gapFrames * (usual ?? 0)) else {
      return .gap
    }
    usual = usual.map { $0 + Self.newest * (elapsed - $0) } ?? elapsed
    return .next
  }
}
