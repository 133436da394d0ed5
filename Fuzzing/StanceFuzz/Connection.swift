import Dispatch
import Glibc
import HTTPServer
import Synchronization

extension FuzzTarget {
  /// What a client sends, over a connection of its own: the server answers as HTTP does, or not at all, and lives on.
  static let connection = FuzzTarget(name: "connection") { input in
    let answer = exchange(input, with: port)
    precondition(answer.isEmpty || answer.starts(with: "HTTP/1.1 ".utf8), "\(answer)")
  }

  /// That of a server which reads every body and tells its size, until the program ends.
  private static let port: Int = {
    let isListening = DispatchSemaphore(value: 0)
    let port = Atomic(0)
    Task {
      do {
        try await HTTPServer(HTTPServer.Configuration(), handler: tellSize).run {
          port.store($0, ordering: .relaxed)
          isListening.signal()
        }
      } catch { preconditionFailure("\(error)") }
    }
    isListening.wait()
    return port.load(ordering: .relaxed)
  }()

  private static let tellSize: HTTPHandler = { request in
    var size = 0
    for try await bytes in request.body { size += bytes.count }
    return .text("\(request.target) \(size)")
  }

  private static let emptyLine = Array("\r\n\r\n".utf8)

  /// Sends it all, says that no more comes, and reads to the end.
  ///
  /// - Parameter opening: sent first, on its own, until the head of an answer is there.
  static func exchange(_ bytes: [UInt8], with port: Int, after opening: [UInt8] = []) -> [UInt8] {
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(client) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafeBytes(of: &address) {
      connect(client, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, size)
    }
    // libFuzzer's alarm may interrupt, but not stop, it.
    precondition(connected == 0 || errno == EINTR, String(cString: strerror(errno)))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    // Far below a socket's buffer, so that it never waits; a server that has refused may be gone.
    func send(_ bytes: [UInt8]) {
      _ = bytes.withUnsafeBytes {
        Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
    }
    func isRead() -> Bool {
      let count = recv(client, &buffer, buffer.count, 0)
      answer += buffer[..<max(0, count)]
      return count > 0
    }
    if !opening.isEmpty {
      send(opening)
      while !answer.contains(emptyLine), isRead() {}
    }
    send(bytes)
    shutdown(client, Int32(SHUT_WR))
    while isRead() {}
    return answer
  }
}
