package import StanceJobs

/// A job store in a Redis server, for any number of machines.
///
/// Every change is one script that the server runs as a whole (``RedisScript``). What was accepted is as safe as the server's
/// configuration makes it: with `appendonly yes` and `appendfsync always` it outlives the server's crash, with `everysec` the last
/// second may be lost, and a failover may lose what the new primary had not received, since replication is asynchronous
/// (docs/jobs.md).
package final class RedisJobStore: JobStore {
  package let policy: JobPolicy
  /// What the server's configuration may lose, in sentences for the log; found when the store was opened.
  package let cautions: [String]
  private let connections: ConnectionPool<RedisConnection>
  private let bell: ServerBell<RedisLine>

  /// Opens the store, makes it, or brings it up to date.
  ///
  /// - Throws: `.unusable` for a server that evicts or is too old, a later version's store, a password that is refused;
  ///   `.unavailable`.
  package init(_ address: RedisAddress, policy: JobPolicy = JobPolicy()) throws(JobStoreError) {
    self.policy = policy
    let connect: ConnectionPool<RedisConnection>.Connect = {
      (deadline) throws(ConnectionError) in
      var limits = RedisConnection.Limits()
      (limits.connect, limits.command) = (min(.seconds(4), deadline.left), .seconds(5))
      let connection = try RedisConnection(address, limits: limits)
      connection.callDeadline = deadline
      // Each time: a failover may have led to a server with other settings.
      try RedisSettings.check(connection)
      return connection
    }
    connections = ConnectionPool(count: 4, limit: .seconds(9), connect: connect)
    bell = ServerBell { (deadline) throws(ConnectionError) in
      RedisLine(try connect(deadline))
    } listen: { (line, time) throws(ConnectionError) in
      try line.wait(atMost: time)
    }
    cautions = try connections.call { try RedisSettings.cautions($0) }
    _ = try run("open")
  }

  package func submit(_ job: NewJob) throws(JobStoreError) -> Submission {
    let reply = try run(
      "submit",
      bounds + [
        .text(job.id.description), .text(job.owner), .integer(Int64(job.priority)),
        job.idempotencyKey == nil ? "0" : "1", .text(job.idempotencyKey ?? ""), .text(job.digest),
        .bytes(job.specification), .integer(Int64(job.inputBytes)), .integer(job.keep.microseconds),
        job.items == nil ? "0" : "1",
      ] + (job.items ?? []).map(RedisWord.bytes))
    switch reply.elements.first?.text {
    case "accepted":
      bell.ring()
      return .accepted
    case "known":
      guard let id = reply.elements.last?.text.flatMap(JobID.init) else { throw odd("submit") }
      return .known(id)
    case "reused": throw .keyReused
    default: throw refusal(reply, bytes: job.inputBytes)
    }
  }

  package func job(_ id: JobID) throws(JobStoreError) -> Job? {
    Job(redis: try run("job", [.text(id.description)]))
  }

  package func jobs(
    of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int
  ) throws(JobStoreError) -> [Job] {
    let asked = states.isEmpty ? JobState.allCases : Array(states)
    return try run(
      "jobs",
      [
        owner == nil ? "0" : "1", .text(owner ?? ""), .text(older?.description ?? ""),
        .integer(Int64(max(0, limit))),
      ] + asked.map { .text($0.rawValue) }
    ).elements.compactMap(Job.init(redis:))
  }

  package func items(
    of id: JobID, from first: Int, limit: Int
  ) throws(JobStoreError) -> [JobItem] {
    try run(
      "items",
      [
        .text(id.description), .integer(Int64(max(0, first))), .integer(Int64(max(0, limit))),
      ]
    ).elements.compactMap(JobItem.init(redis:))
  }

  package func cancel(_ id: JobID) throws(JobStoreError) -> Bool {
    let didCancel = try flag("cancel", [.text(id.description)])
    if didCancel { bell.ring() }
    return didCancel
  }

  package func retry(_ id: JobID, keepingDone: Bool) throws(JobStoreError) -> Bool {
    let reply = try run("retry", bounds + [.text(id.description), keepingDone ? "1" : "0"])
    switch reply.elements.first?.text {
    case "queued":
      bell.ring()
      return true
    case "none": return false
    default: throw refusal(reply, bytes: try job(id)?.inputBytes ?? 0)
    }
  }

  package func forget(_ id: JobID) throws(JobStoreError) -> Bool {
    try flag("forget", [.text(id.description)])
  }

  package func claim(
    by worker: String, limit: Int, except others: Set<JobID>
  ) throws(JobStoreError) -> Assignment? {
    let others = others.map { RedisWord.text($0.description) }
    return Assignment(redis: try run("claim", [.integer(Int64(max(1, limit)))] + others))
  }

  package func renew(
    _ claims: [Claim], seconds: Double?, duration: Double?
  ) throws(JobStoreError) -> Renewal {
    let number = { (value: Double?) in RedisWord.text(value.map(\.description) ?? "") }
    let reply = try run(
      "renew", [number(seconds), number(duration)] + claims.flatMap(\.redisWords))
    var renewal = Renewal()
    guard reply.elements.count == 2 else { throw odd("renew") }
    renewal.lost = reply.elements[0].pick(from: claims)
    renewal.cancelled = reply.elements[1].pick(from: claims)
    return renewal
  }

  package func note(
    _ items: [[UInt8]], from first: Int, under plan: Claim
  ) throws(JobStoreError) -> Bool {
    try flag(
      "note", plan.redisWords + [.integer(Int64(first))] + items.map(RedisWord.bytes))
  }

  package func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws(JobStoreError) -> Finish {
    let ends = ends.openOnesLast
    let words = ends.flatMap { end -> [RedisWord] in
      switch end.outcome {
      case .done(let result): end.claim.redisWords + ["done", .bytes(result)]
      case .failed(let reason): end.claim.redisWords + ["failed", .text(reason)]
      case .handedBack: end.claim.redisWords + ["back", ""]
      case .postponed(let reason): end.claim.redisWords + ["later", .text(reason)]
      }
    }
    let reply = try run("finish", [worker == nil ? "0" : "1"] + words)
    guard reply.elements.count == 2 else { throw odd("finish") }
    bell.ring()
    return Finish(
      refused: reply.elements[0].pick(from: ends.map(\.claim)),
      next: Assignment(redis: reply.elements[1]))
  }

  package func end(_ gathering: Claim, as end: JobEnd) throws(JobStoreError) -> Bool {
    let (name, reason, result): (RedisWord, String, JobResult?) =
      switch end {
      case .finished(let result): ("finished", "", result)
      case .failed(let reason, let result): ("failed", reason, result)
      case .dead(let reason, let result): ("dead", reason, result)
      }
    let file: [RedisWord] =
      result.map {
        [.text($0.name), .integer(Int64($0.bytes)), .text($0.checksum), .text($0.mediaType)]
      } ?? []
    return try flag("end", gathering.redisWords + [name, .text(reason)] + file)
  }

  package func sweep(limit: Int) throws(JobStoreError) -> [JobID] {
    try run("sweep", [.integer(Int64(max(0, limit)))]).elements
      .compactMap { $0.text.flatMap(JobID.init) }
  }

  package func counts() throws(JobStoreError) -> JobCounts {
    let states = JobState.allCases
    let reply = try run("counts", states.map { .text($0.rawValue) })
    let numbers = reply.elements.map { $0.number.map(Int.init) }
    guard numbers.count == states.count + 5 else { throw odd("counts") }
    var counts = JobCounts()
    for (state, number) in zip(states, numbers) where number != 0 { counts.jobs[state] = number }
    let rest = Array(numbers[states.count...])
    (counts.waitingItems, counts.runningItems, counts.lostLeases) = (
      rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0
    )
    counts.postponedJobs = rest[3] ?? 0
    counts.oldestAge = rest[4].map { Double($0) / 1e6 }
    return counts
  }

  package func openJobs() throws(JobStoreError) -> Int {
    guard let count = try run("openJobs").number else { throw odd("openJobs") }
    return Int(count)
  }

  package func waitForWork(
    atMost time: Duration, except others: Set<JobID>
  ) throws(JobStoreError) { bell.wait(atMost: time) }

  // MARK: Scripts

  private var bounds: [RedisWord] {
    [policy.maxOpenJobs, policy.maxOpenJobsPerOwner, policy.maxOpenBytesPerOwner]
      .map { .integer(Int64($0)) }
  }

  private func flag(_ step: String, _ arguments: [RedisWord]) throws(JobStoreError) -> Bool {
    try run(step, arguments).number == 1
  }

  private func run(
    _ step: String, _ arguments: [RedisWord] = []
  ) throws(JobStoreError) -> RedisReply {
    let rules: [RedisWord] = [
      .text(step), .integer(Int64(RedisScript.version)), .integer(policy.lease.microseconds),
      .integer(Int64(policy.maxAttempts)), .integer(policy.postponement.microseconds),
      .integer(policy.patience.microseconds), .text(policy.givenUp),
    ]
    let reply = try connections.call {
      try $0.run(script: RedisScript.source, keys: ["{stance}"], arguments: rules + arguments)
    }
    if reply.elements.first?.text == "version", reply.elements.count == 2 {
      throw .unusable(
        "the jobs in Redis have version \(reply.elements[1].text ?? "?") of their form and this program knows version "
          + "\(RedisScript.version): use the same version of Stance everywhere")
    }
    return reply
  }

  private func refusal(_ reply: RedisReply, bytes: Int) -> JobStoreError {
    let held = reply.elements.last?.number.map(Int.init) ?? 0
    switch reply.elements.first?.text {
    case "full": return .full(limit: policy.maxOpenJobs)
    case "jobs": return .tooMany(open: held, policy)
    case "again": return .unusable("a job with this id was accepted before")
    case "bytes": return .tooLarge(held: held, bytes: bytes, policy)
    default: return odd("submit")
    }
  }

  private func odd(_ step: String) -> JobStoreError {
    .unusable("Redis gave an answer to \(step) that makes no sense")
  }
}

// MARK: Values in replies

extension Duration {
  fileprivate var microseconds: Int64 {
    let (seconds, attoseconds) = components
    // Lua counts exactly to 2^53.
    return min(max(seconds, 0), 8_000_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}

extension RedisReply {
  fileprivate func pick(from claims: [Claim]) -> Set<Claim> {
    Set(
      elements.compactMap { position in
        position.number.flatMap { claims.indices.contains(Int($0)) ? claims[Int($0)] : nil }
      })
  }

  fileprivate var int: Int? { number.map(Int.init) }
  fileprivate var seconds: Double? { number.map { Double($0) / 1e6 } }
}

extension Claim {
  fileprivate var redisWords: [RedisWord] {
    [
      .text(job.description), .integer(Int64(stage.rawValue)), .integer(Int64(index)),
      .integer(Int64(fence)),
    ]
  }
}

extension Assignment {
  /// Nil for the empty reply of nothing to do.
  fileprivate init?(redis reply: RedisReply) {
    let parts = reply.elements
    guard parts.count == 6, let id = parts[0].text.flatMap(JobID.init),
      let stage = parts[2].int.flatMap(JobStage.init)
    else { return nil }
    let items = parts[5].elements.compactMap { item -> Item? in
      let item = item.elements
      guard item.count == 4, let index = item[0].int, let fence = item[1].int,
        let attempt = item[2].int
      else { return nil }
      let claim = Claim(job: id, stage: stage, index: index, fence: fence, attempt: attempt)
      return Item(claim: claim, input: item[3].bytes ?? [])
    }
    self.init(
      job: id, owner: parts[1].text ?? "", stage: stage, specification: parts[3].bytes ?? [],
      isCancelled: parts[4].int == 1, items: items)
  }
}

extension Job {
  /// Nil for the reply about a job that is not there.
  fileprivate init?(redis reply: RedisReply) {
    let parts = reply.elements
    guard parts.count == 22, let id = parts[0].text.flatMap(JobID.init),
      let state = parts[3].text.flatMap(JobState.init),
      let stage = parts[4].int.flatMap(JobStage.init)
    else { return nil }
    var progress = JobProgress()
    progress.items = parts[11].int
    progress.failed = parts[13].int ?? 0
    progress.ended = (parts[12].int ?? 0) + progress.failed
    progress.seconds = parts[14].text.flatMap { Double($0) }
    progress.duration = parts[15].text.flatMap { Double($0) }
    let result = parts[18].text.map {
      JobResult(
        name: $0, bytes: parts[19].int ?? 0, checksum: parts[20].text ?? "",
        mediaType: parts[21].text ?? "")
    }
    self.init(
      id: id, owner: parts[1].text ?? "", priority: parts[2].int ?? 0, state: state, stage: stage,
      specification: parts[5].bytes ?? [], inputBytes: parts[6].int ?? 0,
      created: parts[7].seconds ?? 0, started: parts[8].seconds, ended: parts[9].seconds,
      expires: parts[10].seconds, progress: progress, attempts: parts[16].int ?? 0,
      reason: parts[17].text, result: result)
  }
}

extension JobItem {
  fileprivate init?(redis reply: RedisReply) {
    let parts = reply.elements
    guard parts.count == 6, let index = parts[0].int, let state = parts[1].int.flatMap(State.init)
    else { return nil }
    self.init(
      index: index, state: state, input: parts[3].bytes ?? [], result: parts[4].bytes,
      reason: parts[5].text, attempts: parts[2].int ?? 0)
  }
}
