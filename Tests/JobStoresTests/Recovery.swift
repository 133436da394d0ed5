import Glibc
import Processes
import StanceJobs
import Synchronization
import TestSupport
import Testing

/// What a store does while its server is gone, and after.
enum Recovery {
  /// Kills the server with `kill -9` between calls that were answered, and starts it again.
  static func check(_ store: some JobStore, _ server: ServerProcess) throws {
    var accepted: [JobID] = []
    for _ in 0..<3 {
      for _ in 0..<5 {
        let job = NewJob(specification: [1], items: [[1]])
        try #require(try store.submit(job) == .accepted)
        accepted.append(job.id)
      }
      let claimed = try #require(try store.claim(by: "w", limit: 1))
      try server.kill()
      try expectUnavailable(store)
      // It waits and says nothing.
      try store.waitForWork(atMost: .milliseconds(1))
      try server.start()
      #expect(
        try store.renew(claimed.items.map(\.claim), seconds: nil, duration: nil) == Renewal())
    }
    let found = try store.jobs(of: nil, in: [], before: nil, limit: 100).map(\.id)
    #expect(found == accepted.reversed())
    #expect(try store.counts().jobs == [.running: 3, .queued: 12])
  }

  /// Stops the server for a while without ending it.
  static func checkSilence(_ store: some JobStore, _ server: ServerProcess) throws {
    let job = NewJob(specification: [1], items: [[1]])
    try #require(try store.submit(job) == .accepted)
    try server.freeze()
    try expectUnavailable(store)
    try server.thaw()
    #expect(try store.job(job.id)?.state == .queued)
  }

  /// Kills the server again and again while workers are at it, who begin anew whenever a call fails.
  static func checkKills(
    _ server: ServerProcess, _ open: @escaping @Sendable (JobPolicy) throws -> some JobStore
  ) throws {
    var policy = JobPolicy()
    (policy.lease, policy.maxAttempts) = (.seconds(2), 1000)
    let jobs = 30
    let failures = Mutex<[String]>([])
    let kills = Atomic(0)
    let store = try open(policy)
    // A job whose acceptance nobody heard of is handed over again.
    @Sendable func insist<Result>(_ body: () throws -> Result) throws -> Result? {
      do { return try body() } catch JobStoreError.unavailable {
        usleep(20_000)
        return nil
      }
    }
    let threads = try (0..<3).map { [policy] number in
      try WorkerThread {
        do {
          let store = try open(policy)
          for index in 0..<jobs / 3 {
            var job = NewJob(specification: [1], items: [[1], [2]])
            job.idempotencyKey = "\(number) \(index)"
            while try insist({ try store.submit(job) }) == nil {}
          }
          var isOver = false
          while !isOver {
            _ = try insist { try work(store) }
            let counts = try insist { try store.counts().jobs }
            isOver = counts == [.done: jobs] && kills.load(ordering: .acquiring) == 3
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for _ in 0..<3 {
      usleep(300_000)
      try server.kill()
      try server.start()
      kills.add(1, ordering: .releasing)
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    for job in try store.jobs(of: nil, in: [], before: nil, limit: 100) {
      #expect(job.state == .done && job.progress.ended == 2 && job.progress.failed == 0)
    }
    #expect(try store.counts().jobs == [.done: jobs])
    #expect(try store.counts().waitingItems == 0 && store.counts().runningItems == 0)
  }

  private static func work(_ store: some JobStore) throws {
    guard let work = try store.claim(by: "w", limit: 2) else {
      return try store.waitForWork(atMost: .milliseconds(50))
    }
    var gathering = work.stage == .gather ? work : nil
    if gathering == nil {
      let ends = work.items.map { ItemEnd($0.claim, .done(result: [])) }
      gathering = try store.finish(ends, gatherAs: "w").next
    }
    guard let gathering else { return }
    let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")
    _ = try store.end(gathering.items[0].claim, as: .finished(result))
  }

  private static func expectUnavailable(_ store: some JobStore) throws {
    let error = #expect(throws: JobStoreError.self) {
      // One that is being killed may answer once more.
      while true { _ = try store.counts() }
    }
    guard case .unavailable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

/// Another version of Stance at the same store.
enum Versions {
  /// `store` and what `open` gives have version 99 of their tables by now.
  static func check(_ store: some JobStore, open: () throws -> some JobStore) throws {
    let again = #expect(throws: JobStoreError.self) { _ = try open() }
    let write = #expect(throws: JobStoreError.self) {
      _ = try store.submit(NewJob(specification: [], items: [[]]))
    }
    let read = #expect(throws: JobStoreError.self) { _ = try store.counts() }
    for error in [again, write, read] {
      guard case .unusable(let message) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(message.contains("version 99"))
    }
  }
}
