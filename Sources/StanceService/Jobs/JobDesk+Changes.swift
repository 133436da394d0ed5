import StanceJobs

/// Changes of jobs, with all that goes with them: their files, and who is to be told. Calls block.
extension JobDesk {
  /// For who is at the job's files, or another's.
  private static let patience = Duration.seconds(5)
  private static let retrySeconds = 5

  /// Those that were made, also by who could make them then.
  private var promises: WebhookBox? { get throws { try webhooks ?? .found(in: place) } }

  /// Cancels a job.
  ///
  /// - Returns: how it stands then; it may have ended before.
  /// - Throws: `Problem` with `not_found`; `JobStoreError`.
  func cancel(_ id: JobID) throws -> Job {
    if try store.cancel(id) { worker?.noticeCancel(of: id) }
    return try job(id)
  }

  /// Removes a job that has ended, with its result.
  ///
  /// - Throws: `Problem` with `not_ended` when it was run again meanwhile; `JobStoreError`, `JobFilesError`, `FileError`.
  func forget(_ id: JobID) throws {
    guard try store.forget(id) else {
      guard try store.job(id) != nil else { return }
      throw Problem(.notEnded, "the job was run again meanwhile; cancel it first")
    }
    try promises?.drop(id)
    try files.removeAll(of: id)
  }

  /// Queues a job anew. What was done of it stays done where its parts are still there, and else is done again.
  ///
  /// - Returns: how it stands then.
  /// - Throws: `Problem` with `not_found`, or with `not_retryable` when it has not ended, is done, or what it needs is gone;
  ///   `JobStoreError`, `JobFilesError`, `FileError`.
  func retry(_ id: JobID) throws -> Job {
    // Else what is deleted at a job's end could be deleted just now.
    let job = try files.alone(with: id, waiting: Self.patience) { try retryAlone(id) }
    if let job { return job }
    throw Problem.overloaded(
      "files of ended jobs are being deleted", retryAfter: Self.retrySeconds)
  }

  private func retryAlone(_ id: JobID) throws -> Job {
    let job = try job(id)
    let keepsDone = try keepsDone(inRetryOf: job)
    let promises = try promises
    // Before it runs: it could end at once.
    let promised = try promises?.promiseAgain(id, after: job.ended)
    let isQueued: Bool
    do throws(JobStoreError) { isQueued = try store.retry(id, keepingDone: keepsDone) } catch {
      // One that did not answer may have done it.
      if case .unavailable = error { throw error }
      if let promised { promises?.withdraw(promised.new) }
      throw error
    }
    if let promised {
      for name in isQueued ? promised.old : [promised.new] { promises?.withdraw(name) }
    }
    return try self.job(id)
  }

  private func job(_ id: JobID) throws -> Job {
    guard let job = try store.job(id) else { throw Problem.noSuchJob }
    return job
  }

  // MARK: Whether a job could be done once more

  private static let page = 1000

  /// - Returns: false where parts of what was done are gone, or are no whole ones, but all is there to do it again.
  private func keepsDone(inRetryOf job: Job) throws -> Bool {
    let isOver = job.ended != nil && [.dead, .failed, .cancelled].contains(job.state)
    guard isOver else {
      throw Problem(
        .notRetryable,
        "the job is \(job.state.rawValue); only one that has ended as dead, failed or cancelled can be run again"
      )
    }
    let source = try JobSpecification(decoding: job.specification).source
    let there = Set(try files.files(of: job.id).map(\.name.description))
    guard job.progress.items != nil else {
      // To be planned once more.
      guard source == .folder || there.contains(JobFileName.archive.description) else {
        throw Self.inputIsGone(job)
      }
      return true
    }
    var hasParts = true
    var canRepeat = true
    var first = 0
    while case let items = try store.items(of: job.id, from: first, limit: Self.page),
      let last = items.last
    {
      for item in items {
        // A folder's lie in the folder.
        let hasInput = JobItemInput(decoding: item.input)?.file.map(there.contains) ?? true
        if item.state == .done {
          canRepeat = canRepeat && hasInput
          if let made = item.result.flatMap(ItemResult.init(decoding:)) {
            // What there was of a video until it was cancelled, or until an error, is its job's result then, and lies there as such.
            let isWhole = source != .video || job.state == .dead && made.error == nil
            hasParts = hasParts && isWhole && there.contains(made.part)
          }
        } else if !hasInput {
          throw Self.inputIsGone(job)
        }
      }
      first = last.index + 1
    }
    guard hasParts || canRepeat else { throw Self.inputIsGone(job) }
    return hasParts
  }

  private static func inputIsGone(_ job: Job) -> Problem {
    Problem(
      .notRetryable,
      "the job is \(job.state.rawValue), and what came with it was deleted at its end; hand it over anew"
    )
  }
}
