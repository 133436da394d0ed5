import Glibc
import Processes
import StanceJobs
import Synchronization
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "A failover of Redis", .timeLimit(.minutes(10)),
  .enabled(if: RedisTestServer.isInstalled, "\(RedisTestServer.missing)"))
struct RedisFailoverTests {
  private static let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")

  @Test("what the replica had received goes on, and of the rest nothing is left to stumble over")
  func losses() throws {
    let pair = try RedisPair()
    let store = try RedisJobStore(pair.address)
    func newJob() -> NewJob {
      var job = NewJob(specification: [1], items: [[1]])
      job.idempotencyKey = "key of \(job.id)"
      return job
    }
    // In the order in which they are claimed.
    let (kept, ended, claimed, unknown) = (newJob(), newJob(), newJob(), newJob())
    for job in [kept, ended, claimed] { try #require(try store.submit(job) == .accepted) }
    func claim(_ job: NewJob) throws -> Claim {
      let work = try #require(try store.claim(by: "w", limit: 1))
      try #require(work.job == job.id)
      return work.items[0].claim
    }
    func gather(_ claim: Claim) throws -> Claim? {
      let end = ItemEnd(claim, .done(result: [3]))
      let finish = try store.finish([end], gatherAs: "w")
      #expect(finish.refused.isEmpty)
      return finish.next?.items[0].claim
    }
    let keptClaim = try claim(kept)
    let endedClaim = try claim(ended)
    try pair.waitUntilReplicated()

    // From here on the replica hears nothing.
    try pair.cut()
    let gathering = try #require(try gather(endedClaim))
    #expect(try store.end(gathering, as: .finished(Self.result)))
    try #require(try store.submit(unknown) == .accepted)
    let claimedClaim = try claim(claimed)
    let unknownClaim = try claim(unknown)
    try pair.takeOver()

    // The address leads to a replica, which can be read.
    #expect(try store.job(ended.id)?.state == .running)
    #expect(try store.job(unknown.id) == nil)
    let error = #expect(throws: JobStoreError.self) { try store.claim(by: "w", limit: 1) }
    guard case .unavailable(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("READONLY"))

    try pair.promote()
    // Who held a claim that was replicated goes on; the others are told that theirs is none.
    let lost: Set = [claimedClaim, unknownClaim]
    let renewal = try store.renew([keptClaim] + lost, seconds: nil, duration: nil)
    #expect(renewal.lost == lost && renewal.cancelled == [])
    let late = try store.finish(lost.map { ItemEnd($0, .done(result: [2])) }, gatherAs: "w")
    #expect(late.refused == lost && late.next == nil)
    #expect(try !store.end(gathering, as: .finished(Self.result)))
    let keptGathering = try #require(try gather(keptClaim))
    #expect(try store.end(keptGathering, as: .finished(Self.result)))

    // A job that nobody knows is none, and may be handed over again.
    #expect(
      try store.job(unknown.id) == nil && store.items(of: unknown.id, from: 0, limit: 9) == [])
    #expect(
      try !store.cancel(unknown.id) && !store.retry(unknown.id, keepingDone: true)
        && !store.forget(unknown.id))
    #expect(try store.submit(unknown) == .accepted)
    #expect(try store.submit(kept) == .known(kept.id))

    // What was claimed or ended and lost is done again, under a later fence.
    try pair.endLease(of: endedClaim)
    for (job, old) in [(ended, endedClaim), (claimed, claimedClaim), (unknown, unknownClaim)] {
      let again = try claim(job)
      #expect(again.fence > old.fence)
      #expect(try store.finish([ItemEnd(old, .done(result: [2]))], gatherAs: nil).refused == [old])
      let gathering = try #require(try gather(again))
      #expect(try store.items(of: job.id, from: 0, limit: 1).first?.result == [3])
      #expect(try store.end(gathering, as: .finished(Self.result)))
    }
    #expect(try store.claim(by: "w", limit: 1) == nil)
    var counts = JobCounts()
    (counts.jobs, counts.lostLeases) = ([.done: 4], 1)
    #expect(try store.counts() == counts && store.openJobs() == 0)
  }

  @Test("clients that repeat their requests and workers that begin anew get all jobs done")
  func storm() throws {
    let pair = try RedisPair()
    var policy = JobPolicy()
    (policy.lease, policy.maxAttempts) = (.seconds(2), 1000)
    let jobs = 30
    let failures = Mutex<[String]>([])
    let claims = Mutex<[Claim]>([])
    let isOver = Atomic(false)
    let (address, result) = (pair.address, Self.result)
    let threads = try (0..<3).map { [policy] number in
      try WorkerThread {
        do {
          let store = try RedisJobStore(address, policy: policy)
          var isDone = false
          while !isDone {
            do {
              // All of them in each round: what was accepted may be gone.
              for index in 0..<jobs / 3 {
                var job = NewJob(specification: [1], items: [[1], [2]])
                job.idempotencyKey = "\(number) \(index)"
                _ = try store.submit(job)
              }
              if var work = try store.claim(by: "w", limit: 2) {
                claims.withLock { $0 += work.items.map(\.claim) }
                if work.stage == .work {
                  let ends = work.items.map { ItemEnd($0.claim, .done(result: [])) }
                  guard let next = try store.finish(ends, gatherAs: "w").next else { continue }
                  work = next
                  claims.withLock { $0 += work.items.map(\.claim) }
                }
                _ = try store.end(work.items[0].claim, as: .finished(result))
              }
              // Read first: a count from before the failover is none.
              let isAfter = isOver.load(ordering: .acquiring)
              isDone = try store.counts().jobs == [.done: jobs] && isAfter
            } catch JobStoreError.unavailable { usleep(20_000) }
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    usleep(300_000)
    try pair.takeOver()
    usleep(300_000)
    try pair.promote()
    isOver.store(true, ordering: .releasing)
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    let all = claims.withLock { $0 }
    #expect(Set(all.map { "\($0.job) \($0.stage) \($0.index) \($0.fence)" }).count == all.count)
    let store = try RedisJobStore(address)
    for job in try store.jobs(of: nil, in: [], before: nil, limit: 100) {
      #expect(job.state == .done && job.progress.ended == 2 && job.progress.failed == 0)
    }
    #expect(try store.counts().jobs == [.done: jobs])
    #expect(try store.counts().waitingItems == 0 && store.counts().runningItems == 0)
  }
}

/// A primary and its replica, which takes over the primary's port.
private struct RedisPair {
  let address: RedisAddress
  private let primary: RedisTestServer
  private let replica: RedisTestServer
  private let toPrimary: RedisConnection
  private let toReplica: RedisConnection

  init() throws {
    primary = try RedisTestServer(["repl-diskless-sync-delay 0"])
    replica = try RedisTestServer(["replicaof 127.0.0.1 \(primary.port)"])
    address = try RedisAddress(primary.address)
    toPrimary = try RedisConnection(address)
    toReplica = try RedisConnection(RedisAddress(replica.address))
    try waitUntilReplicated()
  }

  /// Waits until the replica has all that was written.
  func waitUntilReplicated() throws {
    // WAIT asks for what came before this connection's last change.
    try toPrimary.send(["SET", "probe", "1"])
    let count = try toPrimary.send(["WAIT", "1", "120000"], within: .seconds(150))
    try #require(count == .integer(1))
  }

  /// Has the replica hear nothing more of the primary.
  func cut() throws { try toReplica.send(["REPLICAOF", "127.0.0.1", "1"]) }

  /// The primary is gone, and its port is the replica's, which is still one.
  func takeOver() throws {
    try primary.process.kill()
    try toReplica.send(["CONFIG", "SET", "port", .integer(Int64(primary.port))])
  }

  func promote() throws { try toReplica.send(["REPLICAOF", "NO", "ONE"]) }

  /// As if its time had come.
  func endLease(of claim: Claim) throws {
    let member = "\(claim.job):\(claim.stage.rawValue):\(claim.index)"
    let changed = try toReplica.send(
      ["ZADD", "{stance}:leases", "XX", "CH", "1", .text(member)])
    try #require(changed == .integer(1))
  }
}
