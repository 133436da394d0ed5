import HTTPServer
import Testing

@Suite("Connections", .timeLimit(.minutes(5)))
struct LimitTests {
  @Test("over the limit are told 503, until there is room again")
  func all() async throws {
    try await TestServer.with({ $0.connections = 2 }) { server in
      try await Self.expectRoom(for: 2, in: server, overIPv6: false)
    }
  }

  @Test("over the limit are told what the server is set to say, and reported")
  func busy() async throws {
    let (reports, reported) = AsyncStream.makeStream(of: Bool.self)
    try await TestServer.with(
      {
        $0.connections = 0
        $0.busy = .text("later", status: 503)
      }, turnedAway: { reported.yield(true) }
    ) { server in
      let answer = try await RawClient(server).readAll()
      #expect(status(answer) == 503 && content(answer) == "later")
      #expect(answer.contains("\r\nConnection: close\r\n"))
      #expect(await reports.first { $0 } == true)
    }
  }

  @Test("over the limit are not cut off while they still ask")
  func heard() async throws {
    let (reports, reported) = AsyncStream.makeStream(of: Bool.self)
    try await TestServer.with({ $0.connections = 0 }, turnedAway: { reported.yield(true) }) {
      server in
      var reports = reports.makeAsyncIterator()
      while true {
        let begin = ContinuousClock.now
        let client = try RawClient(server)
        _ = await reports.next()
        var sent: [Bool] = []
        for _ in 0..<3 { sent.append(try await client.send(head("GET /"))) }
        let time = ContinuousClock.now - begin
        #expect(try await status(client.readAll()) == 503)
        // It is listened to for a second, which a busy machine may let pass.
        guard time < .milliseconds(900) else { continue }
        #expect(sent == [true, true, true])
        break
      }
    }
  }

  @Test("are counted for each address, IPv4 apart from IPv6", arguments: [false, true])
  func perAddress(isIPv6: Bool) async throws {
    try await TestServer.with({
      $0.host = "::"
      $0.connectionsPerAddress = 2
    }) { server in
      try await Self.expectRoom(for: 2, in: server, overIPv6: isIPv6)
    }
  }

  @Test("tell the client's address, an IPv4 one also on a socket for both")
  func peers() async throws {
    try await TestServer.with({ $0.host = "::" }) { server in
      for isIPv6 in [false, true] {
        let client = try RawClient(server, overIPv6: isIPv6)
        try await client.send(head("GET /peer", "Connection: close"))
        #expect(try await content(client.readAll()) == (isIPv6 ? "::1" : "127.0.0.1"))
      }
    }
  }

  private static func expectRoom(
    for count: Int, in server: TestServer, overIPv6: Bool
  ) async throws {
    do {
      let clients = try (0..<count).map { _ in try RawClient(server, overIPv6: overIPv6) }
      for client in clients {
        try await client.send(head("GET /"))
        #expect(try await client.read(until: "hello").hasSuffix("hello"))
      }
      let surplus = try await RawClient(server, overIPv6: overIPv6).readAll()
      #expect(status(surplus) == 503)
      #expect(surplus.contains("\r\nRetry-After: 1\r\n"))
      for client in clients { client.leave() }
    }
    var last: Int?
    while last != 200 {
      let client = try RawClient(server, overIPv6: overIPv6)
      try await client.send(goodbye)
      last = status(try await client.readAll())
    }
  }
}

@Suite("A server that ends", .timeLimit(.minutes(5)))
struct DrainTests {
  @Test("finishes what it has accepted and closes what is idle")
  func drains() async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let (releases, release) = AsyncStream.makeStream(of: Bool.self)
    var router = Router<HTTPHandler>()
    router.on("GET", "/") { _ in .text("hello") }
    router.on("GET", "/held") { _ in
      begun.yield(true)
      _ = await releases.first { _ in true }
      return .text("held")
    }
    router.on("POST", "/count") { request in
      begun.yield(true)
      return .text("\(try await request.body.collect(upTo: 100).count)")
    }
    let handler = router
    try await TestServer.with(handler: { try await handler($0) }) { server in
      let held = try RawClient(server)
      let upload = try RawClient(server)
      let idle = try RawClient(server)
      try await held.send(head("GET /held"))
      try await upload.send(head("POST /count", "Content-Length: 10") + "hello")
      try await idle.send(head("GET /"))
      #expect(try await idle.read(until: "hello").hasSuffix("hello"))
      for await _ in begins.prefix(2) {}

      server.stop()
      #expect(try await idle.readAll() == "")
      // The connections and the port are closed by two threads.
      await #expect(throws: RawClient.Failure.self) {
        while true {
          _ = try RawClient(server)
          try await Task.sleep(for: .milliseconds(10))
        }
      }
      try await upload.send("world")
      release.yield(true)
      for (client, expected) in [(held, "held"), (upload, "10")] {
        let answer = try await client.readAll()
        #expect(content(answer) == expected)
        #expect(answer.contains("\r\nConnection: close\r\n"))
      }
      #expect(try await server.end == .drained)
    }
  }

  @Test("answers what had come before it was told to end")
  func backlog() async throws {
    try await TestServer.with { server in
      let clients = try (0..<100).map { _ in try RawClient(server) }
      for client in clients { try await client.send(head("GET /")) }
      server.stop()
      for client in clients { #expect(try await statuses(client.readAll()) == [200]) }
      #expect(try await server.end == .drained)
    }
  }

  @Test("cuts off what goes on after its grace, and cancels the handlers")
  func forced() async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      begun.yield(true)
      try await Task.sleep(for: .seconds(200))
      return .text("")
    }
    try await TestServer.with({ $0.grace = .milliseconds(200) }, handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      for await _ in begins.prefix(1) {}
      server.stop()
      #expect(try await client.readAll() == "")
      #expect(try await server.end == .forced)
    }
  }
}
