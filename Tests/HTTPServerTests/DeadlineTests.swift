import HTTPServer
import Testing

@Suite("A slow client", .timeLimit(.minutes(5)))
struct DeadlineTests {
  @Test(
    "is cut off when its head does not come in time, and told so when that had begun",
    arguments: [("", ""), ("GET /js", ""), ("GET / HTTP/1.1\r\nX-a: ", "b"), (head("GET /"), "b")])
  func heads(start: String, trickle: String) async throws {
    try await TestServer.with({
      // For the first line too, which a busy machine sends late.
      $0.headTime = .seconds(3)
      $0.idleTime = .seconds(3)
    }) { server in
      let client = try RawClient(server)
      try await client.send(start)
      async let answers = client.readAll()
      // Ends only when the server has closed the connection.
      while !trickle.isEmpty, try await client.send(trickle) {
        try await Task.sleep(for: .milliseconds(30))
      }
      let expected = start.isEmpty ? [] : start.hasSuffix("\r\n\r\n") ? [200, 408] : [408]
      #expect(try await statuses(answers) == expected)
    }
  }

  @Test(
    "is told 408 when its body does not come in time",
    arguments: ["Content-Length: 1000", "Transfer-Encoding: chunked"],
    ["/count", "/pieces"])
  func bodies(field: String, path: String) async throws {
    try await TestServer.with({
      $0.transferTime = .milliseconds(300)
      $0.minimumRate = 1000
    }) { server in
      let client = try RawClient(server)
      try await client.send(head("POST \(path)", field))
      // 33 bytes a second at most.
      async let answer = client.read(until: "408 Request Timeout\n")
      for _ in 0..<10 {
        try await client.send(field.hasPrefix("C") ? "b" : "1\r\nb\r\n")
        try await Task.sleep(for: .milliseconds(30))
      }
      #expect(try await statuses(answer) == [408])
    }
  }

  @Test("may take longer for a body than the time without progress")
  func steady() async throws {
    try await TestServer.with({
      $0.transferTime = .seconds(4)
      $0.minimumRate = 1  // so that four pieces earn all of that time
    }) { server in
      let client = try RawClient(server)
      try await client.send(head("POST /pieces", "Content-Length: 40", "Connection: close"))
      try await client.send("b", times: 40, every: .milliseconds(150))
      #expect(try await content(client.readAll()) == "40")
    }
  }

  @Test("is cut off when it does not read what is streamed to it")
  func stream() async throws {
    let (departures, departed) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      HTTPResponse(
        content: .stream { writer in
          defer { departed.yield(true) }
          while true { try await writer.write([UInt8](repeating: 65, count: 100_000)) }
        })
    }
    try await TestServer.with({ $0.transferTime = .milliseconds(300) }, handler: handler) {
      server in
      let client = try RawClient(server, receiveBuffer: 4096)
      try await client.send(head("GET /"))
      #expect(await departures.first { $0 } == true)
      withExtendedLifetime(client) {}
    }
  }

  @Test("is cut off when it does not read a large response")
  func response() async throws {
    try await TestServer.with({
      $0.transferTime = .milliseconds(300)
      $0.connections = 1
    }) { server in
      let client = try RawClient(server, receiveBuffer: 4096)
      try await client.send(head("GET /large"))
      // Until it is, nobody else is let in.
      while status(try await server.answer(to: goodbye)) != 200 {
        try await Task.sleep(for: .milliseconds(50))
      }
      let received = try await client.readBytes().count
      #expect(received > 0 && received < 8 << 20)
    }
  }

  @Test("is not blamed for a slow handler")
  func slowHandler() async throws {
    let handler: HTTPHandler = { request in
      try await Task.sleep(for: .seconds(4))
      return .text("slow \(try await request.body.collect(upTo: 10).count)")
    }
    try await TestServer.with(
      {
        $0.headTime = .seconds(2)
        $0.idleTime = .seconds(2)
        $0.transferTime = .seconds(2)
      }, handler: handler
    ) { server in
      let answer = try await server.answer(
        to: head("GET /", "Connection: close", "Content-Length: 2") + "ab")
      #expect(content(answer) == "slow 2")
    }
  }
}

@Suite("A client that leaves", .timeLimit(.minutes(5)))
struct DepartureTests {
  private static func whenCancelled(_ departed: AsyncStream<Bool>.Continuation) async throws {
    defer { departed.yield(Task.isCancelled) }
    try await Task.sleep(for: .seconds(200))
  }

  @Test(
    "by a reset has its handler cancelled", arguments: [head("GET /"), head("GET /") + goodbye])
  func whileHandled(request: String) async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let (departures, departed) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      begun.yield(true)
      try await Self.whenCancelled(departed)
      return .text("")
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(request)
      #expect(await begins.first { $0 } == true)
      client.reset()
      #expect(await departures.first { _ in true } == true)
    }
  }

  @Test("by a plain close has its answer finished: nobody could tell that from half-closed")
  func closed() async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let (endings, ended) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      begun.yield(true)
      try? await Task.sleep(for: .milliseconds(400))
      ended.yield(Task.isCancelled)
      return .text("hello")
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      #expect(await begins.first { $0 } == true)
      client.leave()
      #expect(await endings.first { _ in true } == false)
    }
  }

  @Test("by a plain close stops a stream at the first write that fails", arguments: [0, 200])
  func streamed(pause: Int) async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let (endings, ended) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      HTTPResponse(
        content: .stream { writer in
          begun.yield(true)
          do {
            while true {
              try await writer.write([65])
              if pause > 0 { try? await Task.sleep(for: .milliseconds(pause)) }
            }
          } catch { ended.yield(error is ClientGone) }
        })
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      #expect(await begins.first { $0 } == true)
      client.leave()
      #expect(await endings.first { _ in true } == true)
    }
  }

  @Test(
    "in the middle of its body is told apart from a short body",
    arguments: [
      "Content-Length: 10", "Transfer-Encoding: chunked",
    ])
  func inBody(field: String) async throws {
    let (departures, departed) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { request in
      do {
        _ = try await request.body.collect(upTo: 100)
        departed.yield(false)
      } catch { departed.yield(error is ClientGone) }
      return .text("")
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("POST /", field) + "3\r\nabc\r\n")
      client.leave()
      #expect(await departures.first { _ in true } == true)
    }
  }
}

@Suite("A client that ends its sending after its request", .timeLimit(.minutes(5)))
struct HalfClosedTests {
  @Test(
    "has the whole answer, however long that takes",
    arguments: [
      (head("GET /slow"), [200]),
      (head("GET /slow") + head("GET /slow") + goodbye, [200, 200, 200]),
      (head("POST /slow-count", "Content-Length: 5") + "abcde", [200]),
      (head("POST /slow-count", "Transfer-Encoding: chunked") + "2\r\nab\r\n0\r\n\r\n", [200]),
      ("GET /slow HTTP/1.0\r\n\r\n", [200]),
    ])
  func answered(requests: String, expected: [Int]) async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      try await client.send(requests)
      client.endSending()
      #expect(try await statuses(client.readAll()) == expected)
    }
  }

  @Test("has a stream to its end, with pauses in it")
  func streamed() async throws {
    let handler: HTTPHandler = { _ in
      HTTPResponse(
        content: .stream { writer in
          for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(200))
            try await writer.write([65])
          }
        })
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      client.endSending()
      #expect(try await client.readAll().hasSuffix("1\r\nA\r\n1\r\nA\r\n1\r\nA\r\n0\r\n\r\n"))
    }
  }

  @Test("may still leave by a reset, which has the handler cancelled")
  func reset() async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let (endings, ended) = AsyncStream.makeStream(of: Bool.self)
    let handler: HTTPHandler = { _ in
      begun.yield(true)
      defer { ended.yield(Task.isCancelled) }
      try await Task.sleep(for: .seconds(200))
      return .text("")
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      client.endSending()
      #expect(await begins.first { $0 } == true)
      client.reset()
      #expect(await endings.first { _ in true } == true)
    }
  }
}

@Suite("A client whose departure a handler wants to notice", .timeLimit(.minutes(5)))
struct NoticedDepartureTests {
  @Test(
    "is found gone after a plain close, before the answer and in its pauses",
    arguments: [false, true])
  func closed(inStream: Bool) async throws {
    let (begins, begun) = AsyncStream.makeStream(of: Bool.self)
    let (endings, ended) = AsyncStream.makeStream(of: Bool.self)
    let wait: @Sendable () async -> Void = {
      begun.yield(true)
      try? await Task.sleep(for: .seconds(200))
      ended.yield(Task.isCancelled)
    }
    let handler: HTTPHandler = { request in
      await request.noticeDeparture()
      guard inStream else {
        await wait()
        return .text("")
      }
      return HTTPResponse(
        content: .stream { writer in
          try await writer.write([65])
          await wait()
        })
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      #expect(await begins.first { $0 } == true)
      client.leave()
      #expect(await endings.first { _ in true } == true)
    }
  }

  @Test("has the whole answer when it only ended its sending: what it is asked by means nothing")
  func halfClosed() async throws {
    let handler: HTTPHandler = { request in
      await request.noticeDeparture()
      try await Task.sleep(for: .milliseconds(400))
      guard request.path == "/stream" else { return .text("whole") }
      return HTTPResponse(
        content: .stream { writer in
          try await writer.write([65])
          try await Task.sleep(for: .milliseconds(400))
          try await writer.write([66])
        })
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send(head("GET /"))
      client.endSending()
      let answer = try await client.readAll()
      #expect(statuses(answer) == [100, 200] && answer.hasSuffix("whole"))

      let second = try RawClient(server)
      try await second.send(head("GET /stream"))
      second.endSending()
      // Asked once, by the interim response.
      #expect(try await second.readAll().hasSuffix("\r\n\r\n1\r\nA\r\n1\r\nB\r\n0\r\n\r\n"))

      let third = try RawClient(server)
      try await third.send(head("GET /stream"))
      _ = try await third.read(until: "A\r\n")
      third.endSending()
      #expect(try await third.readAll() == "01\r\nB\r\n0\r\n\r\n")
    }
  }

  @Test("of HTTP/1.0, which knows nothing to ask with, has its answer")
  func old() async throws {
    let handler: HTTPHandler = { request in
      await request.noticeDeparture()
      try await Task.sleep(for: .milliseconds(300))
      return .text("old")
    }
    try await TestServer.with(handler: handler) { server in
      let client = try RawClient(server)
      try await client.send("GET / HTTP/1.0\r\n\r\n")
      client.endSending()
      let answer = try await client.readAll()
      #expect(statuses(answer) == [200] && answer.hasSuffix("old"))
    }
  }
}
