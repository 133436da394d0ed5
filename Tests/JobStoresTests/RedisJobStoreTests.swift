import JobStoreConformance
import StanceJobs
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "Jobs in Redis", .timeLimit(.minutes(10)),
  .enabled(if: RedisTestServer.isInstalled, "\(RedisTestServer.missing)"))
struct RedisJobStoreTests {
  private func open(_ server: RedisTestServer) throws -> RedisJobStore {
    try RedisJobStore(RedisAddress(server.address))
  }

  @Test("a store in Redis keeps its promises", arguments: JobStoreCheck.all)
  func conforms(_ check: JobStoreCheck) throws {
    let server = try RedisTestServer()
    try check.run { try RedisJobStore(RedisAddress(server.address), policy: $0) }
  }

  @Test("what Redis accepted outlives its crash, and the store finds it again by itself")
  func crash() throws {
    let server = try RedisTestServer()
    try Recovery.check(try open(server), server.process)
  }

  @Test("a Redis that answers no more is unavailable, and the store goes on when it does again")
  func silence() throws {
    let server = try RedisTestServer()
    try Recovery.checkSilence(try open(server), server.process)
  }

  @Test("jobs are done although the server is killed again and again, each with one result")
  func kills() throws {
    let server = try RedisTestServer()
    try Recovery.checkKills(server.process) {
      try RedisJobStore(RedisAddress(server.address), policy: $0)
    }
  }

  @Test("many workers at once do each item once")
  func workers() throws {
    let server = try RedisTestServer()
    try Workers.check { try open(server) }
  }

  @Test("nothing is left in Redis of jobs that are forgotten")
  func leftovers() throws {
    let server = try RedisTestServer()
    let redis = try RedisConnection(RedisAddress(server.address))
    let store = try open(server)
    for round in 0..<2 {
      var job = NewJob(specification: [1], items: [[1], [2]])
      (job.owner, job.idempotencyKey) = ("o", "k\(round)")
      try #require(try store.submit(job) == .accepted)
      let work = try #require(try store.claim(by: "w", limit: 2))
      let ends = work.items.map { ItemEnd($0.claim, .done(result: [3])) }
      let gathering = try #require(try store.finish(ends, gatherAs: "w").next)
      let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")
      #expect(try store.end(gathering.items[0].claim, as: .finished(result)))
      #expect(try store.forget(job.id))
    }
    let keys = try redis.send(["KEYS", "*"]).elements.compactMap(\.text).sorted()
    #expect(keys == ["{stance}:bell", "{stance}:meta", "{stance}:owner:o"])
    #expect(try redis.send(["XLEN", "{stance}:bell"]) == .integer(1))
    let owner = try redis.send(["HMGET", "{stance}:owner:o", "open", "bytes", "running"])
    #expect(owner.elements.map(\.number) == [0, 0, 0])
  }

  @Test("a Redis that throws away what it holds is refused, with the setting to change")
  func eviction() throws {
    let server = try RedisTestServer(["maxmemory-policy allkeys-lru"])
    let error = #expect(throws: JobStoreError.self) { try open(server) }
    guard case .unusable(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("allkeys-lru") && message.contains("maxmemory-policy noeviction"))
  }

  @Test("a full memory refuses new jobs, and those that are there are worked off and forgotten")
  func fullMemory() throws {
    let server = try RedisTestServer()
    let redis = try RedisConnection(RedisAddress(server.address))
    let store = try open(server)
    let job = NewJob(specification: [1], items: [[1]])
    #expect(try store.submit(job) == .accepted)
    try redis.send(["CONFIG", "SET", "maxmemory", "1"])
    let error = #expect(throws: JobStoreError.self) {
      try store.submit(NewJob(specification: [1], items: [[1]]))
    }
    guard case .unavailable(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("OOM"))
    let work = try #require(try store.claim(by: "w", limit: 1))
    let ends = work.items.map { ItemEnd($0.claim, .done(result: [3])) }
    let gathering = try #require(try store.finish(ends, gatherAs: "w").next)
    let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")
    #expect(try store.end(gathering.items[0].claim, as: .finished(result)))
    #expect(try store.job(job.id)?.state == .done && store.forget(job.id))
    try redis.send(["CONFIG", "SET", "maxmemory", "0"])
    #expect(try store.counts() == JobCounts())
  }

  @Test("without the replicas that the server wants nothing is accepted, and jobs can be read")
  func replicas() throws {
    let server = try RedisTestServer()
    let store = try open(server)
    let job = NewJob(specification: [1], items: [[1]])
    #expect(try store.submit(job) == .accepted)
    let redis = try RedisConnection(RedisAddress(server.address))
    try redis.send(["CONFIG", "SET", "min-replicas-to-write", "1"])
    #expect(throws: JobStoreError.self) {
      try store.submit(NewJob(specification: [1], items: [[1]]))
    }
    #expect(try store.job(job.id)?.state == .queued)
    #expect(try store.counts().jobs == [.queued: 1])
  }

  @Test("a user with rights for jobs alone is enough, and one without is told what is missing")
  func rights() throws {
    let server = try RedisTestServer()
    let redis = try RedisConnection(RedisAddress(server.address))
    // As docs/jobs.md says.
    try redis.send(
      ["ACL", "SETUSER", "jobs", "on", ">hunter2", "~{stance}*", "+@all", "-@dangerous", "+info"])
    let address = "redis://jobs:hunter2@127.0.0.1:\(server.port)"
    let store = try RedisJobStore(RedisAddress(address))
    #expect(try store.submit(NewJob(specification: [], items: [[]])) == .accepted)
    #expect(try store.claim(by: "w", limit: 1) != nil)
    try store.waitForWork(atMost: .milliseconds(1))
    #expect(store.cautions.isEmpty, "it may not ask for the settings")
    try redis.send(["ACL", "SETUSER", "jobs", "-evalsha"])
    let error = #expect(throws: JobStoreError.self) {
      try RedisJobStore(RedisAddress(address))
    }
    guard case .unusable(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("evalsha") && !message.contains("hunter2"))
  }

  @Test("what a server's settings may lose is said when the store is opened")
  func cautions() throws {
    #expect(try open(try RedisTestServer()).cautions.isEmpty)
    let second = try open(try RedisTestServer(["appendfsync everysec"])).cautions
    #expect(second.count == 1 && second[0].contains("appendfsync always"))
    let none = try open(try RedisTestServer(["appendonly no"])).cautions
    #expect(none.count == 1 && none[0].contains("appendonly yes"))
  }

  @Test("another version's jobs are refused, at the opening and by who has them open")
  func versions() throws {
    let server = try RedisTestServer()
    let store = try open(server)
    try RedisConnection(RedisAddress(server.address)).send([
      "HSET", "{stance}:meta", "version", "99",
    ])
    try Versions.check(store) { try open(server) }
  }

  @Test("what version 1 left in Redis is brought up to date, and goes on")
  func upgrade() throws {
    let server = try RedisTestServer()
    let redis = try RedisConnection(RedisAddress(server.address))
    try RedisOfVersion1.fill(redis)
    try OldJobs.check { try RedisJobStore(RedisAddress(server.address), policy: $0) }
    // Each step of a program of version 1 asks for that.
    #expect(try redis.send(["HGET", "{stance}:meta", "version"]).text == "2")
  }

  @Test("a fence grows even where the last claims were lost")
  func fences() throws {
    let server = try RedisTestServer()
    let store = try open(server)
    let job = NewJob(specification: [1], items: [[1]])
    #expect(try store.submit(job) == .accepted)
    let first = try #require(try store.claim(by: "w", limit: 1)).items[0].claim
    // As after a failover to a replica that had not heard of the claim.
    let redis = try RedisConnection(RedisAddress(server.address))
    try redis.send(["HSET", "{stance}:job:\(job.id)", "fences", "0", "queued", "1", "running", "0"])
    try redis.send(["HSET", "{stance}:item:\(job.id)", "1:0", "0 0 0"])
    try redis.send(["ZADD", "{stance}:queue:\(job.id):1", "0", "0"])
    let member = "0000000000000001:\(job.id)"
    try redis.send(["ZADD", "{stance}:waiting:", "0", .text(member)])
    try redis.send(["ZADD", "{stance}:ready", "0", ""])
    let second = try #require(try store.claim(by: "w", limit: 1)).items[0].claim
    #expect(second.fence > first.fence)
    #expect(try store.finish([ItemEnd(first, .done(result: []))], gatherAs: nil).refused == [first])
  }

  @Test("a password shows in no error of the store")
  func passwords() throws {
    let server = try RedisTestServer(["requirepass right"])
    for address in [
      server.address, "redis://:hunter2@127.0.0.1:\(server.port)", "redis://:hunter2@127.0.0.1:1",
    ] {
      let error = #expect(throws: JobStoreError.self) {
        _ = try RedisJobStore(RedisAddress(address))
      }
      #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }
  }
}
