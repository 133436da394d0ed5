import StanceJobs
import TestSupport
import Testing

@testable import JobStores

@Suite(
  "A failover of PostgreSQL", .timeLimit(.minutes(10)),
  .enabled(if: PostgresTestServer.isInstalled, "\(PostgresTestServer.missing)"))
struct PostgresFailoverTests {
  private func address(_ hosts: [PostgresTestServer], _ parameters: String = "") throws
    -> PostgresAddress
  {
    let places = hosts.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    return try PostgresAddress(
      "postgresql://stance@\(places)/postgres\(parameters)",
      password: Secret(PostgresTestServer.password))
  }

  @Test("of two hosts the one that takes writes is found, whether the other only reads or is down")
  func hosts() throws {
    let reading = try PostgresTestServer(["default_transaction_read_only=on"])
    let writing = try PostgresTestServer()
    let store = try PostgresJobStore(try address([reading, writing]))
    #expect(try store.submit(NewJob(specification: [], items: [[]])) == .accepted)
    let there = try PostgresConnection(address([writing])).run("SELECT count(*) FROM stance_job")
    #expect(there == [[1]])
    let alone = #expect(throws: JobStoreError.self) {
      _ = try PostgresJobStore(try address([reading]))
    }
    guard case .unavailable(let message) = alone else {
      Issue.record("\(String(describing: alone))")
      return
    }
    #expect(message.contains("read-only"))
    try reading.process.kill()
    #expect(try PostgresJobStore(try address([reading, writing])).counts().jobs == [.queued: 1])
    #expect(try store.counts().jobs == [.queued: 1])
  }

  @Test("with a synchronous replica nothing that was accepted is missing after a failover")
  func failover() throws {
    // What the replica has not is not told as done.
    let primary = try PostgresTestServer(["synchronous_standby_names=*"])
    let replica = try PostgresTestServer(replicaOf: primary)
    let store = try PostgresJobStore(try address([primary, replica]))
    var accepted: [JobID] = []
    for _ in 0..<5 {
      let job = NewJob(specification: [1], items: [[1]])
      try #require(try store.submit(job) == .accepted)
      accepted.append(job.id)
    }
    let claim = try #require(try store.claim(by: "w", limit: 1)).items[0].claim

    try replica.process.kill()
    let stuck = #expect(throws: JobStoreError.self) {
      // The replica's own processes end a moment after it.
      while true {
        let job = NewJob(specification: [1], items: [[1]])
        try #require(try store.submit(job) == .accepted)
        accepted.append(job.id)
      }
    }
    guard case .unavailable = stuck else {
      Issue.record("\(String(describing: stuck))")
      return
    }
    try replica.process.start()

    try primary.process.kill()
    let between = #expect(throws: JobStoreError.self) {
      while true { _ = try store.counts() }
    }
    guard case .unavailable(let message) = between else {
      Issue.record("\(String(describing: between))")
      return
    }
    #expect(!message.contains(PostgresTestServer.password))
    let promoted = try PostgresConnection(address([replica], "?target_session_attrs=any"))
      .run("SELECT pg_promote()")
    #expect(promoted == [[true]])
    let found = try store.jobs(of: nil, in: [], before: nil, limit: 100).map(\.id)
    #expect(Set(found).isSuperset(of: accepted))
    #expect(try store.renew([claim], seconds: nil, duration: nil) == Renewal())
    let end = ItemEnd(claim, .done(result: [1]))
    let gathering = try #require(try store.finish([end], gatherAs: "w").next).items[0].claim
    #expect(gathering.fence > claim.fence)
    let result = JobResult(name: "r", bytes: 1, checksum: "c", mediaType: "m")
    #expect(try store.end(gathering, as: .finished(result)))
    #expect(try store.claim(by: "w", limit: 1) != nil)
  }

  @Test("a fence grows even where a failover to an asynchronous replica loses the last claims")
  func fences() throws {
    let primary = try PostgresTestServer()
    let replica = try PostgresTestServer(replicaOf: primary)
    let store = try PostgresJobStore(try address([primary, replica]))
    let job = NewJob(specification: [1], items: [[1]])
    try #require(try store.submit(job) == .accepted)
    let other = try PostgresConnection(address([replica], "?target_session_attrs=any"))
    while true {
      let tables = try other.run("SELECT to_regclass('stance_job')::text")
      if tables != [[nil]], try other.run("SELECT count(*) FROM stance_job") == [[1]] { break }
    }
    try replica.process.kill()
    let lost = try #require(try store.claim(by: "w", limit: 1)).items[0].claim
    try primary.process.kill()
    try replica.process.start()
    let promoted = try PostgresConnection(address([replica], "?target_session_attrs=any"))
      .run("SELECT pg_promote()")
    #expect(promoted == [[true]])
    let claim = try #require(try store.claim(by: "w", limit: 1)).items[0].claim
    #expect(claim.fence > lost.fence)
    #expect(try store.finish([ItemEnd(lost, .done(result: []))], gatherAs: nil).refused == [lost])
  }
}
