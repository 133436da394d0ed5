package import StanceJobs

/// Where jobs are handed over and asked about. There is none where jobs are off.
package struct JobDesk: Sendable {
  package let place: JobPlace
  /// Who is told of jobs' ends; nil: nobody.
  package let webhooks: WebhookBox?
  /// Who works on jobs in this process; nil: only others do.
  package let worker: JobWorker?

  package init(_ place: JobPlace, webhooks: WebhookBox? = nil, worker: JobWorker? = nil) {
    (self.place, self.webhooks, self.worker) = (place, webhooks, worker)
  }

  var store: any JobStore { place.store }
  var files: any JobFiles { place.files }

  /// Photos that are handed over in one form.
  package static let maxFiles = 20_000

  /// Whether a job could be done once more.
  ///
  /// - Throws: `Problem` with `not_retryable` when it has not ended, is done, or what came with it is gone; `JobFilesError`.
  func checkRetry(of job: Job) throws {
    let isOver = job.ended != nil && [.dead, .failed, .cancelled].contains(job.state)
    guard isOver else {
      throw Problem(
        .notRetryable,
        "the job is \(job.state.rawValue); only one that has ended as dead, failed or cancelled can be run again"
      )
    }
    if try JobSpecification(decoding: job.specification).source == .folder {
      guard job.state == .dead || job.progress.ended == job.progress.failed else {
        throw Problem(
          .notRetryable,
          "the job is \(job.state.rawValue), and what was done of it went into its result; name the folder in a new job"
        )
      }
      return
    }
    let isThere = try files.files(of: job.id)
      .contains { $0.name.description.hasPrefix(JobFileName.inputPrefix) }
    guard isThere else {
      throw Problem(
        .notRetryable,
        "the job is \(job.state.rawValue), and what came with it was deleted at its end; hand it over anew"
      )
    }
  }
}
