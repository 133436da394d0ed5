import StanceJobs
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "PostgreSQL by TLS", .timeLimit(.minutes(10)),
  .enabled(if: PostgresTestServer.isInstalled, "\(PostgresTestServer.missing)"),
  .enabled(if: TestCertificates.isInstalled, "\(TestCertificates.missing)"))
struct PostgresTLSTests {
  private func address(_ server: PostgresTestServer, _ parameters: String) throws -> PostgresAddress
  {
    try PostgresAddress(
      "\(server.address)?\(parameters)", password: Secret(PostgresTestServer.password))
  }

  @Test("statements, large values, messages and a store go by TLS where the address asks for it")
  func works() throws {
    let files = try TestCertificates()
    let server = try PostgresTestServer(tls: files)
    let address = try address(server, "sslmode=verify-full&sslrootcert=\(files.authority)")
    let postgres = try PostgresConnection(address)
    let own = try postgres.run("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    #expect(own == [[true]])
    let large = (0..<5 << 20).map { UInt8(truncatingIfNeeded: $0 / 7) }
    #expect(try postgres.run("SELECT $1", [.bytes(large)]) == [[.bytes(large)]])
    #expect(postgres.isUsable)
    try postgres.listen(to: "messages")
    try PostgresConnection(address).run("SELECT pg_notify('messages', 'new')")
    #expect(try postgres.notifications(within: .seconds(60)).map(\.payload) == ["new"])

    let store = try PostgresJobStore(address)
    #expect(try store.submit(NewJob(specification: [], items: [[]])) == .accepted)
    #expect(try store.claim(by: "w", limit: 1) != nil)
    try store.waitForWork(atMost: .milliseconds(1))
    let connections = try postgres.run(
      """
      SELECT bool_and(ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE application_name = 'stance'
      """)
    #expect(connections[0][0] == true)
    #expect(try #require(connections[0][1].integer) >= 3, "this one, the store's and its listener")
  }

  @Test(
    "an answer arrives whole, however it is divided into records",
    .enabled(if: PostgresTLSProxy.isInstalled, "\(PostgresTLSProxy.missing)"))
  func records() throws {
    let files = try TestCertificates()
    let server = try PostgresTestServer()
    let proxy = try PostgresTLSProxy(before: server, files)
    let postgres = try PostgresConnection(
      PostgresAddress(
        "postgresql://stance@127.0.0.1:\(proxy.port)/postgres?sslmode=verify-full&sslrootcert=\(files.authority)",
        password: Secret(PostgresTestServer.password)))
    // With some of them the end of the second record finds no room in libpq's 16 KiB.
    for length in stride(from: 0, through: 1600, by: 100) {
      let rows = try postgres.run(
        "SELECT repeat('x', CASE i WHEN 32 THEN $1::int4 ELSE 1000 END) FROM generate_series(1, 32) i",
        [.integer(Int64(length))])
      #expect(rows.count == 32 && rows.last?.first?.text?.count == length)
    }
    #expect(postgres.isUsable)
  }

  @Test(
    "a certificate of another authority or for another name is refused, and so is a server without TLS",
    arguments: [
      ("authority", "certificate verify failed"), ("name", "does not match host name"),
      ("missing", "does not exist"), ("plain", "does not support SSL"),
    ])
  func refuses(_ fault: String, _ words: String) throws {
    let files = try TestCertificates()
    let server = try PostgresTestServer(tls: fault == "plain" ? nil : files)
    let other = try TestCertificates()
    let authority =
      switch fault {
      case "authority": other.authority
      case "missing": "/nothing.pem"
      default: files.authority
      }
    let host = fault == "name" ? "localhost" : "127.0.0.1"
    // Once beside the address, once within it.
    for (user, password) in [("stance", Secret("hunter2")), ("stance:hunter2", nil)] {
      let text =
        "postgresql://\(user)@\(host):\(server.port)/postgres?sslmode=verify-full&sslrootcert=\(authority)"
      let error = #expect(throws: JobStoreError.self) {
        _ = try PostgresJobStore(PostgresAddress(text, password: password))
      }
      let message = "\(try #require(error))"
      #expect(message.contains(words))
      #expect(!message.contains("hunter2"))
    }
    // Nobody came so far that a password was asked for.
    #expect(!server.process.log.contains("password authentication failed"))
  }
}
