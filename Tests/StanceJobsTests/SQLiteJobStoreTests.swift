import Files
import Glibc
import JobStoreConformance
import StanceJobs
import TestSupport
import Testing

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
