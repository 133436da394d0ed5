import StanceJobs
import Testing

/// A job's handing over and its work, in the fewest words.
extension JobStore {
  /// A job with items named by their text.
  func add(
    _ items: [String]? = ["a"], owner: String = "", priority: Int = 0, key: String? = nil,
    digest: String = "",
    bytes: Int = 0, keep: Duration = .seconds(3600)
  ) throws -> JobID {
    var job = NewJob(
      specification: Array("spec".utf8), items: items?.map { Array($0.utf8) }, keep: keep)
    (job.owner, job.priority, job.idempotencyKey, job.digest) = (owner, priority, key, digest)
    job.inputBytes = bytes
    try #require(try submit(job) == .accepted)
    return job.id
  }

  func take(_ limit: Int = 1, by worker: String = "worker") throws -> Assignment {
    try #require(try claim(by: worker, limit: limit))
  }

  /// Claims when the lease of another has run out, however long this machine takes.
  func takeLost(_ limit: Int = 1) throws -> Assignment {
    for _ in 0..<600 {
      if let assignment = try claim(by: "another", limit: limit) { return assignment }
      try waitForWork(atMost: .milliseconds(100))
    }
    return try #require(nil, "no lease ran out")
  }

  func done(_ assignment: Assignment, gatherAs worker: String? = nil) throws -> Finish {
    try finish(
      assignment.items.map { ItemEnd($0.claim, .done(result: $0.input)) }, gatherAs: worker)
  }

  /// Works a claimed gathering off.
  func gather(_ assignment: Assignment, name: String = "result") throws -> Bool {
    let claim = try #require(assignment.items.first).claim
    return try end(claim, as: .finished(.named(name)))
  }

  func postpone(_ assignment: Assignment, _ reason: String = "no room") throws {
    let ends = assignment.claims.map { ItemEnd($0, .postponed(reason: reason)) }
    #expect(try finish(ends, gatherAs: "w") == Finish())
  }

  func state(_ id: JobID) throws -> JobState? { try job(id)?.state }
}

extension JobResult {
  static func named(_ name: String) -> JobResult {
    JobResult(name: name, bytes: 3, checksum: "abc", mediaType: "application/jsonl")
  }
}

extension Assignment {
  var claims: [Claim] { items.map(\.claim) }
  var texts: [String] { items.map { String(decoding: $0.input, as: UTF8.self) } }
}

/// A postponement that is over at once; others take a while that no test reaches.
let shortPostponement: JobPolicy = {
  var policy = JobPolicy()
  policy.postponement = .milliseconds(1)
  return policy
}()

/// A lease that runs out at once, for what happens then; others have a minute, which no test reaches.
let shortLease: JobPolicy = {
  var policy = JobPolicy()
  policy.lease = .milliseconds(1)
  return policy
}()
