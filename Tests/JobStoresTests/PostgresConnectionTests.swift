import Glibc
import JobStores
import TestSupport
import Testing

@Suite(
  "Connections to PostgreSQL", .timeLimit(.minutes(10)),
  .enabled(if: PostgresTestServer.isInstalled, "\(PostgresTestServer.missing)"))
struct PostgresConnectionTests {
  private func connect(
    limits: PostgresConnection.Limits = .init()
  ) throws -> PostgresConnection {
    try PostgresConnection(
      PostgresAddress(
        PostgresTestServer.shared.get().address, password: Secret(PostgresTestServer.password)),
      limits: limits)
  }

  @Test("Values of each type come back as they were given")
  func values() throws {
    let postgres = try connect()
    let values: [PostgresValue] = [
      .integer(.min), .integer(.max), .real(-0.1), .text("grüße 'x' \\"), .text(""),
      .bytes(Array(0...255)), .bytes([]), true, false,
    ]
    let rows = try postgres.run("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9", values)
    #expect(rows == [values])
    #expect(try postgres.run("SELECT $1::text, 1::int2, -1::int4", [nil]) == [[nil, 1, -1]])
    let large = [UInt8](repeating: 7, count: 20 << 20)
    #expect(try postgres.run("SELECT $1", [.bytes(large)]) == [[.bytes(large)]])
    #expect(try postgres.run("SELECT 1 WHERE false") == [])
    let odd = try #require(throws: ConnectionError.self) { try postgres.run("SELECT now()") }
    #expect(odd.kind == .refused(code: "type"))
    #expect(postgres.isUsable)
  }

  @Test("What the server refuses leaves the connection as it was")
  func refusal() throws {
    let postgres = try connect()
    let error = try #require(throws: ConnectionError.self) { try postgres.run("SELECT nothing") }
    #expect(error.kind == .refused(code: "42703"))
    #expect(!error.isPassing)
    #expect(try postgres.run("SELECT 1") == [[1]])
  }

  @Test("A transaction is done whole or not at all")
  func transactions() throws {
    struct Stop: Error {}
    let postgres = try connect()
    try postgres.script("CREATE TEMP TABLE t (a bigint)")
    _ = try postgres.transaction { try postgres.run("INSERT INTO t VALUES (1)") }
    #expect(throws: Stop.self) {
      try postgres.transaction {
        try postgres.run("INSERT INTO t VALUES (2)")
        throw Stop()
      }
    }
    #expect(throws: ConnectionError.self) {
      try postgres.transaction {
        try postgres.run("INSERT INTO t VALUES (3)")
        try postgres.run("SELECT nothing")
      }
    }
    #expect(try postgres.run("SELECT a FROM t") == [[1]])
    #expect(postgres.isUsable)
  }

  @Test("A message wakes who listens, and waiting for none ends in time")
  func notifications() throws {
    let listener = try connect()
    try listener.listen(to: "jobs")
    #expect(try listener.notifications(within: .milliseconds(20)) == [])
    try connect().run("SELECT pg_notify('jobs', 'new')")
    let notifications = try listener.notifications(within: .seconds(60))
    #expect(notifications.map(\.channel) == ["jobs"])
    #expect(notifications.map(\.payload) == ["new"])
  }

  @Test("A statement that takes too long is ended by the server, and the connection goes on")
  func slow() throws {
    var limits = PostgresConnection.Limits()
    limits.statement = .seconds(10)
    let postgres = try connect(limits: limits)
    try postgres.script("SET statement_timeout = 50")
    let error = try #require(throws: ConnectionError.self) {
      try postgres.run("SELECT pg_sleep(60)")
    }
    #expect(error.kind == .unavailable(code: "57014"))
    #expect(postgres.isUsable)
  }

  @Test("A wrong password is refused, and no message has it")
  func passwords() throws {
    let address = try PostgresTestServer.shared.get().address
    for (parts, kind) in [
      ((address, Secret("hunter2")), ConnectionError.Kind.refused(code: "28P01")),
      ((address, nil), .refused(code: "28P01")),
      ((address.replacing("stance@", with: "stance:hunter2@"), nil), .refused(code: "28P01")),
      (
        (address.replacing("stance@127.0.0.1", with: "stance:hunter2@[127.0.0.1"), nil), .badAddress
      ),
      (
        (address.replacing("/postgres", with: "/nothing"), Secret(PostgresTestServer.password)),
        .refused(code: "3D000")
      ),
    ] {
      let error = try #require(throws: ConnectionError.self) {
        _ = try PostgresConnection(PostgresAddress(parts.0, password: parts.1))
      }
      #expect(error.kind == kind && !"\(error)".contains("hunter2"), "\(error)")
    }
  }

  @Test("A server that answers no more is given up in time, and so is one that is gone")
  func silence() throws {
    let server = try PostgresTestServer()
    let address = try PostgresAddress(
      server.address, password: Secret(PostgresTestServer.password))
    var limits = PostgresConnection.Limits()
    limits.connectSeconds = 2
    limits.statement = .milliseconds(300)
    let first = try PostgresConnection(address, limits: limits)
    try first.script("SET statement_timeout = 0")
    let silent = try #require(throws: ConnectionError.self) {
      try first.run("SELECT pg_sleep(60)")
    }
    #expect(silent.kind == .lost)
    #expect(!first.isUsable)

    let second = try PostgresConnection(address)
    try server.process.freeze()
    let nobody = try #require(throws: ConnectionError.self) {
      _ = try PostgresConnection(address, limits: limits)
    }
    #expect(nobody.kind == .lost)
    try server.process.thaw()
    #expect(try second.run("SELECT 1") == [[1]])
    try server.process.kill()
    let gone = try #require(throws: ConnectionError.self) {
      // The server's own processes end a moment after it: when they wait for a query, which one that always has the next does not.
      while true {
        try second.run("SELECT 1")
        usleep(10_000)
      }
    }
    #expect(gone.isPassing)
    try server.process.start()
    #expect(try PostgresConnection(address).run("SELECT 1") == [[1]])
  }
}
