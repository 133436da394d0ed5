internal import StanceJobs

/// Work that is given out and renewed.
extension PostgresTransaction {
  /// Whether items wait, whether a lease ran out, and whether a postponed job's time has come.
  ///
  /// Here and in a claim an order says which index to use, where EXISTS would let the planner look through jobs that have ended.
  /// `< 1` means the same as `= 0`, which the planner takes for so rare that it would look at all jobs that wait.
  func work(except others: Set<JobID>) throws -> (waits: Bool, lost: Bool, due: Bool) {
    let row = try connection.run(
      """
      SELECT (SELECT true FROM stance_job WHERE queued > 0 AND not_before IS NULL AND strpos($1, id) < 1
          ORDER BY owner, priority DESC, seq LIMIT 1),
        EXISTS (SELECT 1 FROM stance_item WHERE state = 1 AND lease < \(Self.now)),
        (SELECT true FROM stance_job WHERE not_before <= (SELECT \(Self.now)) ORDER BY not_before LIMIT 1)
      """, [.text(others.text)]
    ).first
    return (row?[0] == true, row?[1] == true, row?[2] == true)
  }

  /// Has jobs claimed again whose time has come, some at a time, but for those that somebody is at. It waits for no lock.
  ///
  /// The clock is asked once, in a query of its own: compared with each row it could not be looked for in the index.
  func bringBackPostponedJobs() throws {
    let back = try connection.run(
      """
      UPDATE stance_job SET not_before = NULL WHERE seq IN (
        SELECT seq FROM stance_job WHERE not_before <= (SELECT \(Self.now)) ORDER BY not_before LIMIT 100
        FOR UPDATE SKIP LOCKED)
      RETURNING 1
      """)
    // Else many that look at once would wake each other, for what one of them has done.
    if !back.isEmpty { wakes = true }
  }

  /// A job with items whose lease ran out, and that nobody works on this moment.
  func lostJob() throws -> Row? {
    try connection.run(
      """
      SELECT \(Row.columns) FROM stance_job WHERE seq IN (
        SELECT job FROM stance_item WHERE state = 1 AND lease < \(Self.now) ORDER BY lease LIMIT 100)
      LIMIT 1 FOR UPDATE SKIP LOCKED
      """
    ).first.flatMap(Row.init)
  }

  /// Frees the items of this job whose lease ran out.
  func freeLostItems(of job: Row) throws {
    let lost = try connection.run(
      """
      SELECT stage, number, attempts FROM stance_item WHERE job = $1 AND state = 1 AND lease < \(Self.now)
      ORDER BY stage, number LIMIT 100
      """, [.integer(job.seq)])
    for row in lost {
      guard let stage = row[0].int.flatMap(JobStage.init) else { continue }
      try free(try again(job), stage, row[1].int ?? 0, attempts: row[2].int ?? 0)
      try moveOn(job)
    }
    try connection.run(
      "UPDATE stance_tally SET count = count + $1 WHERE name = 'lostLeases'",
      [.integer(Int64(lost.count))])
  }

  func claim(by worker: String, limit: Int, except others: Set<JobID>) throws -> Assignment? {
    // Who has the fewest running items goes first, then who was not served for the longest time. A job that another claims
    // from at this moment is passed over; if there is no other, it is waited for.
    for lock in ["FOR UPDATE SKIP LOCKED", "FOR UPDATE"] {
      let job = try connection.run(
        """
        SELECT \(Row.columns) FROM stance_job WHERE queued > 0 AND not_before IS NULL AND strpos($1, id) < 1 AND owner = (
          SELECT name FROM stance_owner o
          WHERE (SELECT true FROM stance_job
            WHERE owner = o.name AND queued > 0 AND not_before IS NULL AND strpos($1, id) < 1
            ORDER BY priority DESC, seq LIMIT 1)
          ORDER BY (SELECT count(*) FROM stance_item WHERE owner = o.name AND state = 1), turn LIMIT 1)
        ORDER BY priority DESC, seq LIMIT 1 \(lock)
        """, [.text(others.text)]
      ).first.flatMap(Row.init)
      guard let job else { continue }
      let assignment = try claim(of: job, by: worker, limit: limit)
      try connection.run(
        "UPDATE stance_owner SET turn = nextval('stance_turn') WHERE name = $1", [.text(job.owner)])
      return assignment
    }
    return nil
  }

  /// Claims items of the stage that this locked job is in.
  func claim(of job: Row, by worker: String, limit: Int) throws -> Assignment? {
    let stage = PostgresValue.integer(Int64(job.stage.rawValue))
    let rows = try connection.run(
      """
      SELECT number, attempts, input FROM stance_item WHERE job = $1 AND stage = $2 AND state = 0
      ORDER BY number LIMIT $3
      """, [.integer(job.seq), stage, .integer(Int64(max(1, limit)))])
    // What a worker was lost with goes alone.
    let fresh = rows.prefix { $0[1] == 0 }
    let chosen = fresh.isEmpty ? rows.prefix(1) : fresh
    guard let first = chosen.first, let last = chosen.last else { return nil }
    if job.stage == .plan {
      // What a lost or cancelled plan had noted.
      try connection.run(
        "DELETE FROM stance_item WHERE job = $1 AND stage = \(JobStage.work.rawValue)",
        [.integer(job.seq)])
    }
    let counted = try connection.run(
      """
      WITH counted AS (
        UPDATE stance_job SET queued = queued - $8, running = running + $8,
          -- By the clock, so that it also grows when a failover loses the last claims.
          fences = greatest(fences, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) + $8,
          attempts = greatest(attempts, $5), started = coalesce(started, \(Self.now)),
          state = CASE state WHEN 'queued' THEN 'running' ELSE state END
        WHERE seq = $1 RETURNING fences, specification
      ), chosen AS (
        SELECT number, row_number() OVER (ORDER BY number) AS place FROM stance_item
        WHERE job = $1 AND stage = $2 AND state = 0 AND number BETWEEN $3 AND $4
      ), claimed AS (
        UPDATE stance_item i SET state = 1, fence = counted.fences - $8 + chosen.place, attempts = attempts + 1, worker = $6,
          lease = \(Self.now) + $7
        FROM chosen, counted WHERE i.job = $1 AND i.stage = $2 AND i.number = chosen.number
      )
      SELECT fences, specification FROM counted
      """,
      [
        .integer(job.seq), stage, first[0], last[0], .integer((first[1].integer ?? 0) + 1),
        .text(worker), .real(policy.leaseSeconds), .integer(Int64(chosen.count)),
      ]
    ).first
    guard let counted else { return nil }
    let before = (counted[0].int ?? 0) - chosen.count
    let items = chosen.enumerated().map { offset, row in
      Assignment.Item(
        claim: Claim(
          job: job.id, stage: job.stage, index: row[0].int ?? 0, fence: before + 1 + offset,
          attempt: (row[1].int ?? 0) + 1),
        input: row[2].bytes ?? [])
    }
    return Assignment(
      job: job.id, owner: job.owner, stage: job.stage, specification: counted[1].bytes ?? [],
      isCancelled: job.state == .cancelled, items: items)
  }

  /// Renews claims of one job.
  func renew(
    _ claims: [Claim], of id: JobID, seconds: Double?, duration: Double?
  ) throws -> Renewal {
    var renewal = Renewal()
    let job = try locked(id)
    for claim in claims {
      guard let job, try isHeld(claim, of: job) else {
        renewal.lost.insert(claim)
        continue
      }
      if job.state == .cancelled, claim.stage != .gather { renewal.cancelled.insert(claim) }
      try connection.run(
        "UPDATE stance_item SET lease = \(Self.now) + $4 WHERE job = $1 AND stage = $2 AND number = $3",
        [
          .integer(job.seq), .integer(Int64(claim.stage.rawValue)), .integer(Int64(claim.index)),
          .real(policy.leaseSeconds),
        ])
    }
    if let job, renewal.lost.count < claims.count, seconds != nil || duration != nil {
      try connection.run(
        "UPDATE stance_job SET seconds = $2, duration = $3 WHERE seq = $1",
        [
          .integer(job.seq), seconds.map(PostgresValue.real) ?? nil,
          duration.map(PostgresValue.real) ?? nil,
        ])
    }
    return renewal
  }

  func note(_ items: [[UInt8]], from first: Int, under plan: Claim) throws -> Bool {
    guard plan.stage == .plan, let job = try locked(plan.job), try isHeld(plan, of: job) else {
      return false
    }
    try connection.run(
      "DELETE FROM stance_item WHERE job = $1 AND stage = \(JobStage.work.rawValue) AND number >= $2",
      [.integer(job.seq), .integer(Int64(first))])
    try insert(items, from: first, stage: .work, job: job.seq, owner: job.owner)
    return true
  }

  /// Whether the item is still the claim's: nobody claimed or freed it since.
  func isHeld(_ claim: Claim, of job: Row) throws -> Bool {
    try connection.run(
      "SELECT state = 1 AND fence = $4 FROM stance_item WHERE job = $1 AND stage = $2 AND number = $3",
      [
        .integer(job.seq), .integer(Int64(claim.stage.rawValue)), .integer(Int64(claim.index)),
        .integer(Int64(claim.fence)),
      ]
    ).first?.first == true
  }
}
