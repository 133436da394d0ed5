import Glibc

/// When a call must have ended.
struct Deadline {
  private let end: ContinuousClock.Instant

  init(after duration: Duration) { end = .now + duration }

  /// The earlier one.
  func or(_ other: Deadline?) -> Deadline {
    guard let other, other.end < end else { return self }
    return other
  }

  /// What is left; zero afterwards.
  var left: Duration { max(.zero, end - .now) }

  /// Waits until a descriptor is ready for `events`, or in error.
  ///
  /// - Returns: false at the deadline.
  func wait(for descriptor: Int32, _ events: Int32) throws(ConnectionError) -> Bool {
    while true {
      let (seconds, attoseconds) = left.components
      // Rounded up, so that the last wait does not spin.
      let milliseconds = min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000
      var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&polled, 1, left == .zero ? 0 : Int32(milliseconds) + 1)
      if count > 0 { return true }
      if count == 0 {
        if left == .zero { return false }
      } else if errno != EINTR {
        throw ConnectionError(
          .lost, "can't wait for the server: \(String(cString: strerror(errno)))")
      }
    }
  }
}
