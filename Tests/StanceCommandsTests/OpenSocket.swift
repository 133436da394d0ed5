import Glibc

/// A connection that stays open, to a server at 127.0.0.1. Its calls block.
final class OpenSocket {
  private let descriptor: Int32

  /// Nil when it can't be made.
  init?(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 200, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if connected != 0 { return nil }
  }

  deinit { close(descriptor) }

  /// The first bytes of the answer to a request, or what was said before it; empty when the connection is over.
  func answer(to method: String, _ target: String, _ body: [UInt8] = []) -> String {
    let head =
      "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
      + "Content-Length: \(body.count)\r\n\r\n"
    var rest = Array(head.utf8)[...] + body
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}
