import Files
import Glibc
import JobStoreConformance
import Synchronization
import TestSupport
import Testing

@testable import StanceJobs

@Suite("Jobs in an SQLite file")
struct SQLiteJobStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("a store in a file keeps its promises", arguments: JobStoreCheck.all)
  func conforms(_ check: JobStoreCheck) throws {
    let path = folder.path + "/jobs/queue.db"
    try check.run { try SQLiteJobStore(path, policy: $0) }
  }

  @Test("the file, its log and its folder are for this user alone")
  func rights() throws {
    let path = folder.path + "/jobs/queue.db"
    let store = try SQLiteJobStore(path)
    _ = try store.submit(NewJob(specification: [], items: [[]]))
    for (name, rights) in [("jobs", 0o700), ("jobs/queue.db", 0o600), ("jobs/queue.db-wal", 0o600)]
    {
      var status = stat()
      try #require(stat(folder.path + "/" + name, &status) == 0)
      #expect(Int(status.st_mode) & 0o777 == rights, "\(name)")
    }
  }

  @Test("a file of another program, a damaged one and a folder are refused with the reason")
  func foreign() throws {
    func refusal(_ path: String) -> String? {
      do {
        _ = try SQLiteJobStore(path)
        return nil
      } catch JobStoreError.unusable(let message) {
        return message
      } catch { return nil }
    }
    let damaged = folder.path + "/damaged.db"
    try Files.write([UInt8](repeating: 7, count: 4096), to: damaged)
    #expect(refusal(damaged)?.contains("not a database") == true)
    #expect(refusal(folder.path)?.contains(folder.path) == true)
    #expect(refusal("/proc/none/queue.db") != nil)
  }

  @Test("tables of another version are refused, at the opening and by who has them open")
  func versions() throws {
    let path = folder.path + "/queue.db"
    let store = try SQLiteJobStore(path)
    try Database(path, busy: .seconds(60)).script("PRAGMA user_version = 99")
    let open = #expect(throws: JobStoreError.self) { try SQLiteJobStore(path) }
    let write = #expect(throws: JobStoreError.self) {
      try store.submit(NewJob(specification: [], items: [[]]))
    }
    let read = #expect(throws: JobStoreError.self) { try store.counts() }
    for error in [open, write, read] {
      #expect(error?.description.contains("version 99") == true, "\(error?.description ?? "")")
    }
  }

  /// A file as version 1 left it, with these statements after the tables.
  private func oldFile(_ statements: String = "") throws -> String {
    let path = folder.path + "/old.db"
    let settings = "PRAGMA application_id = \(0x5374_616E); PRAGMA user_version = 1;"
    try Database(path, busy: .seconds(60)).script(tablesOfVersion1 + settings + statements)
    return path
  }

  @Test("a file of version 1 is brought up to date with its jobs, and its programs refuse it")
  func upgrade() throws {
    let path = try oldFile(OldJobs.rows(prefix: "", bytes: "BLOB"))
    let old = try Database(path, busy: .seconds(60))
    try OldJobs.check { try SQLiteJobStore(path, policy: $0) }
    // A transaction of a program of version 1 wants 1.
    #expect(try old.run("PRAGMA user_version").first?.integer(0) == 2)
  }

  @Test("a file of version 1 keeps the promises", arguments: JobStoreCheck.all)
  func upgradedConforms(_ check: JobStoreCheck) throws {
    let path = try oldFile()
    try check.run { try SQLiteJobStore(path, policy: $0) }
  }

  @Test("tables that can't be brought up to date stay as they were")
  func failedUpgrade() throws {
    let path = try oldFile("DROP INDEX job_waiting")
    let error = #expect(throws: JobStoreError.self) { try SQLiteJobStore(path) }
    #expect(error?.description.contains("job_waiting") == true)
    let file = try Database(path, busy: .seconds(60))
    #expect(try file.run("PRAGMA user_version").first?.integer(0) == 1)
    let columns = try file.run("SELECT name FROM pragma_table_info('job')").map { $0.text(0) }
    #expect(columns.contains("reason") && !columns.contains("not_before"))
  }

  @Test("a transaction that fails midway changes nothing")
  func rollback() throws {
    var policy = JobPolicy()
    policy.maxOpenBytesPerOwner = 10
    let store = try SQLiteJobStore(folder.path + "/queue.db", policy: policy)
    let first = NewJob(specification: [], items: [[1]])
    #expect(try store.submit(first) == .accepted)
    // The same id again breaks a rule of the tables after the owner's counts were raised.
    #expect(throws: JobStoreError.self) {
      var again = first
      again.inputBytes = 10
      return try store.submit(again)
    }
    var next = NewJob(specification: [], items: [[1]])
    next.inputBytes = 10
    #expect(try store.submit(next) == .accepted)
    #expect(try store.counts().waitingItems == 2)
  }

  @Test("work that came after the look for it, or that others left, is seen at the first glance")
  func seenAtOnce() throws {
    let path = folder.path + "/queue.db"
    let looks = Atomic(0)
    let store = try SQLiteJobStore(path) {
      looks.add(1, ordering: .relaxed)
      return systemSeconds()
    }
    func waitAndTake(_ what: String) throws {
      let before = looks.load(ordering: .relaxed)
      try store.waitForWork(atMost: .seconds(60))
      #expect(looks.load(ordering: .relaxed) == before + 1, "\(what)")
      #expect(try store.claim(by: "w", limit: 1) != nil)
    }
    let other = try SQLiteJobStore(path)
    for (who, what) in [(store, "this process's"), (other, "another's")] {
      #expect(try store.claim(by: "w", limit: 1) == nil)
      _ = try who.submit(NewJob(specification: [], items: [[]]))
      try waitAndTake(what)
    }
    #expect(try store.claim(by: "w", limit: 1) == nil)
    for _ in 0..<2 { _ = try other.submit(NewJob(specification: [], items: [[]])) }
    // Another thread has seen the change, and taken one of the two.
    #expect(try store.claim(by: "w", limit: 1) != nil)
    try waitAndTake("the second")
  }

  @Test("a bell that rings between a look and the wait is heard, and one that rang before is not")
  func bell() {
    let bell = JobBell()
    bell.ring()
    let rings = bell.rings
    #expect(!bell.wait(since: rings, atMost: .milliseconds(1)))
    bell.ring()
    #expect(bell.wait(since: rings, atMost: .seconds(60)))
  }

  @Test("leases go by the store's clock")
  func clock() throws {
    let path = folder.path + "/queue.db"
    let early = try SQLiteJobStore(path, clock: { 1000 })
    _ = try early.submit(NewJob(specification: [], items: [[]]))
    #expect(try early.claim(by: "a", limit: 1) != nil)
    #expect(try SQLiteJobStore(path, clock: { 1060 }).claim(by: "b", limit: 1) == nil)
    #expect(try SQLiteJobStore(path, clock: { 1060.1 }).claim(by: "b", limit: 1) != nil)
  }
}
