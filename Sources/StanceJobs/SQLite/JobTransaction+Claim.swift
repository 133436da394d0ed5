/// Work that is given out.
extension JobTransaction {
  func hasWork(except others: Set<JobID>) throws(DatabaseError) -> Bool {
    try database.run(
      """
      SELECT EXISTS (SELECT 1 FROM job INDEXED BY job_waiting WHERE queued > 0 AND not_before IS NULL AND instr(?2, id) = 0)
        OR EXISTS (SELECT 1 FROM job INDEXED BY job_later WHERE not_before <= ?1)
        OR EXISTS (SELECT 1 FROM item WHERE state = 1 AND lease < ?1)
      """, .real(now), .text(others.text)
    ).first?.integer(0) == 1
  }

  func claim(by worker: String, limit: Int, except others: Set<JobID>) throws -> Assignment? {
    try freeLostItems()
    try bringBackPostponedJobs()
    // Who has the fewest running items goes first, then who was not served for the longest time.
    // The index is named since SQLite would take another one, and walk through all jobs that have ended.
    guard
      let owner = try database.run(
        """
        SELECT name FROM owner
        WHERE EXISTS (
          SELECT 1 FROM job INDEXED BY job_waiting
          WHERE owner = owner.name AND queued > 0 AND not_before IS NULL AND instr(?, id) = 0)
        ORDER BY (SELECT count(*) FROM item WHERE owner = owner.name AND state = 1), turn LIMIT 1
        """, .text(others.text)
      ).first?.text(0),
      let id = try database.run(
        """
        SELECT id FROM job INDEXED BY job_waiting
        WHERE owner = ? AND queued > 0 AND not_before IS NULL AND instr(?, id) = 0
        ORDER BY priority DESC, seq LIMIT 1
        """, .text(owner), .text(others.text)
      ).first?.text(0).flatMap(JobID.init)
    else { return nil }
    try database.run(
      "UPDATE owner SET turn = (SELECT max(turn) + 1 FROM owner) WHERE name = ?", .text(owner))
    return try claim(of: id, by: worker, limit: limit)
  }

  /// Claims items of the stage that this job is in.
  func claim(of id: JobID, by worker: String, limit: Int) throws -> Assignment? {
    guard let job = try row(id) else { return nil }
    var rows = try database.run(
      "SELECT number, attempts, input FROM item WHERE job = ? AND stage = ? AND state = 0 ORDER BY number LIMIT ?",
      .integer(job.seq), .integer(job.stage.rawValue), .integer(max(1, limit)))
    // What a worker was lost with goes alone.
    let fresh = rows.prefix { $0.integer(1) == 0 }
    rows = fresh.isEmpty ? Array(rows.prefix(1)) : Array(fresh)
    guard let first = rows.first,
      let counted = try database.run(
        """
        UPDATE job SET queued = queued - ?2, running = running + ?2, fences = fences + ?2,
          attempts = max(attempts, ?3), started = coalesce(started, ?4),
          state = CASE state WHEN 'queued' THEN 'running' ELSE state END
        WHERE seq = ?1 RETURNING fences, specification
        """, .integer(job.seq), .integer(rows.count), .integer(first.integer(1) + 1), .real(now)
      ).first
    else { return nil }
    if job.stage == .plan {
      // What a lost or cancelled plan had noted.
      try database.run(
        "DELETE FROM item WHERE job = ? AND stage = \(JobStage.work.rawValue)", .integer(job.seq))
    }
    let items = try rows.enumerated().map { offset, row in
      let claim = Claim(
        job: id, stage: job.stage, index: row.integer(0),
        fence: counted.integer(0) - rows.count + 1 + offset, attempt: row.integer(1) + 1)
      try database.run(
        "UPDATE item SET state = 1, fence = ?, attempts = attempts + 1, worker = ?, lease = ? WHERE job = ? AND stage = ? AND number = ?",
        .integer(claim.fence), .text(worker), .real(now + policy.leaseSeconds), .integer(job.seq),
        .integer(job.stage.rawValue), .integer(claim.index))
      return Assignment.Item(claim: claim, input: row.blob(2) ?? [])
    }
    return Assignment(
      job: id, owner: job.owner, stage: job.stage, specification: counted.blob(1) ?? [],
      isCancelled: job.state == .cancelled, items: items)
  }

  func renew(_ claims: [Claim], seconds: Double?, duration: Double?) throws -> Renewal {
    var renewal = Renewal()
    for claim in claims {
      guard let job = try row(claim.job), try isHeld(claim, of: job) else {
        renewal.lost.insert(claim)
        continue
      }
      if job.state == .cancelled, claim.stage != .gather { renewal.cancelled.insert(claim) }
      try database.run(
        "UPDATE item SET lease = ? WHERE job = ? AND stage = ? AND number = ?",
        .real(now + policy.leaseSeconds), .integer(job.seq), .integer(claim.stage.rawValue),
        .integer(claim.index))
      if seconds != nil || duration != nil {
        try database.run(
          "UPDATE job SET seconds = ?, duration = ? WHERE seq = ?", .real(seconds), .real(duration),
          .integer(job.seq))
      }
    }
    return renewal
  }

  func note(_ items: [[UInt8]], from first: Int, under plan: Claim) throws -> Bool {
    guard plan.stage == .plan, let job = try row(plan.job), try isHeld(plan, of: job) else {
      return false
    }
    try database.run(
      "DELETE FROM item WHERE job = ? AND stage = \(JobStage.work.rawValue) AND number >= ?",
      .integer(job.seq), .integer(first))
    try insert(items, from: first, stage: .work, job: job.seq, owner: job.owner)
    return true
  }

  /// Whether the item is still the claim's: nobody claimed or freed it since.
  func isHeld(_ claim: Claim, of job: Row) throws -> Bool {
    let row = try database.run(
      "SELECT state, fence FROM item WHERE job = ? AND stage = ? AND number = ?", .integer(job.seq),
      .integer(claim.stage.rawValue), .integer(claim.index)
    ).first
    return row?.integer(0) == JobItem.State.running.rawValue && row?.integer(1) == claim.fence
  }

  /// Has jobs claimed again whose time has come, some at a time: the next claim brings more.
  private func bringBackPostponedJobs() throws {
    try database.run(
      """
      UPDATE job SET not_before = NULL WHERE seq IN (
        SELECT seq FROM job INDEXED BY job_later WHERE not_before <= ? ORDER BY not_before LIMIT 100)
      """, .real(now))
  }

  /// Frees items whose lease ran out, some at a time: the next claim frees more.
  private func freeLostItems() throws {
    let lost = try database.run(
      """
      SELECT job.id, item.stage, item.number, item.attempts FROM item JOIN job ON job.seq = item.job
      WHERE item.state = 1 AND item.lease < ? ORDER BY item.lease LIMIT 100
      """, .real(now))
    for row in lost {
      guard let id = row.text(0).flatMap(JobID.init), let stage = JobStage(rawValue: row.integer(1))
      else { continue }
      try database.run("UPDATE tally SET count = count + 1 WHERE name = 'lostLeases'")
      try free(id, stage, row.integer(2), attempts: row.integer(3))
      try moveOn(id)
    }
  }
}
