import Glibc

/// Why there are no pixels: an exit status with its line.
struct Failure: Error {
  /// Exit statuses, which `Images` reads.
  enum Status: Int32 {
    case usage = 64
    case corrupt = 65
    case truncated = 66
    case tooLarge = 67
    case unsupported = 69
    case broken = 70
  }

  let status: Status
  let message: String

  init(_ status: Status, _ message: String) {
    self.status = status
    self.message = message
  }

  /// Says why and ends the process.
  func exit() -> Never {
    let line = Array((message + "\n").utf8)
    // Nobody is told when this fails: the status says enough.
    _ = Glibc.write(2, line, line.count)
    Glibc.exit(status.rawValue)
  }
}
