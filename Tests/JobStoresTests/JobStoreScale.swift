import Foundation
import Processes
import StanceJobs
import Synchronization
import TestSupport
import Testing

@testable import JobStores

private let scale = ProcessInfo.processInfo.environment["STANCE_SCALE"].flatMap { Int($0) }

/// No check but a measurement, for docs/jobs.md: what a claim and a job's whole way cost while few or many jobs wait.
///
///     STANCE_SCALE=100000 swift test --filter JobStoreScale
@Suite(.serialized, .enabled(if: scale != nil, "a measurement, only with STANCE_SCALE=JOBS"))
struct JobStoreScale {
  @Test func sqlite() throws {
    let folder = try TemporaryFolder()
    try measure("SQLite") { try SQLiteJobStore(folder.path + "/queue.db", policy: $0) }
  }

  @Test(.enabled(if: RedisTestServer.isInstalled)) func redis() throws {
    let server = try RedisTestServer()
    try measure("Redis") { try RedisJobStore(RedisAddress(server.address), policy: $0) }
    let redis = try RedisConnection(RedisAddress(server.address))
    let facts = try redis.send(["INFO", "memory"]).text ?? ""
    print(
      facts.split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory_human") } ?? "")
  }

  @Test(.enabled(if: PostgresTestServer.isInstalled)) func postgres() throws {
    let server = try PostgresTestServer(["fsync=on", "shared_buffers=128MB"])
    let address = try PostgresAddress(
      server.address, password: Secret(PostgresTestServer.password))
    try measure("PostgreSQL") { try PostgresJobStore(address, policy: $0) }
  }

  /// How long a worker that waits takes to have a job that somebody else hands over.
  private func measureWaking(_ name: String, _ one: some JobStore, _ other: some JobStore) throws {
    let clock = ContinuousClock()
    var waits: [Double] = []
    for _ in 0..<21 {
      let worker = Mutex<ContinuousClock.Instant?>(nil)
      let thread = try WorkerThread {
        do {
          while try one.claim(by: "w", limit: 1) == nil {
            try one.waitForWork(atMost: .seconds(10))
          }
          worker.withLock { $0 = clock.now }
        } catch { Issue.record(error) }
      }
      Thread.sleep(forTimeInterval: 0.15)
      let start = clock.now
      _ = try other.submit(NewJob(specification: [], items: [[]]))
      thread.join()
      if let end = worker.withLock({ $0 }) { waits.append((end - start) / .milliseconds(1)) }
    }
    waits.sort()
    print(name, String(format: "waking ms %.1f, at most %.1f", waits[10], waits[20]))
  }

  private func measure(
    _ name: String, _ open: @escaping @Sendable (JobPolicy) throws -> some JobStore
  ) throws {
    var policy = JobPolicy()
    (policy.maxOpenJobs, policy.maxOpenJobsPerOwner) = (.max, .max)
    let store = try open(policy)
    try measureWaking(name, store, try open(policy))
    var waiting = 0
    for target in [1000, 10_000, 100_000, 1_000_000] where target <= scale ?? 0 {
      let added = target - waiting
      let filling = try ContinuousClock().measure {
        let threads = try (0..<4).map { [policy] number in
          try WorkerThread {
            do {
              let store = try open(policy)
              for index in 0..<added where index % 4 == number {
                var job = NewJob(specification: Array(repeating: 1, count: 300), items: [[1]])
                (job.owner, job.priority) = ("owner \(index % 10)", index % 3)
                _ = try store.submit(job)
              }
            } catch { Issue.record(error) }
          }
        }
        for thread in threads { thread.join() }
      }
      waiting = target
      let clock = ContinuousClock()
      var claims: [Duration] = []
      var ways: [Duration] = []
      for _ in 0..<200 {
        let start = clock.now
        let work = try #require(try store.claim(by: "w", limit: 1))
        claims.append(clock.now - start)
        let finish = try store.finish(
          [ItemEnd(work.items[0].claim, .done(result: []))], gatherAs: "w")
        let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")
        _ = try store.end(try #require(finish.next).items[0].claim, as: .finished(result))
        ways.append(clock.now - start)
        waiting -= 1
      }
      let counting = try clock.measure { _ = try store.counts() }
      let text = { (durations: [Duration]) in
        let sorted = durations.sorted().map { $0 / .milliseconds(1) }
        return String(format: "%.2f (95 %%: %.2f)", sorted[100], sorted[190])
      }
      print(
        name, "waiting", target, "handing over/s", Int(Double(added) / (filling / .seconds(1))),
        "claim ms", text(claims), "claim to end ms", text(ways), "counts ms",
        String(format: "%.1f", counting / .milliseconds(1)))
    }
    try measurePostponed(name, waiting, policy, open)
  }

  /// What a claim costs while nearly all jobs are postponed.
  private func measurePostponed(
    _ name: String, _ waiting: Int, _ policy: JobPolicy,
    _ open: @Sendable (JobPolicy) throws -> some JobStore
  ) throws {
    var policy = policy
    policy.postponement = .seconds(3600)
    let store = try open(policy)
    for _ in 0..<max(0, waiting - 100) {
      let work = try #require(try store.claim(by: "w", limit: 1))
      let end = ItemEnd(work.items[0].claim, .postponed(reason: "no room"))
      _ = try store.finish([end], gatherAs: nil)
    }
    var claims: [Duration] = []
    for _ in 0..<min(waiting, 100) {
      let start = ContinuousClock.now
      _ = try #require(try store.claim(by: "w", limit: 1))
      claims.append(ContinuousClock.now - start)
    }
    claims.sort()
    print(
      name, "postponed", try store.counts().postponedJobs, "claim ms",
      String(format: "%.2f", claims[claims.count / 2] / .milliseconds(1)))
  }
}
