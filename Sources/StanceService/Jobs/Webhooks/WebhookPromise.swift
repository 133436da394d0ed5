import StanceJobs

/// To tell somebody of a job's next end: a small file.
struct WebhookPromise: Codable, Sendable, Hashable {
  /// Which one it is. A job that is run again has a new one, so that who keeps the old one does not take the new one for kept.
  struct Name: Sendable, Hashable, CustomStringConvertible {
    let job: JobID
    /// The file's name: the job's id, with more behind it when the job was run again.
    let description: String

    /// The one that is made with the job.
    init(_ job: JobID) { (self.job, description) = (job, job.description) }

    /// One more.
    init(again job: JobID) {
      self.job = job
      description = "\(job).\(String(UInt64.random(in: 0 ... .max), radix: 16))"
    }

    /// Nil for a file that is none.
    init?(file: String) {
      let parts = file.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard let job = JobID(parts[0]) else { return nil }
      (self.job, description) = (job, file)
    }
  }

  var url: String
  /// The end that was known when this was made for the next one.
  var after: Double?
  var attempts = 0
  /// Seconds since 1970 before which nothing is tried.
  var notBefore = 0.0
  /// Since when there has been nothing to tell: no such job, or no other end than one that was told.
  var idleSince: Double?
}
