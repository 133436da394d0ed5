import Foundation
import Glibc
import Synchronization

/// A WebSocket client, for good manners and bad ones.
final class LiveClient: Sendable {
  enum Message: Equatable {
    case text(String)
    case binary([UInt8])
    case close(Int, String)
    /// The connection ended without a word.
    case end
  }

  /// The answer to the handshake.
  let head: String
  private let descriptor: Int32
  private let hearsStale: Bool
  private let unread: Mutex<[UInt8]>

  var status: Int? { Int(head.split(separator: " ").dropFirst().first ?? "") }

  /// Connects and shakes hands; `headers` are added to what a handshake has to have.
  ///
  /// - Parameter hearsStale: whether it is received that no frame came for a while, as on a busy machine.
  init(
    _ port: Int, _ target: String = "/v1/live", headers: [(String, String)] = [],
    receiveBuffer: Int32? = nil, hearsStale: Bool = false
  ) async throws {
    self.hearsStale = hearsStale
    let rest: [UInt8]
    (descriptor, head, rest) = try await Self.onThread {
      let descriptor = try Self.connected(to: port, receiveBuffer)
      let fields =
        [
          ("Host", "127.0.0.1:\(port)"), ("Connection", "Upgrade"), ("Upgrade", "websocket"),
          ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
        ] + headers
      let request =
        "GET \(target) HTTP/1.1\r\n" + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
      _ = Self.write(Array(request.utf8), descriptor)
      var received: [UInt8] = []
      let ending = Data("\r\n\r\n".utf8)
      while true {
        if let end = Data(received).range(of: ending)?.upperBound {
          let head = String(decoding: received[..<end], as: UTF8.self)
          return (descriptor, head, Array(received[end...]))
        }
        guard let piece = Self.read(descriptor) else { throw TestFailure(text: "no answer") }
        received += piece
      }
    }
    unread = Mutex(rest)
  }

  deinit { Glibc.close(descriptor) }

  /// Leaves, as a browser does whose tab is closed.
  func leave() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  // MARK: Sending

  @discardableResult
  func send(_ text: String) async throws -> Bool { try await send(Self.frame(1, Array(text.utf8))) }

  @discardableResult
  func send(binary bytes: [UInt8]) async throws -> Bool { try await send(Self.frame(2, bytes)) }

  /// Bytes as they are; false: the service takes no more.
  @discardableResult
  func send(_ bytes: [UInt8]) async throws -> Bool {
    try await Self.onThread { [descriptor] in Self.write(bytes, descriptor) }
  }

  /// Sends as long as the kernel takes something; the bytes that it took.
  func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    return max(0, bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) })
  }

  /// One frame, masked with zeros as clients have to.
  static func frame(_ opcode: UInt8, _ data: [UInt8], isMasked: Bool = true) -> [UInt8] {
    let mask: UInt8 = isMasked ? 0x80 : 0
    let count = data.count
    let length: [UInt8] =
      if count < 126 {
        [mask | UInt8(count)]
      } else if count < 65536 {
        [mask | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
      } else {
        [mask | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
      }
    return [0x80 | opcode] + length + (isMasked ? [0, 0, 0, 0] : []) + data
  }

  // MARK: Receiving

  /// The next message; pings are not answered.
  func receive() async throws -> Message {
    while true {
      let head = try await bytes(2)
      guard head.count == 2 else { return .end }
      var count = Int(head[1] & 0x7F)
      if count >= 126 {
        count = try await bytes(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
      }
      let data = try await bytes(count)
      guard data.count == count else { return .end }
      switch head[0] & 0x0F {
      case 1:
        let text = String(decoding: data, as: UTF8.self)
        if text == "{\"stale\":true}", !hearsStale { continue }
        return .text(text)
      case 2: return .binary(data)
      case 8:
        let code = data.prefix(2).reduce(0) { $0 << 8 | Int($1) }
        return .close(code, String(decoding: data.dropFirst(2), as: UTF8.self))
      default: continue
      }
    }
  }

  /// The next message, as a JSON object.
  func object() async throws -> [String: Any] {
    let message = try await receive()
    guard case .text(let text) = message else {
      throw TestFailure(text: "no text but \(message)")
    }
    return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }

  /// How the connection is closed, whatever comes before; agrees, as clients have to.
  func closing() async throws -> (code: Int, reason: String)? {
    while true {
      switch try await receive() {
      case .close(let code, let reason):
        try await send(Self.frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)]))
        leave()  // or the service waits for it
        return (code, reason)
      case .end: return nil
      default: continue
      }
    }
  }

  private func bytes(_ count: Int) async throws -> [UInt8] {
    while true {
      let ready = unread.withLock { unread -> [UInt8]? in
        guard unread.count >= count else { return nil }
        defer { unread.removeFirst(count) }
        return Array(unread.prefix(count))
      }
      if let ready { return ready }
      guard let piece = try await Self.onThread({ [descriptor] in Self.read(descriptor) }) else {
        return []
      }
      unread.withLock { $0 += piece }
    }
  }

  // MARK: Sockets

  /// Blocks a thread of its own, not the tests' pool.
  private static func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }

  private static func connected(to port: Int, _ receiveBuffer: Int32?) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 200, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard result == 0 else {
      close(descriptor)
      throw TestFailure(text: "can't connect")
    }
    return descriptor
  }

  private static func write(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
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

  /// nil: the connection is over.
  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }
}
