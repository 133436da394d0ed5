import Checksums
import Files
import Glibc
import StanceJobs
import Synchronization
import TestSupport
import Testing

@Suite("Jobs' files in a folder")
struct JobFolderTests {
  private let folder: TemporaryFolder
  private let job = JobID()

  init() throws { folder = try TemporaryFolder() }

  private func files(limit: Int = 1 << 20) throws -> JobFolder {
    try JobFolder(folder.path + "/files", limit: limit)
  }

  private func put(_ count: Int, _ name: JobFileName, in files: JobFolder) throws {
    let file = try files.make(name, of: job, as: .input)
    try file.append([UInt8](repeating: 1, count: count))
    _ = try file.finish()
  }

  private func refusal(_ body: () throws -> Void) -> JobFilesError? {
    do {
      try body()
      return nil
    } catch { return error as? JobFilesError }
  }

  @Test("a file is there whole or not at all, and its checksum is told")
  func whole() throws {
    let files = try files()
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    let file = try files.make(.input(12), of: job, as: .input)
    try file.append(bytes[..<40_000])
    #expect(try files.files(of: job).isEmpty)
    #expect(refusal { _ = try files.open(.input(12), of: job) } == .missing(.input(12)))
    try file.append(bytes[40_000...])
    #expect(try file.finish() == SHA256.hexDigest(of: bytes))
    #expect(try files.files(of: job).map(\.name.description) == ["input-000012"])
    #expect(try files.open(.input(12), of: job).bytes(at: 0, count: 200_000) == bytes)
  }

  @Test("a writer that goes away leaves nothing, and gives its room back")
  func dropped() throws {
    let files = try files()
    do {
      let file = try files.make(.input(0), of: job, as: .input)
      try file.append([UInt8](repeating: 1, count: 1000))
      #expect(files.room.used == 1000)
    }
    #expect(files.room.used == 0)
    #expect(try Files.names(in: "\(files.path)/\(job)").isEmpty)
  }

  @Test("folders and files are for this user alone; a folder that others may look into is refused")
  func rights() throws {
    let files = try files()
    try put(1, .input(0), in: files)
    for (path, rights) in [
      (files.path, 0o700), ("\(files.path)/\(job)", 0o700),
      ("\(files.path)/\(job)/input-000000", 0o600),
    ] {
      var status = stat()
      try #require(stat(path, &status) == 0)
      #expect(Int(status.st_mode) & 0o777 == rights, "\(path)")
    }
    let open = folder.path + "/open"
    try Files.makeFolder(open)
    guard case .unavailable? = refusal({ _ = try JobFolder(open, limit: 1) }) else {
      Issue.record("a folder for all was taken")
      return
    }
  }

  @Test("more than there may be is refused before it is taken in, and inputs leave room for work")
  func bounded() throws {
    let files = try files(limit: 1000)
    #expect(refusal { try files.checkRoom(for: 901) } == .tooLarge(limit: 900))
    try put(800, .input(0), in: files)
    guard case .noRoom? = refusal({ try files.checkRoom(for: 101) }),
      case .noRoom? = refusal({ try put(101, .input(1), in: files) })
    else {
      Issue.record("there was room for too much")
      return
    }
    let work = try files.make(.input(2), of: job, as: .work)
    try work.append([UInt8](repeating: 1, count: 200))
    guard case .noRoom? = refusal({ try work.append([1]) }) else {
      Issue.record("there was room for too much work")
      return
    }
    try files.removeAll(of: job)
    #expect(refusal { try files.checkRoom(for: 900) } == nil)
  }

  @Test("what others have written and removed counts once it was counted anew")
  func recounted() throws {
    let (mine, theirs) = (try files(), try files())
    try put(500, .input(0), in: theirs)
    #expect(mine.room.used == 0)
    try mine.recount()
    #expect(mine.room.used == 500)
  }

  @Test(
    "no word of a stranger becomes a name",
    arguments: ["", ".", "..", "../input-000000", "a/b", ".hidden", "Input", "a b", "a.b.c", "ü"])
  func names(_ text: String) { #expect(JobFileName(text) == nil) }

  @Test("what a killed writer has left is no file, but can be asked for, and goes with the rest")
  func remains() throws {
    let files = try files()
    try put(3, .input(0), in: files)
    let left = "\(files.path)/\(job)/.part-000000-3.77"
    try Files.write(Array("one\ntw".utf8), to: left)
    #expect(try files.files(of: job).map(\.name) == [.input(0)])
    let found = try files.remains(JobFileName.partPrefix(0), of: job)
    #expect(try found.map { try $0.bytes(at: 0, count: 99) } == [Array("one\ntw".utf8)])
    #expect(try files.remains(JobFileName.partPrefix(1), of: job).isEmpty)
    try files.removeAll(of: job, but: .input(0))
    #expect(try Files.names(in: "\(files.path)/\(job)") == ["input-000000"])
  }

  @Test("an upload that was given up an hour ago is swept, a younger one is not")
  func abandoned() throws {
    let files = try files()
    try put(3, .input(0), in: files)
    let (old, young) = (
      "\(files.path)/\(job)/.input-000001.5", "\(files.path)/\(job)/.input-000002.6"
    )
    for path in [old, young] { try Files.write([1, 2], to: path) }
    try age(old, by: 4000)
    try files.recount()
    #expect(!Files.exists(old) && Files.exists(young))
    #expect(files.room.used == 5)
  }

  @Test("files of no job are removed after an hour, inputs of jobs that have ended at once")
  func cleaned() throws {
    let files = try files()
    let store = try SQLiteJobStore(folder.path + "/queue.db")
    let cleaner = JobCleaner(store, files)
    func add(_ job: JobID) throws {
      let file = try files.make(.input(0), of: job, as: .input)
      try file.append([1])
      _ = try file.finish()
    }
    let (young, old, waiting, ended) = (JobID(), JobID(), JobID(), JobID())
    for job in [young, old, waiting, ended] { try add(job) }
    for job in [waiting, ended] {
      _ = try store.submit(NewJob(id: job, specification: [], items: [[]]))
    }
    for path in ["\(files.path)/\(old)", "\(files.path)/\(old)/input-000000"] {
      try age(path, by: 4000)
    }
    try #require(try store.cancel(ended))
    #expect(try cleaner.sweep() == 0)
    let left = try [young, old, waiting, ended].map { try files.files(of: $0).count }
    #expect(left == [1, 0, 1, 0])
    // By a worker that was thought lost.
    try add(ended)
    #expect(try cleaner.sweep() == 0)
    #expect(try files.files(of: ended).isEmpty)
  }

  @Test("who deletes a job's files at its end and who runs it again wait for each other")
  func tidiedOrRetried() throws {
    let files = try files()
    // As on another machine.
    let others = try self.files()
    let store = try SQLiteJobStore(folder.path + "/queue.db")
    try put(1, .input(0), in: files)
    _ = try store.submit(NewJob(id: job, specification: [], items: [[]]))
    try #require(try store.cancel(job))
    let cleaner = JobCleaner(store, files)
    try #require(try others.alone(with: job) { try cleaner.tidy(job) } != nil)
    #expect(try files.files(of: job).count == 1)
    let flaky = FlakyStore(store)
    let id = job
    let retried = Mutex<Bool?>(nil)
    flaky.afterLook.withLock {
      $0 = {
        let answer = try? others.alone(with: id) { try store.retry(id, keepingDone: true) }
        retried.withLock { $0 = answer }
      }
    }
    try JobCleaner(flaky, files).tidy(job)
    #expect(retried.withLock { $0 } == nil)
    #expect(try store.job(job)?.state == .cancelled && files.files(of: job).isEmpty)
    #expect(try others.alone(with: job) { 1 } == 1)
  }

  @Test("locks that there was no room for at the start are made when they are wanted")
  func locksMadeLater() throws {
    let files = try files()
    let locks = "\(files.path)/.locks"
    for name in try Files.names(in: locks) { try Files.remove("\(locks)/\(name)") }
    try #require(rmdir(locks) == 0)
    let id = job
    let found = try files.alone(with: id) {
      let inThisProcess = try files.alone(with: id) { true } ?? false
      return (inThisProcess, try FileLock.take("\(locks)/\(id.description.prefix(1))") != nil)
    }
    let taken = try #require(found)
    #expect(!taken.0 && !taken.1)
    #expect(try Files.names(in: locks).count == 16 && files.alone(with: id) { 1 } == 1)
  }

  @Test("a sweep locks no files of jobs that wait")
  func sweepsWithoutLock() throws {
    let files = try files()
    let others = try self.files()
    let store = try SQLiteJobStore(folder.path + "/queue.db")
    try put(1, .input(0), in: files)
    _ = try store.submit(NewJob(id: job, specification: [], items: [[]]))
    let flaky = FlakyStore(store)
    let id = job
    let free = Mutex<[Bool]>([])
    flaky.afterLook.withLock {
      $0 = {
        let isFree = (try? others.alone(with: id) { true }) ?? false
        free.withLock { $0.append(isFree) }
      }
    }
    _ = try JobCleaner(flaky, files).sweep()
    #expect(free.withLock { $0 } == [true])
  }

  @Test(
    "a sweep ends when the store is out of reach, also where a job's files could not be removed")
  func sweepWithoutStore() throws {
    let files = try files()
    let store = try SQLiteJobStore(folder.path + "/queue.db")
    for _ in 0..<6 {
      let id = JobID()
      _ = try store.submit(NewJob(id: id, specification: [], items: [[]]))
      try #require(try store.cancel(id))
      // A folder is no file that could be removed.
      try Files.makePrivateFolder("\(files.path)/\(id)/input-000000")
    }
    let flaky = FlakyStore(store)
    let looks = Atomic(0)
    flaky.afterLook.withLock {
      $0 = {
        if looks.add(1, ordering: .relaxed).newValue == 2 { flaky.down = true }
      }
    }
    #expect(throws: JobStoreError.self) { try JobCleaner(flaky, files).sweep() }
    #expect(flaky.refusals == 1)
  }

  @Test("jobs whose time is over go with their files")
  func swept() throws {
    let files = try files()
    let store = try SQLiteJobStore(folder.path + "/queue.db", clock: { systemSeconds() + 10 })
    var new = NewJob(id: job, specification: [], items: [[]], keep: .zero)
    new.inputBytes = 1
    _ = try SQLiteJobStore(folder.path + "/queue.db").submit(new)
    try put(1, .input(0), in: files)
    try #require(try SQLiteJobStore(folder.path + "/queue.db").cancel(job))
    #expect(try JobCleaner(store, files).sweep() == 1)
    #expect(!Files.exists("\(files.path)/\(job)"))
    #expect(files.room.used == 0)
  }

  private func age(_ path: String, by seconds: Int) throws {
    let then = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
    try #require(utimensat(AT_FDCWD, path, [then, then], 0) == 0)
  }
}
