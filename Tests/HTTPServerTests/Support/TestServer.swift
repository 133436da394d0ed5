import Foundation
import Glibc
import HTTPServer

/// A server on a port that the kernel has chosen, for as long as a test's closure runs.
struct TestServer: Sendable {
  let port: Int
  let server: HTTPServer
  private let running: Task<HTTPServer.End, any Error>

  /// What SIGTERM does.
  func stop() { running.cancel() }
  var end: HTTPServer.End { get async throws { try await running.value } }

  static func with(
    _ configure: (inout HTTPServer.Configuration) -> Void = { _ in },
    handler: @escaping HTTPHandler = { try await routes($0) },
    refusal: @escaping @Sendable (HTTPRequest, Int) async -> HTTPResponse = { .status($1) },
    turnedAway: @escaping @Sendable () -> Void = {},
    _ body: (TestServer) async throws -> Void
  ) async throws {
    var configuration = HTTPServer.Configuration()
    configuration.grace = .seconds(100)
    configuration.headTime = .seconds(200)  // sanitizers are slow
    configuration.transferTime = .seconds(200)
    configure(&configuration)
    let server = HTTPServer(
      configuration, refusal: refusal, turnedAway: turnedAway, handler: handler)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let running = Task {
      defer { listening.finish() }
      return try await server.run { listening.yield($0) }
    }
    defer { running.cancel() }
    guard let port = await ports.first(where: { _ in true }) else {
      _ = try await running.value
      return
    }
    try await body(TestServer(port: port, server: server, running: running))
    running.cancel()
    _ = try await running.value
  }
}

/// What most of the tests ask for.
let routes: Router<HTTPHandler> = {
  var router = Router<HTTPHandler>()
  router.on("GET", "/") { _ in .text("hello") }
  router.on("GET", "/slow") { _ in
    try await Task.sleep(for: .milliseconds(300))
    return .text("slow")
  }
  router.on("GET", "/empty") { _ in HTTPResponse(status: 204) }
  router.on("GET", "/peer") { .text($0.peer) }
  router.on("GET", "/items/{id}/parts/{part}") { request in
    .text("\(request.parameters["id"] ?? "")|\(request.parameters["part"] ?? "")")
  }
  router.on("GET", "/query") { request in
    .text(request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
  }
  router.on("GET", "/host") { .text($0.headers["host"] ?? "") }
  router.on("GET", "/injected") { _ in HTTPResponse(headers: ["X-A": "b\r\nX-C: d"]) }
  router.on("GET", "/large") { _ in HTTPResponse(content: .bytes(pattern(8 << 20))) }
  router.on("GET", "/stream") { request in
    let count = request[query: "count"].flatMap { Int($0) } ?? 3
    return HTTPResponse(
      content: .stream { for index in 0..<count { try await $0.write(Array("\(index)\n".utf8)) } })
  }
  router.on("GET", "/broken-stream") { _ in
    HTTPResponse(
      content: .stream {
        try await $0.write([65])
        throw ClientGone()
      })
  }
  router.on("POST", "/echo") { request in
    HTTPResponse(content: .bytes(try await request.body.collect(upTo: 1 << 20)))
  }
  router.on("POST", "/count") { request in
    .text("\(try await request.body.collect(upTo: 1 << 20).count)")
  }
  router.on("POST", "/slow-count") { request in
    let count = try await request.body.collect(upTo: 1 << 20).count
    try await Task.sleep(for: .milliseconds(300))
    return .text("\(count)")
  }
  router.on("POST", "/pieces") { request in
    var count = 0
    for try await piece in request.body { count += piece.count }
    return .text("\(count)")
  }
  router.on("POST", "/ignore") { _ in .text("ignored") }
  router.on("POST", "/pipe") { request in
    HTTPResponse(
      content: .stream { for try await piece in request.body { try await $0.write(piece) } })
  }
  router.on("POST", "/form") { request in
    var reader = try MultipartReader(request, limit: 1 << 20)
    let parts = try await reader.collect()
    return .text(parts.map { "\($0.head.name)=\($0.data.count)" }.joined(separator: "|"))
  }
  router.webSocket("/talk", messageLimit: 100_000, allowsOrigin: { $0 != "https://evil.example" }) {
    _, socket in
    for await message in socket {
      if message == .text("fail") { throw ClientGone() }
      if message == .text("bye") { return await socket.close(4001) }
      try await socket.send(message)
    }
  }
  router.on("GET", "/choosy") { _ in
    .webSocket(messageLimit: 10, protocol: "b") { socket in
      for await message in socket {
        if message == .text("reason") { return await socket.close(4002, reason: "because of €") }
        socket.limitMessages(to: 1000)
        try await socket.send(message)
      }
    }
  }
  return router
}()

/// Bytes that show when some are missing or swapped; quickly made, also by a slow debug build.
func pattern(_ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + block.count)
  while bytes.count < count { bytes += block }
  return Array(bytes.prefix(count))
}

// A prime number of them, so that no buffer's size divides it.
private let block = (0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }

/// Runs blocking work on a thread of its own: the server's handlers need Swift's few threads.
func blocking<Result: Sendable>(
  _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
  }
}

/// A program's standard output and error.
func run(_ program: String, _ arguments: String...) async throws -> String {
  try await run([program] + arguments)
}

/// The same. Not by Foundation's Process, which reads beyond a buffer, as the address sanitizer shows.
func run(_ words: [String]) async throws -> String {
  let command = words.map { "'\($0)'" }.joined(separator: " ")
  return try await blocking {
    guard let output = popen(command + " 2>&1 </dev/null", "r") else {
      throw RawClient.Failure.noAnswer(command)
    }
    defer { pclose(output) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&piece, 1, piece.count, output), count > 0 {
      text += piece.prefix(count)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
