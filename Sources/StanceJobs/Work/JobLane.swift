internal import Files

/// One thread of a worker: claims, has the work done, and ends it.
struct JobLane {
  private let worker: JobWorker
  private var size: BatchSize
  private var backOff: Duration

  init(_ worker: JobWorker) {
    self.worker = worker
    size = BatchSize(time: worker.options.batchTime, most: worker.options.maxBatch)
    backOff = Self.firstBackOff
  }

  private static let firstBackOff = Duration.milliseconds(250)

  /// Until the worker stops.
  mutating func run() {
    while !worker.isStopping {
      do {
        var next = try claim()
        while let assignment = next { next = try perform(assignment) }
        backOff = Self.firstBackOff
      } catch {
        worker.note(error)
        worker.pause(backOff)
        backOff = min(backOff * 2, worker.options.longestBackOff)
      }
    }
  }

  /// Waits for work, for a while.
  private func claim() throws(JobStoreError) -> Assignment? {
    let left = worker.leftJobs
    let assignment = try worker.store.claim(
      by: worker.options.name, limit: size.next, except: left)
    worker.noteContact()
    if assignment == nil {
      try worker.store.waitForWork(atMost: worker.options.pollTime, except: left)
    }
    return assignment
  }

  /// - Returns: what was claimed with the end of it.
  /// - Throws: `JobStoreError` and `JobFilesError`, when all has been handed back or postponed as far as that was possible.
  private mutating func perform(_ assignment: Assignment) throws -> Assignment? {
    guard let task = JobTask(assignment, worker.store, worker.files) else { return nil }
    worker.begin(task)
    defer { worker.end(task) }
    switch assignment.stage {
    case .plan:
      try plan(task)
      return nil
    case .work: return try work(task)
    case .gather:
      try gather(task)
      return nil
    }
  }

  // MARK: Plan

  private func plan(_ task: JobTask) throws {
    var outcome = ItemOutcome.handedBack
    var failure: (any Error)?
    do {
      var count = 0
      try worker.performer.plan(task) { items in
        guard try worker.store.note(items, from: count, under: task.claim) else {
          throw JobInterrupted()
        }
        count += items.count
      }
      // One without items too: what was noted by an earlier attempt is replaced.
      if count == 0, try !worker.store.note([], from: 0, under: task.claim) {
        throw JobInterrupted()
      }
      outcome = .done(result: [])
    } catch {
      (failure, outcome) = (error, self.outcome(for: error, in: task))
    }
    _ = try finish([ItemEnd(task.claim, outcome)], of: task)
    if case .failed(let reason) = outcome { try ended(task.job, .failed(reason: reason, nil)) }
    try Self.passOn(failure)
  }

  // MARK: Work

  private mutating func work(_ task: JobTask) throws -> Assignment? {
    var outcomes: [Claim: ItemOutcome] = [:]
    // Of the items that nothing was said of.
    var rest = ItemOutcome.handedBack
    var failure: (any Error)?
    do { try worker.performer.work(task) { outcomes[$0] = $1 } } catch {
      (failure, rest) = (error, self.outcome(for: error, in: task))
      if !rest.leavesItemOpen {
        for claim in task.claims where outcomes[claim] == nil { outcomes[claim] = rest }
      }
    }
    // What lies in the part counts only when that is whole; so does what found room there before the disk was full. Asked for once:
    // after a failed write to the disk the system may say the next time that all is well.
    if task.interruption != .lost, !outcomes.isEmpty {
      do { try task.finishPart() } catch {
        (failure, rest) = (error, self.outcome(for: error, in: task))
        outcomes = outcomes.filter { if case .failed = $0.value { true } else { false } }
      }
    }
    if task.interruption == .lost {
      worker.count { $0.lostItems += task.items.count }
      worker.report(.lost(task.job))
      try removePart(of: task)
      return nil
    }
    let took = ContinuousClock.now - task.began
    let ends = task.claims.map { ItemEnd($0, outcomes[$0] ?? rest) }
    let finish = try finish(ends, of: task)
    try Self.passOn(failure)
    if finish.next == nil { try learn(task, took, items: outcomes.count) }
    if case .postponed = rest { size.widen() }
    return finish.next
  }

  private mutating func learn(_ task: JobTask, _ took: Duration, items: Int) throws {
    let job = try worker.store.job(task.job)
    size.learn(
      items: items, took: took,
      left: job.flatMap { job in job.progress.items.map { $0 - job.progress.ended } })
    // One that was cancelled with nothing done is gathered by nobody.
    if let job, job.ended != nil { try worker.cleaner.tidy(task.job) }
  }

  // MARK: Gathering

  private func gather(_ task: JobTask) throws {
    let end: JobEnd
    do {
      end = try worker.performer.gather(task, task.jobItems)
    } catch {
      let outcome = self.outcome(for: error, in: task)
      guard case .failed(let reason) = outcome else {
        _ = try finish([ItemEnd(task.claim, outcome)], of: task)
        return try Self.passOn(error)
      }
      end = .failed(reason: reason, nil)
    }
    let (isAccepted, isUnsure) = try untilAnswered(task) { () throws(JobStoreError) in
      try worker.store.end(task.claim, as: end)
    }
    guard isAccepted || isUnsure else {
      worker.report(.lost(task.job))
      // A part that is the result as it is may be another's result too.
      if let name = end.result.flatMap({ JobFileName($0.name) }), name.isResult(of: task.claim) {
        try worker.files.remove(name, of: task.job)
      }
      return
    }
    try ended(task.job, end)
  }

  private func ended(_ job: JobID, _ end: JobEnd) throws {
    worker.count { $0.endedJobs += 1 }
    worker.report(.ended(job, end))
    try worker.cleaner.tidy(job)
  }

  // MARK: Telling the store

  /// Ends items. What lies in a part that nobody will look for is removed.
  private func finish(_ ends: [ItemEnd], of task: JobTask) throws -> Finish {
    let stage = task.claim.stage
    let (finish, isUnsure) = try untilAnswered(task) { () throws(JobStoreError) in
      try worker.store.finish(
        ends, gatherAs: stage == .work && !worker.isStopping ? worker.options.name : nil)
    }
    if !finish.refused.isEmpty {
      worker.count { $0.lostItems += finish.refused.count }
      worker.report(.lost(task.job))
    }
    let isNothingDone = ends.allSatisfy { end in
      if case .done = end.outcome { return finish.refused.contains(end.claim) }
      return true
    }
    if isNothingDone, !isUnsure, stage == .work { try removePart(of: task) }
    for end in ends where !finish.refused.contains(end.claim) { note(end.outcome, of: task) }
    return finish
  }

  /// Counts an end that the store took. A plan is none of the items that are counted as done or failed.
  private func note(_ outcome: ItemOutcome, of task: JobTask) {
    let isItem = task.claim.stage == .work
    worker.count { counts in
      switch outcome {
      case .done: counts.doneItems += isItem ? 1 : 0
      case .failed: counts.failedItems += isItem ? 1 : 0
      case .handedBack: counts.handedBackItems += 1
      case .postponed: counts.postponedItems += 1
      }
    }
    if case .postponed(let reason) = outcome { worker.notePostponement(of: task.job, reason) }
  }

  /// Whether it was finished or not.
  private func removePart(of task: JobTask) throws(JobFilesError) {
    guard task.startedPart != nil else { return }
    task.dropPart()
    try worker.files.remove(task.partName, of: task.job)
  }

  /// Asks again while the store does not answer, as long as the lease may hold.
  ///
  /// - Returns: the answer, and whether an earlier call may have had its effect already, so that a refusal means nothing.
  private func untilAnswered<Answer>(
    _ task: JobTask, _ ask: () throws(JobStoreError) -> Answer
  ) throws(JobStoreError) -> (Answer, isUnsure: Bool) {
    var isUnsure = false
    while true {
      do {
        let answer = try ask()
        worker.noteContact()
        return (answer, isUnsure)
      } catch .unavailable(let message) {
        worker.noteFailure(.unavailable(message))
        let isOver = ContinuousClock.now - task.heldSince > worker.store.policy.lease
        guard !isOver, task.interruption != .ending else {
          worker.report(.lost(task.job))
          throw .unavailable(message)
        }
        isUnsure = true
        worker.pauseAlways(Self.firstBackOff)
      }
    }
  }

  // MARK: Errors

  /// What becomes of items because of an error. A job that this worker alone can't work on is left to others from now on.
  private func outcome(for error: any Error, in task: JobTask) -> ItemOutcome {
    switch error {
    case is JobInterrupted, is JobStoreError: return .handedBack
    case let error as JobPostponed:
      if error.isWorkersOwn { worker.leave(task.job) }
      return .postponed(reason: error.reason)
    case let error as FileError: return .postponed(reason: error.message)
    case let error as JobFilesError where error.isPassing: return .postponed(reason: "\(error)")
    default: return .failed(reason: "\(error)")
    }
  }

  /// - Throws: what the lane has to wait for, since no other job could be worked on either.
  private static func passOn(_ error: (any Error)?) throws {
    switch error {
    case let error as JobStoreError: throw error
    case JobFilesError.unavailable(let message)?: throw JobFilesError.unavailable(message)
    default: return
    }
  }
}

extension JobEnd {
  var result: JobResult? {
    switch self {
    case .finished(let result): result
    case .failed(_, let result), .dead(_, let result): result
    }
  }
}
