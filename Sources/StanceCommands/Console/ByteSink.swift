import Glibc

/// Where output goes: a stream of the process, or a test's memory.
package protocol ByteSink: Sendable {
  /// Writes all bytes, waiting as long as the reader needs.
  func write(_ bytes: [UInt8]) throws(SinkError)
}

/// Why output could not be written.
package enum SinkError: Error, CustomStringConvertible {
  /// The reader has closed its end: nothing is wrong, and nobody is there to be told.
  case closed
  case failed(String)

  package var description: String {
    switch self {
    case .closed: "the reader has gone"
    case .failed(let reason): "can't write the output: \(reason)"
    }
  }
}

/// An open file descriptor, which it does not own.
package struct DescriptorSink: ByteSink {
  private let descriptor: Int32

  /// Standard output.
  package static let output = DescriptorSink(descriptor: 1)
  /// Standard error.
  package static let errors = DescriptorSink(descriptor: 2)

  init(descriptor: Int32) { self.descriptor = descriptor }

  package func write(_ bytes: [UInt8]) throws(SinkError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
      }
      if count >= 0 {
        sent += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Someone who shares the terminal or pipe made it non-blocking.
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&watched, 1, -1)
      case EPIPE: throw .closed
      case let code: throw .failed(String(cString: strerror(code)))
      }
    }
  }
}
