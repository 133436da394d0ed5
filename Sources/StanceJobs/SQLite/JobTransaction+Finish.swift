/// Work that ends.
extension JobTransaction {
  func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws -> Finish {
    var finish = Finish()
    for end in ends.openOnesLast {
      let claim = end.claim
      guard claim.stage != .gather || end.outcome.leavesItemOpen, let job = try row(claim.job),
        try isHeld(claim, of: job)
      else {
        finish.refused.insert(claim)
        continue
      }
      switch end.outcome {
      case .done(let result):
        try set(claim, of: job, to: .done, result: result, reason: nil)
      case .failed(let reason):
        try set(claim, of: job, to: .failed, result: nil, reason: reason)
        if claim.stage == .plan { try self.end(job, as: .failed, reason: reason, result: nil) }
      case .handedBack: try handBack(claim, of: job)
      case .postponed(let reason): try postpone(claim, of: job, reason: reason)
      }
      try moveOn(claim.job)
    }
    if let worker, let id = ends.first?.claim.job, ends.first?.claim.stage == .work,
      finish.refused.count < ends.count, let job = try row(id), job.stage == .gather,
      job.queued == 1
    {
      finish.next = try claim(of: id, by: worker, limit: 1)
    }
    return finish
  }

  func end(_ gathering: Claim, as end: JobEnd) throws -> Bool {
    guard gathering.stage == .gather, let job = try row(gathering.job),
      try isHeld(gathering, of: job)
    else {
      return false
    }
    try set(gathering, of: job, to: .done, result: [], reason: nil)
    switch end {
    case .finished(let result):
      try self.end(
        job, as: job.state == .cancelled ? .cancelled : .done, reason: nil, result: result)
    case .failed(let reason, let result):
      try self.end(job, as: .failed, reason: reason, result: result)
    case .dead(let reason, let result): try self.end(job, as: .dead, reason: reason, result: result)
    }
    return true
  }

  private func handBack(_ claim: Claim, of job: Row) throws {
    try database.run(
      "UPDATE item SET attempts = attempts - 1 WHERE job = ? AND stage = ? AND number = ?",
      .integer(job.seq), .integer(claim.stage.rawValue), .integer(claim.index))
    // Not counted: so it is not the last attempt either.
    try free(claim.job, claim.stage, claim.index, attempts: 0)
  }

  /// Hands the item back and has the job wait, or gives the item up.
  private func postpone(_ claim: Claim, of job: Row, reason: String) throws {
    if job.state == .cancelled, claim.stage != .gather { return try handBack(claim, of: job) }
    if let since = job.postponed, now - since >= policy.patienceSeconds {
      let reason = "\(reason); \(policy.givenUp)"
      return try giveUp(claim, of: job, reason: reason, jobReason: reason)
    }
    try handBack(claim, of: job)
    try database.run(
      "UPDATE job SET not_before = ?2, postponed = coalesce(postponed, ?3), postponement = ?4 WHERE seq = ?1",
      .integer(job.seq), .real(now + policy.postponementSeconds), .real(now), .text(reason))
  }

  /// Has the item dead, and with a plan or a gathering its job.
  private func giveUp(_ claim: Claim, of job: Row, reason: String, jobReason: String) throws {
    try set(claim, of: job, to: .dead, result: nil, reason: reason)
    if claim.stage != .work { try end(job, as: .dead, reason: jobReason, result: nil) }
  }

  /// Makes an item that ran claimable again, or dead at its last attempt.
  func free(_ id: JobID, _ stage: JobStage, _ index: Int, attempts: Int) throws {
    guard let job = try row(id) else { return }
    let claim = Claim(job: id, stage: stage, index: index, fence: 0, attempt: attempts)
    if job.state == .cancelled, stage != .gather {
      try set(claim, of: job, to: .cancelled, result: nil, reason: nil)
    } else if attempts >= policy.maxAttempts {
      let reason = "its worker was lost \(attempts) times"
      try giveUp(
        claim, of: job, reason: reason, jobReason: "\(stage.text) was given up: \(reason)")
    } else {
      try set(claim, of: job, to: .queued, result: nil, reason: nil)
    }
  }

  /// After an item's end: begins the next stage when nothing of this one is left.
  func moveOn(_ id: JobID) throws {
    guard let job = try row(id), !job.isEnded, job.queued == 0, job.running == 0 else { return }
    if job.state == .cancelled, job.stage != .gather, job.done + job.failed == 0 {
      return try end(job, as: .cancelled, reason: nil, result: nil)
    }
    var next = JobStage.gather
    var items = 1
    if job.stage == .plan, job.state != .cancelled {
      items =
        try database.run(
          "SELECT count(*) FROM item WHERE job = ? AND stage = \(JobStage.work.rawValue)",
          .integer(job.seq)
        ).first?.integer(0) ?? 0
      try database.run("UPDATE job SET total = ? WHERE seq = ?", .integer(items), .integer(job.seq))
      if items > 0 { next = .work } else { items = 1 }
    }
    if next == .gather {
      try database.run(
        "DELETE FROM item WHERE job = ? AND stage = \(JobStage.gather.rawValue)", .integer(job.seq))
      try insert([[]], from: 0, stage: .gather, job: job.seq, owner: job.owner)
    }
    try database.run(
      "UPDATE job SET stage = ?, queued = ? WHERE seq = ?", .integer(next.rawValue),
      .integer(items),
      .integer(job.seq))
  }

  /// Sets the state of an item that ran.
  private func set(
    _ claim: Claim, of job: Row, to state: JobItem.State, result: [UInt8]?, reason: String?
  ) throws {
    try database.run(
      "UPDATE item SET state = ?, result = ?, reason = ?, worker = NULL WHERE job = ? AND stage = ? AND number = ?",
      .integer(state.rawValue), result.map(DatabaseValue.blob) ?? .null, .text(reason),
      .integer(job.seq), .integer(claim.stage.rawValue), .integer(claim.index))
    let isWork = claim.stage == .work
    try database.run(
      "UPDATE job SET running = running - 1, queued = queued + ?, done = done + ?, failed = failed + ? WHERE seq = ?",
      .integer(state == .queued ? 1 : 0), .integer(isWork && state == .done ? 1 : 0),
      .integer(isWork && [.failed, .dead].contains(state) ? 1 : 0), .integer(job.seq))
    if job.postponed != nil, [.done, .failed].contains(state) {
      try database.run(
        "UPDATE job SET \(Self.endOfPostponement) WHERE seq = ?", .integer(job.seq))
    }
  }

  static let endOfPostponement = "not_before = NULL, postponed = NULL, postponement = NULL"

  func end(_ job: Row, as state: JobState, reason: String?, result: JobResult?) throws {
    try database.run(
      """
      UPDATE job SET state = ?, reason = coalesce(?, reason), queued = 0, running = 0, ended = ?, expires = ?,
        result_name = ?, result_bytes = ?, result_checksum = ?, result_type = ?, \(Self.endOfPostponement)
      WHERE seq = ?
      """, .text(state.rawValue), .text(reason), .real(now), .real(now + job.keep),
      .text(result?.name),
      result.map { .integer($0.bytes) } ?? .null, .text(result?.checksum), .text(result?.mediaType),
      .integer(job.seq))
    try database.run(
      "UPDATE owner SET open = open - 1, bytes = bytes - ? WHERE name = ?", .integer(job.bytes),
      .text(job.owner))
    // Nothing will be tried again, and the result holds it all.
    if state == .done { try database.run("DELETE FROM item WHERE job = ?", .integer(job.seq)) }
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
