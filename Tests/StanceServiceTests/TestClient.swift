import Foundation
import Glibc
import HTTPServer
import StanceService
import Synchronization
import Telemetry
import TestSupport

/// What a server answered.
struct TestAnswer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  subscript(header: String) -> String? { headers[header.lowercased()] }

  /// The body as a JSON object.
  var object: [String: Any] {
    get throws {
      try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
    }
  }

  /// The stable code of a problem.
  var code: String? {
    get throws { try object["code"] as? String }
  }

  init(_ bytes: [UInt8]) throws {
    guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else {
      throw TestFailure(text: "no head in \(bytes.count) bytes")
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
    guard let status else { throw TestFailure(text: lines[0]) }
    self.status = status
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    self.headers = headers
    body = Array(bytes[end.upperBound...])
  }
}

struct TestFailure: Error { let text: String }

/// One request over a connection of its own.
struct TestRequest: Sendable {
  var method = "GET"
  var target = "/"
  var headers: [(String, String)] = []
  var body: [UInt8]?
  /// Sends the body in chunks of unknown number.
  var isChunked = false
  /// How much of it is sent.
  var sentShare = 1.0
  /// Closes without reading an answer.
  var leavesEarly = false

  var bytes: [UInt8] {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    guard let body else { return Array((head + "\r\n").utf8) }
    if isChunked {
      let size = String(body.count, radix: 16)
      return Array((head + "Transfer-Encoding: chunked\r\n\r\n\(size)\r\n").utf8) + body
        + Array("\r\n0\r\n\r\n".utf8)
    }
    return Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
  }

  /// Parts of a form: name, file name, content.
  static func form(_ parts: [(String, String?, [UInt8])], to target: String) -> TestRequest {
    var body: [UInt8] = []
    for (name, file, content) in parts {
      body += Array("--B\r\nContent-Disposition: form-data; name=\"\(name)\"".utf8)
      if let file { body += Array("; filename=\"\(file)\"\r\nContent-Type: image/png".utf8) }
      body += Array("\r\n\r\n".utf8) + content + Array("\r\n".utf8)
    }
    return TestRequest(
      method: "POST", target: target,
      headers: [("Content-Type", "multipart/form-data; boundary=B")],
      body: body + Array("--B--\r\n".utf8))
  }

  /// A picture as the body.
  static func photo(
    _ bytes: [UInt8], to target: String = "/v1/pose", _ headers: [(String, String)] = []
  ) -> TestRequest {
    TestRequest(
      method: "POST", target: target,
      headers: [("Content-Type", "application/octet-stream")] + headers, body: bytes)
  }

  /// Sends it and reads until the server closes. Blocks a thread of its own, not the tests' pool.
  func send(to port: Int) async throws -> TestAnswer {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try TestAnswer(exchange(port)) })
      }
    }
  }

  private func exchange(_ port: Int) throws -> [UInt8] {
    let bytes = Array(self.bytes.prefix(Int(Double(self.bytes.count) * sentShare)))
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw TestFailure(text: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard connected == 0 else { throw TestFailure(text: "can't connect") }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      // A server that refuses a body may close before all of it is sent.
      if count <= 0 { break }
      sent += count
    }
    if leavesEarly { return [] }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { return answer }
      answer += buffer[..<count]
    }
  }
}

/// A time that stands still until a test moves it.
final class TestClock: Sendable {
  private let time = Mutex(Duration.zero)

  var now: Duration { time.withLock { $0 } }

  func advance(by step: Duration) { time.withLock { $0 += step } }
}

/// A service on a port of its own.
final class TestService: Sendable {
  let port: Int
  let application: StanceApplication
  /// Of its own, unless the configuration names one.
  let workFolder: String
  private let ownFolder: TemporaryFolder
  private let running: Task<HTTPServer.End, any Error>

  init(
    _ configuration: ServiceConfiguration = ServiceConfiguration(),
    finder: any PeopleFinder = FakeFinder(), log: Log = .none,
    time: @escaping TimeSource = machineTime
  ) async throws {
    var configuration = configuration
    configuration.server.port = 0
    // On a busy machine all may take long; what is to be over soon is said by the test.
    let usual = ServerOptions()
    for time in [\ServerOptions.queueTime, \.requestTime, \.bodyTime, \.liveKeyTime, \.grace]
    where configuration.server[keyPath: time] == usual[keyPath: time] {
      configuration.server[keyPath: time] = .seconds(200)
    }
    ownFolder = try TemporaryFolder()
    workFolder = configuration.server.workFolder ?? ownFolder.path + "/work"
    configuration.server.workFolder = workFolder
    let application = try StanceApplication(
      configuration, finder: finder, version: "1.2.3", log: log, time: time)
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    running = Task {
      defer { port.finish() }
      return try await application.run { port.yield($0) }
    }
    self.application = application
    guard let first = await ports.first(where: { _ in true }) else {
      _ = try await running.value
      throw TestFailure(text: "the service did not start")
    }
    self.port = first
  }

  deinit { running.cancel() }

  /// Stops accepting and waits for what was accepted.
  @discardableResult
  func stop() async throws -> HTTPServer.End {
    running.cancel()
    return try await running.value
  }

  func drain() { running.cancel() }

  func send(_ request: TestRequest) async throws -> TestAnswer {
    try await request.send(to: port)
  }

  func get(_ target: String, _ headers: [(String, String)] = []) async throws -> TestAnswer {
    try await send(TestRequest(target: target, headers: headers))
  }

  /// Waits until one request waits for an engine.
  func waitUntilOneWaits() async throws { try await wait(forNumber: "stance_queue_depth 1") }

  /// Waits until the metrics have this line.
  func wait(forNumber line: String, _ headers: [(String, String)] = []) async throws {
    while try await !get("/metrics", headers).text.contains("\n\(line)\n") {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Waits until the models are warm.
  func waitUntilReady() async throws {
    while try await get("/readyz").status != 200 { try await Task.sleep(for: .milliseconds(5)) }
  }
}

/// The lines of a log.
final class LogLines: Sendable {
  private let lines: Lines
  let log: Log

  private final class Lines: Sendable { let all = Mutex<[String]>([]) }

  init() {
    let lines = Lines()
    self.lines = lines
    log = Log(.json) { line in lines.all.withLock { $0.append(line) } }
  }

  /// Those so far.
  var all: [String] {
    log.flush()
    return lines.all.withLock { $0 }
  }
}
