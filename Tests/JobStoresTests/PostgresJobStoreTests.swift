import Glibc
import JobStoreConformance
import Processes
import StanceJobs
import Synchronization
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "Jobs in PostgreSQL", .timeLimit(.minutes(10)),
  .enabled(if: PostgresTestServer.isInstalled, "\(PostgresTestServer.missing)"))
struct PostgresJobStoreTests {
  /// An address whose tables nobody else has.
  private func newAddress() throws -> PostgresAddress {
    let server = try PostgresTestServer.shared.get()
    let password = Secret(PostgresTestServer.password)
    let name = "s\(UInt64.random(in: 0 ... .max))"
    let connection = try PostgresConnection(PostgresAddress(server.address, password: password))
    try connection.script("CREATE SCHEMA \(name)")
    return try PostgresAddress(
      server.address + "?options=-csearch_path%3D\(name)", password: password)
  }

  @Test("a store in PostgreSQL keeps its promises", arguments: JobStoreCheck.all)
  func conforms(_ check: JobStoreCheck) throws {
    let address = try newAddress()
    try check.run { try PostgresJobStore(address, policy: $0) }
  }

  @Test("what PostgreSQL accepted outlives its crash, and the store finds it again by itself")
  func crash() throws {
    let (server, address) = try newServer()
    try Recovery.check(try PostgresJobStore(address), server.process)
  }

  @Test("a PostgreSQL that takes no new connections is unavailable, and one that ends none")
  func silence() throws {
    let (server, address) = try newServer()
    let store = try PostgresJobStore(address)
    // Its processes answer on connections that are there, but no lock is to be had.
    let other = try PostgresConnection(address)
    try other.script("BEGIN; LOCK TABLE stance_job")
    let error = #expect(throws: JobStoreError.self) { try store.counts() }
    guard case .unavailable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try other.script("ROLLBACK")
    #expect(try store.counts() == JobCounts())
    try server.process.freeze()
    #expect(throws: JobStoreError.self) { _ = try PostgresJobStore(address) }
    try server.process.thaw()
    #expect(try PostgresJobStore(address).counts() == JobCounts())
  }

  @Test("jobs are done although the server is killed again and again, each with one result")
  func kills() throws {
    let (server, address) = try newServer()
    try Recovery.checkKills(server.process) { try PostgresJobStore(address, policy: $0) }
  }

  @Test("many workers at once do each item once")
  func workers() throws {
    let address = try newAddress()
    try Workers.check { try PostgresJobStore(address) }
  }

  @Test(
    "programs that start at once make the tables once, or bring them up to date once",
    arguments: ["", postgresOfVersion1])
  func makingTables(tables: String) throws {
    let address = try newAddress()
    if !tables.isEmpty { try PostgresConnection(address).script(tables) }
    let failures = Mutex<[String]>([])
    let threads = try (0..<6).map { _ in
      try WorkerThread {
        do { _ = try PostgresJobStore(address) } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
  }

  @Test("another version's tables are refused, at the opening and by who has them open")
  func versions() throws {
    let address = try newAddress()
    let store = try PostgresJobStore(address)
    try PostgresConnection(address).run("UPDATE stance_schema SET version = 99")
    try Versions.check(store) { try PostgresJobStore(address) }
  }

  @Test("tables of version 1 are brought up to date with their jobs, and its programs refuse them")
  func upgrade() throws {
    let address = try newAddress()
    let old = try PostgresConnection(address)
    try old.script(postgresOfVersion1)
    try old.script(OldJobs.rows(prefix: "stance_", bytes: "bytea"))
    // As a transaction of a program of version 1 begins.
    let asked = "SELECT 1 / (SELECT count(*) FROM stance_schema WHERE version = 1)"
    try old.run(asked)
    try OldJobs.check { try PostgresJobStore(address, policy: $0) }
    let refused = #expect(throws: ConnectionError.self) { try old.run(asked) }
    #expect(refused?.code == "22012")
  }

  @Test("tables are brought up to date after what a program of version 1 is at, not within it")
  func upgradeAfter() throws {
    let address = try newAddress()
    let old = try PostgresConnection(address)
    try old.script(postgresOfVersion1)
    try old.script(OldJobs.rows(prefix: "stance_", bytes: "bytea"))
    try old.script("BEGIN; SELECT 1 / (SELECT count(*) FROM stance_schema WHERE version = 1)")
    let failures = Mutex<[String]>([])
    let opening = try WorkerThread {
      while true {
        do {
          _ = try PostgresJobStore(address)
          return
        } catch JobStoreError.unavailable {
          continue
        } catch {
          failures.withLock { $0.append("\(error)") }
          return
        }
      }
    }
    let watcher = try PostgresConnection(address)
    let waits = """
      SELECT count(*) > 0 FROM pg_locks
      WHERE relation = 'stance_schema'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted
      """
    while try watcher.run(waits).first?.first != true { usleep(10_000) }
    try old.script("UPDATE stance_job SET priority = 7 WHERE state = 'queued'; COMMIT")
    opening.join()
    #expect(failures.withLock { $0 } == [])
    #expect(try PostgresJobStore(address).job(OldJobs.id(1))?.priority == 7)
  }

  @Test("a call that fails midway changes nothing")
  func rollback() throws {
    var policy = JobPolicy()
    policy.maxOpenBytesPerOwner = 10
    let store = try PostgresJobStore(newAddress(), policy: policy)
    var job = NewJob(specification: [], items: [[1]])
    #expect(try store.submit(job) == .accepted)
    // The same id again breaks a rule of the tables after the owner's counts were raised.
    job.inputBytes = 10
    #expect(throws: JobStoreError.self) { try store.submit(job) }
    var next = NewJob(specification: [], items: [[1]])
    next.inputBytes = 10
    #expect(try store.submit(next) == .accepted)
    #expect(try store.counts().waitingItems == 2)
  }

  @Test(
    "who finds no postponed job whose time has come, since another has brought it back, wakes nobody"
  )
  func bringsNoneBack() throws {
    let address = try newAddress()
    var policy = JobPolicy()
    policy.postponement = .zero
    let store = try PostgresJobStore(address, policy: policy)
    #expect(try store.submit(NewJob(specification: [], items: [[]])) == .accepted)
    let work = try #require(try store.claim(by: "w", limit: 1))
    let end = ItemEnd(work.items[0].claim, .postponed(reason: "no room"))
    _ = try store.finish([end], gatherAs: nil)
    let connection = try PostgresConnection(address)
    for wakes in [true, false] {
      let transaction = PostgresTransaction(connection, policy: policy)
      try transaction.bringBackPostponedJobs()
      #expect(transaction.wakes == wakes)
    }
  }

  @Test("texts with zeros, quotes and any letters are kept, as far as PostgreSQL can")
  func texts() throws {
    let store = try PostgresJobStore(newAddress())
    var job = NewJob(specification: [0], items: [[0]])
    job.owner = "Ω'; DROP TABLE stance_job; --"
    #expect(try store.submit(job) == .accepted)
    let work = try #require(try store.claim(by: "w\\", limit: 1))
    let end = ItemEnd(work.items[0].claim, .failed(reason: "a\0b 'c' \\ 王"))
    _ = try store.finish([end], gatherAs: nil)
    #expect(try store.job(job.id)?.owner == job.owner)
    #expect(
      try store.items(of: job.id, from: 0, limit: 1).first?.reason == "a\u{FFFD}b 'c' \\ 王")
  }

  @Test("a user who may not make tables is told so")
  func rights() throws {
    let address = try newAddress()
    let name = "guest\(UInt64.random(in: 0 ... .max))"
    try PostgresConnection(address).script("CREATE ROLE \(name) LOGIN PASSWORD 'hunter2'")
    let guest = address.description.replacing("stance@", with: "\(name):hunter2@")
    let error = #expect(throws: JobStoreError.self) {
      try PostgresJobStore(PostgresAddress(guest))
    }
    guard case .unusable(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("permission denied") && !message.contains("hunter2"))
  }

  @Test("what a server's settings may lose is said when the store is opened")
  func cautions() throws {
    let cautions = try PostgresJobStore(newAddress()).cautions
    #expect(cautions.count == 1 && cautions[0].contains("fsync=on"))
  }

  /// A server of its own, for what all would feel.
  private func newServer() throws -> (PostgresTestServer, PostgresAddress) {
    let server = try PostgresTestServer()
    let password = Secret(PostgresTestServer.password)
    return (server, try PostgresAddress(server.address, password: password))
  }
}
