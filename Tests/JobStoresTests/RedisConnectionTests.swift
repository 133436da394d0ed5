import JobStores
import TestSupport
import Testing

@Suite(
  "Connections to Redis", .timeLimit(.minutes(5)),
  .enabled(if: RedisTestServer.isInstalled, "\(RedisTestServer.missing)"))
struct RedisConnectionTests {
  private static let server = Result { try RedisTestServer() }

  private func connect(
    _ server: RedisTestServer? = nil, limits: RedisConnection.Limits = .init()
  ) throws -> RedisConnection {
    let address = try (server ?? Self.server.get()).address
    return try RedisConnection(RedisAddress(address), limits: limits)
  }

  @Test("Any bytes come back as they were stored")
  func binary() throws {
    let redis = try connect()
    let bytes: [UInt8] = Array(0...255) + Array("\r\n$3\r\n".utf8) + [0, 0]
    try redis.send(["SET", "binary", .bytes(bytes)])
    #expect(try redis.send(["GET", "binary"]) == .bytes(bytes))
    try redis.send(["SET", "empty", .bytes([])])
    #expect(try redis.send(["GET", "empty"]) == .bytes([]))
    #expect(try redis.send(["GET", "nothing"]) == .null)
    let large = [UInt8](repeating: 13, count: 20 << 20)
    try redis.send(["SET", "large", .bytes(large)])
    #expect(try redis.send(["GET", "large"]).bytes == large)
  }

  @Test("Numbers, statuses and arrays within arrays are told apart")
  func replies() throws {
    let redis = try connect()
    let reply = try redis.run(
      script:
        "return {1, 'a', {2, {redis.status_reply('FINE')}}, redis.error_reply('BAD x'), false}")
    #expect(
      reply
        == .array([
          .integer(1), .bytes([97]), .array([.integer(2), .array([.status("FINE")])]),
          .error("BAD x"), .null,
        ]))
    #expect(reply.elements[0].number == 1)
  }

  @Test("What the server refuses leaves the connection as it was")
  func refusal() throws {
    let redis = try connect()
    let error = try #require(throws: ConnectionError.self) { try redis.send(["NONSENSE"]) }
    #expect(error.kind == .refused(code: "ERR"))
    #expect(!error.isPassing)
    #expect(try redis.send(["PING"]) == .status("PONG"))
  }

  @Test("A script that the server has forgotten is given to it again")
  func scripts() throws {
    let redis = try connect()
    let script = "return {KEYS[1], ARGV[1]}"
    for _ in 0..<2 {
      let reply = try redis.run(script: script, keys: ["key"], arguments: [.bytes([0, 1])])
      #expect(reply == .array([.bytes(Array("key".utf8)), .bytes([0, 1])]))
      try connect().send(["SCRIPT", "FLUSH"])
    }
  }

  @Test("A server is reached by its socket file too, and one that is not there is named")
  func socketFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/redis.sock"
    let server = try RedisTestServer(["unixsocket \(path)"])
    defer { withExtendedLifetime(server) {} }
    let redis = try RedisConnection(RedisAddress("redis+unix://\(path)?db=3"))
    try redis.send(["SET", "a", "1"])
    #expect(try redis.send(["GET", "a"]).number == 1)
    #expect(try connect(server).send(["GET", "a"]) == .null, "another database")
    for wrong in [path + "2", "/" + String(repeating: "a", count: 200)] {
      #expect(throws: ConnectionError.self) {
        _ = try RedisConnection(RedisAddress("redis+unix://\(wrong)"))
      }
    }
  }

  @Test("A wrong or missing password is refused, and no message has it")
  func passwords() throws {
    let server = try RedisTestServer(["requirepass right%and@long"])
    let right = try RedisConnection(
      RedisAddress(server.address, password: Secret("right%and@long")))
    #expect(try right.send(["PING"]) == .status("PONG"))
    let inAddress = "redis://:right%25and%40long@127.0.0.1:\(server.port)"
    #expect(try RedisConnection(RedisAddress(inAddress)).send(["PING"]) == .status("PONG"))

    let wrong = try #require(throws: ConnectionError.self) {
      _ = try RedisConnection(RedisAddress(server.address, password: Secret("hunter2")))
    }
    #expect(wrong.kind == .refused(code: "WRONGPASS"))
    #expect(!"\(wrong)".contains("hunter2"))
    let without = try connect(server)
    let missing = try #require(throws: ConnectionError.self) { try without.send(["GET", "a"]) }
    #expect(missing.kind == .refused(code: "NOAUTH"))
  }

  @Test("A server that answers no more is given up in time, and so is one that is gone")
  func silence() throws {
    let server = try RedisTestServer()
    var limits = RedisConnection.Limits()
    limits.command = .milliseconds(200)
    limits.connect = .milliseconds(200)
    let redis = try connect(server, limits: limits)
    #expect(redis.isUsable)
    try server.process.freeze()
    let silent = try #require(throws: ConnectionError.self) { try redis.send(["PING"]) }
    #expect(silent.kind == .lost)
    // It would take the late answer for that to another command.
    try server.process.thaw()
    let after = try #require(throws: ConnectionError.self) { try redis.send(["PING"]) }
    #expect(after.kind == .lost)
    #expect(!redis.isUsable)

    let second = try connect(server)
    try server.process.kill()
    #expect(!second.isUsable)
    let gone = try #require(throws: ConnectionError.self) { try second.send(["PING"]) }
    #expect(gone.kind == .lost)
    #expect(gone.isPassing)
    let nobody = try #require(throws: ConnectionError.self) { _ = try connect(server) }
    #expect(nobody.kind == .lost)
    try server.process.start()
    #expect(try connect(server).send(["PING"]) == .status("PONG"))
  }
}
