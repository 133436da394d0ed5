internal import StanceJobs

/// Work that ends.
extension PostgresTransaction {
  func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws -> Finish {
    var finish = Finish()
    guard let id = ends.first?.claim.job else { return finish }
    var job = try locked(id)
    for end in ends.openOnesLast {
      let claim = end.claim
      guard claim.stage != .gather || end.outcome.leavesItemOpen, let held = job, claim.job == id,
        try isHeld(claim, of: held)
      else {
        finish.refused.insert(claim)
        continue
      }
      switch end.outcome {
      case .done(let result):
        try set(claim.stage, claim.index, of: held, to: .done, result: result, reason: nil)
        job?.postponed = nil
      case .failed(let reason):
        try set(claim.stage, claim.index, of: held, to: .failed, result: nil, reason: reason)
        if claim.stage == .plan { try self.end(held, as: .failed, reason: reason, result: nil) }
        job?.postponed = nil
      case .handedBack: try handBack(claim, of: held)
      case .postponed(let reason): try postpone(claim, of: held, reason: reason)
      }
    }
    guard let job, finish.refused.count < ends.count else { return finish }
    try moveOn(job)
    if let worker, ends.first?.claim.stage == .work {
      let now = try again(job)
      if now.stage == .gather, now.queued == 1 {
        finish.next = try claim(of: now, by: worker, limit: 1)
      }
    }
    return finish
  }

  func end(_ gathering: Claim, as end: JobEnd) throws -> Bool {
    guard gathering.stage == .gather, let job = try locked(gathering.job),
      try isHeld(gathering, of: job)
    else { return false }
    try set(.gather, gathering.index, of: job, to: .done, result: [], reason: nil)
    switch end {
    case .finished(let result):
      let state: JobState = job.state == .cancelled ? .cancelled : .done
      try self.end(job, as: state, reason: nil, result: result)
    case .failed(let reason, let result):
      try self.end(job, as: .failed, reason: reason, result: result)
    case .dead(let reason, let result): try self.end(job, as: .dead, reason: reason, result: result)
    }
    return true
  }

  private func handBack(_ claim: Claim, of job: Row) throws {
    try connection.run(
      "UPDATE stance_item SET attempts = attempts - 1 WHERE job = $1 AND stage = $2 AND number = $3",
      [
        .integer(job.seq), .integer(Int64(claim.stage.rawValue)), .integer(Int64(claim.index)),
      ])
    // Not counted: so it is not the last attempt either.
    try free(job, claim.stage, claim.index, attempts: 0)
  }

  /// Hands the item back and has the job wait, or gives the item up.
  private func postpone(_ claim: Claim, of job: Row, reason: String) throws {
    if job.state == .cancelled, claim.stage != .gather { return try handBack(claim, of: job) }
    let isOver =
      try job.postponed.map { since in
        try connection.run(
          "SELECT \(Self.now) - $1 >= $2", [.real(since), .real(policy.patienceSeconds)]
        ).first?.first == true
      } ?? false
    if isOver {
      let reason = "\(reason); \(policy.givenUp)"
      return try giveUp(claim.stage, claim.index, of: job, reason: reason, jobReason: reason)
    }
    try handBack(claim, of: job)
    try connection.run(
      """
      UPDATE stance_job SET not_before = t.now + $2, postponed = coalesce(postponed, t.now), postponement = $3
      FROM (SELECT \(Self.now) AS now) AS t WHERE seq = $1
      """, [.integer(job.seq), .real(policy.postponementSeconds), .text(reason)])
  }

  /// Has the item dead, and with a plan or a gathering its job.
  private func giveUp(
    _ stage: JobStage, _ index: Int, of job: Row, reason: String, jobReason: String
  ) throws {
    try set(stage, index, of: job, to: .dead, result: nil, reason: reason)
    if stage != .work { try end(job, as: .dead, reason: jobReason, result: nil) }
  }

  /// Makes an item that ran claimable again, or dead at its last attempt.
  func free(_ job: Row, _ stage: JobStage, _ index: Int, attempts: Int) throws {
    if job.state == .cancelled, stage != .gather {
      try set(stage, index, of: job, to: .cancelled, result: nil, reason: nil)
    } else if attempts >= policy.maxAttempts {
      let reason = "its worker was lost \(attempts) times"
      try giveUp(
        stage, index, of: job, reason: reason, jobReason: "\(stage.text) was given up: \(reason)")
    } else {
      try set(stage, index, of: job, to: .queued, result: nil, reason: nil)
      wakes = true
    }
  }

  /// After the end of items: begins the next stage when nothing of this one is left.
  func moveOn(_ job: Row) throws {
    let job = try again(job)
    guard !job.isEnded, job.queued == 0, job.running == 0 else { return }
    if job.state == .cancelled, job.stage != .gather, job.done + job.failed == 0 {
      return try end(job, as: .cancelled, reason: nil, result: nil)
    }
    var next = JobStage.gather
    var items: Int64 = 1
    if job.stage == .plan, job.state != .cancelled {
      items =
        try connection.run(
          "SELECT count(*) FROM stance_item WHERE job = $1 AND stage = \(JobStage.work.rawValue)",
          [.integer(job.seq)]
        ).first?.first?.integer ?? 0
      try connection.run(
        "UPDATE stance_job SET total = $2 WHERE seq = $1", [.integer(job.seq), .integer(items)])
      if items > 0 { next = .work } else { items = 1 }
    }
    if next == .gather {
      try connection.run(
        "DELETE FROM stance_item WHERE job = $1 AND stage = \(JobStage.gather.rawValue)",
        [.integer(job.seq)])
      try insert([[]], from: 0, stage: .gather, job: job.seq, owner: job.owner)
    }
    try connection.run(
      "UPDATE stance_job SET stage = $2, queued = $3 WHERE seq = $1",
      [.integer(job.seq), .integer(Int64(next.rawValue)), .integer(items)])
    wakes = true
  }

  /// Sets the state of an item that ran.
  private func set(
    _ stage: JobStage, _ index: Int, of job: Row, to state: JobItem.State, result: [UInt8]?,
    reason: String?
  ) throws {
    let isWork = stage == .work
    try connection.run(
      """
      WITH item AS (
        UPDATE stance_item SET state = $4, result = $5, reason = $6, worker = NULL
        WHERE job = $1 AND stage = $2 AND number = $3)
      UPDATE stance_job SET running = running - 1, queued = queued + $7, done = done + $8, failed = failed + $9 WHERE seq = $1
      """,
      [
        .integer(job.seq), .integer(Int64(stage.rawValue)), .integer(Int64(index)),
        .integer(Int64(state.rawValue)), .bytes(result), .text(reason),
        .integer(state == .queued ? 1 : 0), .integer(isWork && state == .done ? 1 : 0),
        .integer(isWork && [.failed, .dead].contains(state) ? 1 : 0),
      ])
    if job.postponed != nil, [.done, .failed].contains(state) {
      try connection.run(
        "UPDATE stance_job SET \(Self.endOfPostponement) WHERE seq = $1", [.integer(job.seq)])
    }
  }

  static let endOfPostponement = "not_before = NULL, postponed = NULL, postponement = NULL"

  func end(_ job: Row, as state: JobState, reason: String?, result: JobResult?) throws {
    try connection.run(
      """
      UPDATE stance_job SET state = $2, reason = coalesce($3, reason), queued = 0, running = 0, ended = t.now,
        expires = t.now + keep, result_name = $4, result_bytes = $5, result_checksum = $6, result_type = $7,
        \(Self.endOfPostponement)
      FROM (SELECT \(Self.now) AS now) AS t WHERE seq = $1
      """,
      [
        .integer(job.seq), .text(state.rawValue), .text(reason), .text(result?.name),
        .integer(result.map { Int64($0.bytes) }), .text(result?.checksum),
        .text(result?.mediaType),
      ])
    try connection.run(
      "UPDATE stance_owner SET open = open - 1, bytes = bytes - $2 WHERE name = $1",
      [.text(job.owner), .integer(job.bytes)])
    // Nothing will be tried again, and the result holds it all.
    if state == .done {
      try connection.run("DELETE FROM stance_item WHERE job = $1", [.integer(job.seq)])
    }
  }
}

extension JobStage {
  fileprivate var text: String {
    switch self {
    case .plan: "finding out what is to be done"
    case .work: "the work"
    case .gather: "gathering the results"
    }
  }
}
