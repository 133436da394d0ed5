import Glibc

/// A socket, for what no well-behaved client would send.
final class RawClient: Sendable {
  enum Failure: Error { case cannotConnect(Int32), noAnswer(String) }

  private let descriptor: Int32

  /// - Parameter receiveBuffer: bytes that the kernel takes while the client does not read.
  init(_ server: TestServer, receiveBuffer: Int32? = nil, overIPv6: Bool = false) throws {
    descriptor = socket(overIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 200, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    let port = in_port_t(server.port).bigEndian
    let result =
      if overIPv6 {
        connect(
          to: sockaddr_in6(
            sin6_family: sa_family_t(AF_INET6), sin6_port: port, sin6_flowinfo: 0,
            sin6_addr: in6addr_loopback, sin6_scope_id: 0))
      } else {
        connect(
          to: sockaddr_in(
            sin_family: sa_family_t(AF_INET), sin_port: port,
            sin_addr: in_addr(s_addr: UInt32(0x7F00_0001).bigEndian),
            sin_zero: (0, 0, 0, 0, 0, 0, 0, 0)))
      }
    guard result == 0 else { throw Failure.cannotConnect(errno) }
  }

  deinit { Glibc.close(descriptor) }

  private func connect<Address>(to address: Address) -> Int32 {
    withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }

  /// False: the server has closed the connection.
  @discardableResult
  func send(_ bytes: [UInt8]) async throws -> Bool {
    try await blocking { [descriptor] in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  @discardableResult
  func send(_ text: String) async throws -> Bool { try await send(Array(text.utf8)) }

  /// Sends a short text again and again, at a pace that does not hang on when Swift's few threads are free.
  func send(_ text: String, times: Int, every pause: Duration) async throws {
    let (bytes, microseconds) = (Array(text.utf8), UInt32(pause / .microseconds(1)))
    try await blocking { [descriptor] in
      for _ in 0..<times {
        _ = bytes.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        usleep(microseconds)
      }
    }
  }

  /// Leaves at once: the server is told that nothing can be received any more.
  func reset() {
    // Disconnecting resets, and closing would leave the number of the descriptor to another.
    var nobody = sockaddr(
      sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    _ = Glibc.connect(descriptor, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
  }

  /// Leaves, as a browser does whose tab is closed.
  func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Sends nothing more, but reads on.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Everything until the server closes the connection, or cuts it off.
  func readBytes() async throws -> [UInt8] { try await read { _ in false } }
  func readAll() async throws -> String { String(decoding: try await readBytes(), as: UTF8.self) }

  /// What has come when `ending` has, or the connection is over.
  func read(until ending: String) async throws -> String {
    let ending = Array(ending.utf8)
    return String(
      decoding: try await read { $0.suffix(ending.count) == ending[...] }, as: UTF8.self)
  }

  /// At least so many bytes, unless the connection is over.
  func read(count: Int) async throws -> [UInt8] {
    try await read(atMost: count) { $0.count >= count }
  }

  private func read(
    atMost limit: Int = 65536, until isEnough: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws -> [UInt8] {
    try await blocking { [descriptor] in
      var received: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: limit)
      while !isEnough(received) {
        let count = recv(descriptor, &piece, piece.count, 0)
        if count < 0, errno == EAGAIN {
          throw Failure.noAnswer(String(decoding: received.suffix(300), as: UTF8.self))
        }
        if count <= 0 { break }
        received += piece.prefix(count)
      }
      return received
    }
  }
}

extension TestServer {
  /// Sends a client's bytes and reads to the connection's end.
  func answer(to request: String) async throws -> String {
    let client = try RawClient(self)
    try await client.send(request)
    return try await client.readAll()
  }
}

/// A request's head with a host.
func head(_ line: String, _ fields: String...) -> String {
  ([line + " HTTP/1.1", "Host: x"] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
}

/// The last request of a connection.
let goodbye = head("GET /", "Connection: close")

/// The status of the first response; nil: there is none.
func status(_ answer: String) -> Int? {
  answer.hasPrefix("HTTP/1.1 ") ? Int(answer.dropFirst(9).prefix(3)) : nil
}

/// The statuses of all responses, in order.
func statuses(_ answers: String) -> [Int] {
  answers.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
}

/// What follows the first head.
func content(_ answer: String) -> String {
  answer.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false).dropFirst()
    .joined()
}
