import Glibc
import Processes
import Synchronization

/// A server at 127.0.0.1 that answers each request by HTTP/1.1 as a test wants it, once a connection.
package final class HTTPTestServer: Sendable {
  /// What was asked.
  package struct Request: Sendable {
    /// "/live?token=1".
    package let target: String
    /// The values of its headers by their names in small letters.
    package let headers: [String: String]
    /// Which request for this target it is, from 0.
    package let number: Int
  }

  /// What is answered.
  package enum Answer: Sendable {
    /// A file, of which ranges can be asked for, and of which perhaps no more than so many bytes are sent.
    case file([UInt8], upTo: Int = .max)
    /// Bytes of unknown length, then the end, or no end.
    case stream([UInt8], holds: Bool, type: String = "video/mp2t")
    case status(Int, headers: [String] = [])
  }

  private struct State {
    var connections: [Int32] = []
    var threads: [WorkerThread] = []
    var requests: [Request] = []
    var isOver = false
  }

  private let listener: Int32
  package let port: UInt16
  private let state = Mutex(State())
  private let answer: @Sendable (Request) -> Answer

  package struct Failure: Error {}

  package init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
    self.answer = answer
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    guard isBound else { throw Failure() }
    try serve { [self] in accept() }
  }

  /// "http://127.0.0.1:40000", with a user if there is one.
  package func address(_ target: String, user: String = "") -> String {
    "http://\(user.isEmpty ? "" : user + "@")127.0.0.1:\(port)\(target)"
  }

  /// What was asked so far.
  package var requests: [Request] { state.withLock { $0.requests } }

  /// How many connections are open.
  package var openConnections: Int { state.withLock { $0.connections.count } }

  /// Ends all connections and threads.
  package func stop() {
    let threads = state.withLock { state in
      state.isOver = true
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
      return state.threads
    }
    shutdown(listener, Int32(SHUT_RDWR))
    for thread in threads { thread.join() }
    close(listener)
  }

  private func serve(_ body: @escaping @Sendable () -> Void) throws {
    try state.withLock { state in
      guard !state.isOver else { throw Failure() }
      state.threads.append(try WorkerThread(body))
    }
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { return }
      let isOver = state.withLock { state in
        if !state.isOver { state.connections.append(connection) }
        return state.isOver
      }
      let started: Void? = isOver ? nil : try? serve { [self] in answer(on: connection) }
      if started == nil { end(connection) }
    }
  }

  private func answer(on connection: Int32) {
    defer { end(connection) }
    guard let request = request(on: connection) else { return }
    switch answer(request) {
    case .status(let code, let headers):
      send(Self.head("\(code) Answer", headers + ["Content-Length: 0"]), to: connection)
    case .stream(let bytes, let holds, let type):
      guard send(Self.head("200 OK", ["Content-Type: \(type)"]) + bytes, to: connection), holds
      else { return }
      // Until the other side goes.
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
    case .file(let bytes, let end):
      let start = request.headers["range"].flatMap { range in
        Int(range.drop { !$0.isNumber }.prefix(while: \.isNumber))
      }
      let part = bytes.dropFirst(start ?? 0)
      var headers = ["Content-Length: \(part.count)", "Accept-Ranges: bytes"]
      if let start {
        headers.append("Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)")
      }
      send(
        Self.head(start == nil ? "200 OK" : "206 Part", headers)
          + bytes[part.startIndex..<max(part.startIndex, min(part.endIndex, end))], to: connection)
    }
  }

  private func end(_ connection: Int32) {
    state.withLock { $0.connections.removeAll { $0 == connection } }
    close(connection)
  }

  private func request(on connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.suffix(4) != [13, 10, 13, 10] {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    let target = String(words[1])
    let pairs = lines.dropFirst().compactMap { line in
      line.firstIndex(of: ":").map {
        (line[..<$0].lowercased(), String(line[line.index($0, offsetBy: 2)...]))
      }
    }
    return state.withLock { state in
      let request = Request(
        target: target, headers: Dictionary(pairs) { $1 },
        number: state.requests.count { $0.target == target })
      state.requests.append(request)
      return request
    }
  }

  private static func head(_ status: String, _ headers: [String]) -> [UInt8] {
    Array(
      (["HTTP/1.1 \(status)"] + headers + ["Connection: close", "", ""])
        .joined(separator: "\r\n").utf8)
  }

  @discardableResult
  private func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
