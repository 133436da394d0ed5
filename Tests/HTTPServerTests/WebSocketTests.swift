import HTTPServer
import Testing

private let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
private func handshake(_ fields: String..., path: String = "/talk") -> String {
  let all = ["Connection: keep-alive, Upgrade", "Upgrade: WebSocket"] + fields
  return "GET \(path) HTTP/1.1\r\nHost: x\r\n" + all.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// One frame, as clients send them: masked, here with zeros.
private func frame(
  _ opcode: UInt8, _ data: [UInt8], isFinal: Bool = true, isMasked: Bool = true, reserved: UInt8 = 0
) -> [UInt8] {
  let mask: UInt8 = isMasked ? 0x80 : 0
  let count = data.count
  let length =
    count < 126
    ? [mask | UInt8(count)] : [mask | 126, UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
  return [(isFinal ? 0x80 : 0) | reserved << 4 | opcode] + length + (isMasked ? [0, 0, 0, 0] : [])
    + data
}

private func frame(_ text: String) -> [UInt8] { frame(1, Array(text.utf8)) }
private func closing(_ code: Int) -> [UInt8] { frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)]) }

private let closings: [(sent: [UInt8], code: Int)] = [
  (frame(1, [0xFF, 0xFE]), 1007),
  (frame(1, [0xC3], isFinal: false) + frame(0, [0x78]), 1007),
  (frame(1, [0x78], isMasked: false), 1002),
  (frame(1, [0x78], reserved: 4), 1002),
  (frame(3, [0x78]), 1002),
  (frame(11, [0x78]), 1002),
  (frame(0, [0x78]), 1002),
  (frame(1, [0x78], isFinal: false) + frame(1, [0x79]), 1002),
  (frame(9, [UInt8](repeating: 0, count: 126)), 1002),
  (frame(9, [0x78], isFinal: false), 1002),
  (frame(8, [0x78]), 1002),
  (closing(1005), 1002),
  (closing(4000), 4000),
  ([0x82, 0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 7) + [0, 0, 0, 0], 1009),
  (frame(2, pattern(60_000), isFinal: false) + frame(0, pattern(60_000)), 1009),
  (frame("bye") + closing(4001), 4001),
  (frame("fail") + closing(1011), 1011),
]

@Suite("A WebSocket", .timeLimit(.minutes(5)))
struct WebSocketTests {
  private static func open(_ server: TestServer) async throws -> RawClient {
    let client = try RawClient(server)
    try await client.send(handshake(key, "Sec-WebSocket-Version: 13"))
    #expect(try await status(client.read(until: "\r\n\r\n")) == 101)
    return client
  }

  @Test("carries texts, bytes and fragments both ways, and answers pings")
  func messages() async throws {
    try await TestServer.with { server in
      let client = try await Self.open(server)
      try await client.send(frame("hé"))
      #expect(try await client.read(count: 5) == [0x81, 3] + Array("hé".utf8))
      try await client.send(frame(2, pattern(60_000)))
      #expect(try await client.read(count: 60_004) == [0x82, 126, 0xEA, 0x60] + pattern(60_000))
      try await client.send(frame(1, [0xC3], isFinal: false) + frame(0, [0xA9]))
      #expect(try await client.read(count: 4) == [0x81, 2, 0xC3, 0xA9])
      try await client.send(frame(9, [1, 2]))
      #expect(try await client.read(count: 4) == [0x8A, 2, 1, 2])
    }
  }

  @Test("is closed with the code that says why", arguments: closings)
  func closes(sent: [UInt8], code: Int) async throws {
    try await TestServer.with { server in
      let client = try await Self.open(server)
      try await client.send(sent)
      let answer = try await client.readBytes()
      #expect(answer.suffix(4) == [0x88, 2, UInt8(code >> 8), UInt8(code & 0xFF)])
    }
  }

  @Test("speaks the subprotocol that the handler chose, and none otherwise")
  func subprotocol() async throws {
    try await TestServer.with { server in
      for (path, isChosen) in [("/choosy", true), ("/talk", false)] {
        let client = try RawClient(server)
        try await client.send(
          handshake(key, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: a, b", path: path))
        let head = try await client.read(until: "\r\n\r\n")
        #expect(status(head) == 101)
        #expect(head.contains("Sec-WebSocket-Protocol: b\r\n") == isChosen)
      }
    }
  }

  @Test("can be told a larger limit, and the reason of its end")
  func limitAndReason() async throws {
    try await TestServer.with { server in
      for grows in [true, false] {
        let client = try RawClient(server)
        try await client.send(handshake(key, "Sec-WebSocket-Version: 13", path: "/choosy"))
        _ = try await client.read(until: "\r\n\r\n")
        if grows {
          try await client.send(frame("x"))
          #expect(try await client.read(count: 3) == [0x81, 1, 0x78])
          try await client.send(frame(2, pattern(100)))
          #expect(try await client.read(count: 102) == [0x82, 100] + pattern(100))
          try await client.send(frame("reason"))
          let reason = Array("because of €".utf8)
          #expect(
            try await client.readBytes()
              == [0x88, UInt8(2 + reason.count), 0x0F, 0xA2] + reason)
        } else {
          try await client.send(frame(2, pattern(100)))
          #expect(try await client.readBytes() == [0x88, 2, 0x03, 0xF1])
        }
      }
    }
  }

  @Test("begins only with a proper handshake, from an origin that is allowed")
  func handshakes() async throws {
    try await TestServer.with { server in
      let version = "Sec-WebSocket-Version: 13"
      let cases = [
        (handshake(key, "Connection: close"), 400), (handshake(version, "Connection: close"), 400),
        (handshake(key, version, "Origin: https://evil.example"), 403),
        (head("GET /talk", "Connection: close"), 426),
        (handshake(key, version, path: "/nope"), 404),
      ]
      for (request, expected) in cases {
        let client = try RawClient(server)
        try await client.send(request)
        let answer = String(decoding: try await client.read(count: 12), as: UTF8.self)
        #expect(status(answer) == expected, "\(request)")
      }
    }
  }

  @Test("carries a message that comes a byte at a time, in fragments with pings between them")
  func slowFragments() async throws {
    try await TestServer.with { server in
      let client = try await Self.open(server)
      let bytes =
        frame(1, Array("sl".utf8), isFinal: false) + frame(9, [1]) + frame(0, [], isFinal: false)
        + frame(9, [2]) + frame(10, [3]) + frame(0, Array("ow".utf8))
      for byte in bytes { try await client.send([byte]) }
      #expect(
        try await client.read(count: 12)
          == [0x8A, 1, 1] + [0x8A, 1, 2] + [0x81, 4] + Array("slow".utf8))
    }
  }

  @Test("is closed when asked to in the middle of a fragmented message")
  func closedBetweenFragments() async throws {
    try await TestServer.with { server in
      let client = try await Self.open(server)
      try await client.send(frame(1, [0x78], isFinal: false) + closing(1000))
      #expect(try await client.readBytes() == [0x88, 2, 0x03, 0xE8])
    }
  }

  @Test("does not begin before its client has been answered, and begins but once")
  func twoHandshakes() async throws {
    try await TestServer.with { server in
      let client = try RawClient(server)
      let wanted = handshake(key, "Sec-WebSocket-Version: 13")
      // What follows at once may be meant for anybody; the second one is a request like any other.
      try await client.send(wanted + wanted)
      #expect(try await status(client.read(until: "\r\n\r\n")) == 426)
      let second = try await Self.open(server)
      try await second.send(wanted)
      #expect(try await second.readBytes() == [0x88, 2, 0x03, 0xEA])
    }
  }

  @Test("holds back a client whose handler is busy")
  func backPressure() async throws {
    let (releases, release) = AsyncStream.makeStream(of: Bool.self)
    var router = Router<HTTPHandler>()
    router.webSocket("/talk", allowsOrigin: { _ in true }) { _, socket in
      _ = await releases.first { _ in true }
      var count = 0
      for await message in socket where message != .text("end") { count += 1 }
      #expect(count == 400)
    }
    let handler = router
    let messages =
      [[UInt8]](repeating: frame(2, pattern(60_000)), count: 400).flatMap(\.self) + closing(1000)
    try await TestServer.with(
      {
        $0.idleTime = .seconds(10)
        $0.webSocketBacklog = 100_000
      }, handler: { try await handler($0) }
    ) { server in
      let client = try await Self.open(server)
      // More than the kernel's buffers hold: the sending can only end once the handler reads.
      async let sent = client.send(messages)
      try await Task.sleep(for: .seconds(11))
      release.yield(true)
      #expect(try await sent)
      #expect(try await client.readBytes().suffix(4) == [0x88, 2, 0x03, 0xE8])
    }
  }

  @Test("is cut off when its client shows no sign of life, after a ping")
  func dead() async throws {
    try await TestServer.with({ $0.idleTime = .milliseconds(400) }) { server in
      let client = try await Self.open(server)
      #expect(try await client.readBytes().prefix(2) == [0x89, 0])
    }
  }

  @Test("is told to go away when the server ends")
  func drained() async throws {
    try await TestServer.with { server in
      let client = try await Self.open(server)
      server.stop()
      #expect(try await client.read(count: 4) == [0x88, 2, 0x03, 0xE9])
      try await client.send(closing(1001))
      client.leave()
      #expect(try await server.end == .drained)
    }
  }
}
