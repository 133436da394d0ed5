/// Jobs that come, come again, and go.
extension JobTransaction {
  func submit(_ job: NewJob) throws -> Submission {
    if let key = job.idempotencyKey,
      let row = try database.run(
        "SELECT id, digest FROM job WHERE owner = ? AND idempotency = ?", .text(job.owner),
        .text(key)
      ).first
    {
      guard row.text(1) == job.digest, let id = row.text(0).flatMap(JobID.init) else {
        throw JobStoreError.keyReused
      }
      return .known(id)
    }
    try takeRoom(for: job.owner, bytes: job.inputBytes)
    let stage: JobStage =
      if let items = job.items { items.isEmpty ? .gather : .work } else { .plan }
    let inputs = stage == .work ? job.items ?? [] : [[]]
    let seq =
      try database.run(
        """
        INSERT INTO job (id, owner, priority, idempotency, digest, specification, bytes, keep, created, state, stage, queued, total)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?) RETURNING seq
        """, .text(job.id.description), .text(job.owner), .integer(job.priority),
        .text(job.idempotencyKey),
        .text(job.digest), .blob(job.specification), .integer(job.inputBytes),
        .real(job.keep / .seconds(1)), .real(now), .integer(stage.rawValue), .integer(inputs.count),
        job.items.map { .integer($0.count) } ?? .null
      ).first?.integer(0) ?? 0
    try insert(inputs, from: 0, stage: stage, job: seq, owner: job.owner)
    return .accepted
  }

  func retry(_ id: JobID, keepingDone: Bool) throws -> Bool {
    guard let job = try row(id), job.isEnded, [.dead, .failed, .cancelled].contains(job.state)
    else {
      return false
    }
    try takeRoom(for: job.owner, bytes: job.bytes)
    // The gathering made its result of what there was: it is made anew.
    try database.run(
      "DELETE FROM item WHERE job = ? AND stage = \(JobStage.gather.rawValue)", .integer(job.seq))
    try database.run(
      """
      UPDATE item SET state = 0, attempts = 0, result = NULL, reason = NULL, worker = NULL
      WHERE job = ? AND (state <> \(JobItem.State.done.rawValue)\(keepingDone ? "" : " OR stage = \(JobStage.work.rawValue)"))
      """, .integer(job.seq))
    func waiting(_ stage: JobStage) throws -> Int {
      try database.run(
        "SELECT count(*) FROM item WHERE job = ? AND stage = ? AND state = 0", .integer(job.seq),
        .integer(stage.rawValue)
      ).first?.integer(0) ?? 0
    }
    var stage = JobStage.plan
    var queued = try waiting(stage)
    if queued == 0 { (stage, queued) = (.work, try waiting(.work)) }
    if queued == 0 {
      (stage, queued) = (.gather, 1)
      try insert([[]], from: 0, stage: stage, job: job.seq, owner: job.owner)
    }
    try database.run(
      """
      UPDATE job SET state = 'queued', stage = ?, queued = ?, running = 0, done = ?, failed = 0, attempts = 0, started = NULL,
        ended = NULL, expires = NULL, seconds = NULL, duration = NULL, reason = NULL, result_name = NULL,
        result_bytes = NULL, result_checksum = NULL, result_type = NULL
      WHERE seq = ?
      """, .integer(stage.rawValue), .integer(queued), .integer(keepingDone ? job.done : 0),
      .integer(job.seq))
    return true
  }

  func cancel(_ id: JobID) throws -> Bool {
    guard let job = try row(id), job.canBeCancelled else { return false }
    try database.run(
      "UPDATE item SET state = \(JobItem.State.cancelled.rawValue) WHERE job = ? AND state = 0",
      .integer(job.seq))
    try database.run(
      "UPDATE job SET state = 'cancelled', queued = 0, reason = 'it was cancelled', \(Self.endOfPostponement) WHERE seq = ?",
      .integer(job.seq))
    if job.stage == .gather {
      try end(job, as: .cancelled, reason: nil, result: nil)
    } else {
      try moveOn(id)
    }
    return true
  }

  func forget(_ id: JobID) throws -> Bool {
    try database.run("DELETE FROM job WHERE id = ? AND ended IS NOT NULL", .text(id.description))
    return database.changes > 0
  }

  func sweep(limit: Int) throws -> [JobID] {
    let ids = try database.run(
      "SELECT id FROM job WHERE expires < ? ORDER BY expires LIMIT ?", .real(now),
      .integer(max(0, limit))
    ).compactMap { $0.text(0).flatMap(JobID.init) }
    for id in ids { _ = try forget(id) }
    return ids
  }

  /// Items that can be claimed once their stage has come.
  func insert(_ inputs: [[UInt8]], from first: Int, stage: JobStage, job: Int, owner: String) throws
  {
    for (offset, input) in inputs.enumerated() {
      try database.run(
        "INSERT INTO item (job, stage, number, owner, input) VALUES (?, ?, ?, ?, ?)", .integer(job),
        .integer(stage.rawValue), .integer(first + offset), .text(owner), .blob(input))
    }
  }

  /// Counts one more open job of the owner, or refuses it.
  private func takeRoom(for owner: String, bytes: Int) throws {
    let all = try openJobs()
    guard all < policy.maxOpenJobs else { throw JobStoreError.full(limit: policy.maxOpenJobs) }
    let row = try database.run("SELECT open, bytes FROM owner WHERE name = ?", .text(owner)).first
    let open = row?.integer(0) ?? 0
    guard open < policy.maxOpenJobsPerOwner else {
      throw JobStoreError.tooMany(open: open, policy)
    }
    let held = row?.integer(1) ?? 0
    guard held <= policy.maxOpenBytesPerOwner - bytes else {
      throw JobStoreError.tooLarge(held: held, bytes: bytes, policy)
    }
    try database.run(
      """
      INSERT INTO owner (name, open, bytes) VALUES (?1, 1, ?2)
      ON CONFLICT (name) DO UPDATE SET open = open + 1, bytes = bytes + ?2
      """, .text(owner), .integer(bytes))
  }
}
