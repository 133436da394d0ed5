internal import StanceJobs

/// Jobs that come, come again, and go.
extension PostgresTransaction {
  /// Items in one statement: each takes five of the 65,535 values that it may have.
  private static let itemsAtOnce = 1000

  func submit(_ job: NewJob) throws -> Submission {
    if let key = job.idempotencyKey,
      let row = try connection.run(
        "SELECT id, digest FROM stance_job WHERE owner = $1 AND idempotency = $2",
        [.text(job.owner), .text(key)]
      ).first
    {
      guard row[1].text == job.digest, let id = row[0].text.flatMap(JobID.init) else {
        throw JobStoreError.keyReused
      }
      return .known(id)
    }
    try takeRoom(for: job.owner, bytes: Int64(job.inputBytes))
    let stage: JobStage =
      if let items = job.items { items.isEmpty ? .gather : .work } else { .plan }
    let inputs = stage == .work ? job.items ?? [] : [[]]
    let seq =
      try connection.run(
        """
        INSERT INTO stance_job (id, owner, priority, idempotency, digest, specification, bytes, keep, created, state, stage, queued, total)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \(Self.now), 'queued', $9, $10, $11) RETURNING seq
        """,
        [
          .text(job.id.description), .text(job.owner), .integer(Int64(job.priority)),
          .text(job.idempotencyKey), .text(job.digest), .bytes(job.specification),
          .integer(Int64(job.inputBytes)), .real(job.keep / .seconds(1)),
          .integer(Int64(stage.rawValue)), .integer(Int64(inputs.count)),
          .integer(job.items.map { Int64($0.count) }),
        ]
      ).first?.first?.integer ?? 0
    try insert(inputs, from: 0, stage: stage, job: seq, owner: job.owner)
    wakes = true
    return .accepted
  }

  func retry(_ id: JobID, keepingDone: Bool) throws -> Bool {
    guard let job = try locked(id), job.isEnded, [.dead, .failed, .cancelled].contains(job.state)
    else { return false }
    try connection.run(PostgresLock.takingRoom)
    try takeRoom(for: job.owner, bytes: job.bytes)
    // The gathering made its result of what there was: it is made anew.
    try connection.run(
      "DELETE FROM stance_item WHERE job = $1 AND stage = \(JobStage.gather.rawValue)",
      [.integer(job.seq)])
    try connection.run(
      """
      UPDATE stance_item SET state = 0, attempts = 0, result = NULL, reason = NULL, worker = NULL
      WHERE job = $1 AND (state <> \(JobItem.State.done.rawValue)\(keepingDone ? "" : " OR stage = \(JobStage.work.rawValue)"))
      """, [.integer(job.seq)])
    let waiting = try connection.run(
      "SELECT stage, count(*) FROM stance_item WHERE job = $1 AND state = 0 GROUP BY stage ORDER BY stage LIMIT 1",
      [.integer(job.seq)]
    ).first
    var stage = JobStage.gather.rawValue
    var queued: Int64 = 1
    if let waiting {
      (stage, queued) = (waiting[0].int ?? stage, waiting[1].integer ?? 0)
    } else {
      try insert([[]], from: 0, stage: .gather, job: job.seq, owner: job.owner)
    }
    try connection.run(
      """
      UPDATE stance_job SET state = 'queued', stage = $2, queued = $3, running = 0, done = $4, failed = 0, attempts = 0,
        started = NULL, ended = NULL, expires = NULL, seconds = NULL, duration = NULL, reason = NULL, result_name = NULL,
        result_bytes = NULL, result_checksum = NULL, result_type = NULL
      WHERE seq = $1
      """,
      [
        .integer(job.seq), .integer(Int64(stage)), .integer(queued),
        .integer(keepingDone ? job.done : 0),
      ])
    wakes = true
    return true
  }

  func cancel(_ id: JobID) throws -> Bool {
    guard let job = try locked(id), job.canBeCancelled else { return false }
    try connection.run(
      "UPDATE stance_item SET state = \(JobItem.State.cancelled.rawValue) WHERE job = $1 AND state = 0",
      [.integer(job.seq)])
    try connection.run(
      """
      UPDATE stance_job SET state = 'cancelled', queued = 0, reason = 'it was cancelled', \(Self.endOfPostponement)
      WHERE seq = $1
      """, [.integer(job.seq)])
    if job.stage == .gather {
      try end(job, as: .cancelled, reason: nil, result: nil)
    } else {
      try moveOn(job)
    }
    return true
  }

  func forget(_ id: JobID) throws -> Bool {
    try !connection.run(
      "DELETE FROM stance_job WHERE id = $1 AND ended IS NOT NULL RETURNING 1",
      [.text(id.description)]
    ).isEmpty
  }

  /// Two that sweep at once take different jobs.
  func sweep(limit: Int) throws -> [JobID] {
    try connection.run(
      """
      DELETE FROM stance_job WHERE seq IN (
        SELECT seq FROM stance_job WHERE expires < \(Self.now) ORDER BY expires LIMIT $1 FOR UPDATE SKIP LOCKED)
      RETURNING id
      """, [.integer(Int64(max(0, limit)))]
    ).compactMap { $0[0].text.flatMap(JobID.init) }
  }

  /// Items that can be claimed once their stage has come.
  func insert(
    _ inputs: [[UInt8]], from first: Int, stage: JobStage, job: Int64, owner: String
  ) throws {
    for start in stride(from: 0, to: inputs.count, by: Self.itemsAtOnce) {
      let part = inputs[start..<min(start + Self.itemsAtOnce, inputs.count)]
      let rows = (0..<part.count).map { "($1, $2, $3 + \($0), $4, $\($0 + 5))" }
      try connection.run(
        "INSERT INTO stance_item (job, stage, number, owner, input) VALUES \(rows.joined(separator: ", "))",
        [
          .integer(job), .integer(Int64(stage.rawValue)), .integer(Int64(first + start)),
          .text(owner),
        ] + part.map(PostgresValue.bytes))
    }
  }

  /// Counts one more open job of the owner, or refuses it.
  private func takeRoom(for owner: String, bytes: Int64) throws {
    let row =
      try connection.run(
        """
        SELECT coalesce(sum(open), 0)::bigint, coalesce(sum(open) FILTER (WHERE name = $1), 0)::bigint,
          coalesce(sum(bytes) FILTER (WHERE name = $1), 0)::bigint FROM stance_owner
        """, [.text(owner)]
      ).first ?? []
    let numbers = row.map { $0.int ?? 0 } + [0, 0, 0]
    guard numbers[0] < policy.maxOpenJobs else {
      throw JobStoreError.full(limit: policy.maxOpenJobs)
    }
    guard numbers[1] < policy.maxOpenJobsPerOwner else {
      throw JobStoreError.tooMany(open: numbers[1], policy)
    }
    guard numbers[2] <= policy.maxOpenBytesPerOwner - Int(bytes) else {
      throw JobStoreError.tooLarge(held: numbers[2], bytes: Int(bytes), policy)
    }
    try connection.run(
      """
      INSERT INTO stance_owner (name, open, bytes) VALUES ($1, 1, $2)
      ON CONFLICT (name) DO UPDATE SET open = stance_owner.open + 1, bytes = stance_owner.bytes + $2
      """, [.text(owner), .integer(bytes)])
  }
}
