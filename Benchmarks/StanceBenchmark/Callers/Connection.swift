import Glibc

/// A TCP connection to a service on this machine that never blocks; closed with its last reference.
final class Connection {
  let descriptor: Int32

  init(port: UInt16) throws(CallFailure) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw CallFailure("no socket: \(Self.reason)") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 || errno == EINPROGRESS else {
      throw CallFailure("no connection to port \(port): \(Self.reason)")
    }
  }

  deinit { close(descriptor) }

  /// Sends what the kernel takes now, perhaps nothing. That the service has closed is told by ``receive(into:)``, after
  /// the answer that it may have given before.
  func send(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBytes {
      max(0, Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)))
    }
  }

  /// Adds what has come to `bytes`.
  ///
  /// - Throws: when nothing more can come.
  func receive(into bytes: inout [UInt8]) throws(CallFailure) {
    let (count, reason) = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) {
      buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
      return (count, errno)
    }
    if count == 0 {
      throw CallFailure("the service closed the connection before its answer was whole")
    }
    if count < 0, reason != EAGAIN {
      throw CallFailure("the connection broke: \(Self.text(of: reason))")
    }
  }

  private static var reason: String { text(of: errno) }

  private static func text(of number: Int32) -> String { String(cString: strerror(number)) }
}

/// What a service must not do under any load.
struct CallFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
