/// A job as it is handed over.
package struct NewJob: Sendable {
  package var id: JobID
  package var owner = ""
  package var priority = 0
  package var specification: [UInt8]
  /// The items' inputs, or nil when a plan must be made first.
  package var items: [[UInt8]]?
  package var inputBytes = 0
  /// How long it is kept after its end.
  package var keep: Duration
  /// The caller's own name for this request: the same again is the same job.
  package var idempotencyKey: String?
  /// A checksum of all that was asked for, to tell a repeated request from another one under the same key.
  package var digest = ""

  package init(
    id: JobID = JobID(), specification: [UInt8], items: [[UInt8]]?,
    keep: Duration = .seconds(7 * 86_400)
  ) {
    (self.id, self.specification, self.items, self.keep) = (id, specification, items, keep)
  }
}

/// What became of a job that was handed over.
package enum Submission: Sendable, Hashable {
  case accepted
  /// The same request was accepted before, as this job.
  case known(JobID)
}

/// The rules of a store, the same in all processes that share it.
package struct JobPolicy: Sendable, Hashable {
  /// For how long a claim holds without being renewed.
  package var lease = Duration.seconds(60)
  /// An item that was claimed so often without an end is dead.
  package var maxAttempts = 3
  /// Jobs that have not ended.
  package var maxOpenJobs = 10_000
  /// Jobs of one owner that have not ended.
  package var maxOpenJobsPerOwner = 10_000
  /// Bytes of input of one owner's jobs that have not ended.
  package var maxOpenBytesPerOwner = 1 << 40
  /// For how long nobody claims anything of a job that could not be worked on (``ItemOutcome/postponed(reason:)``).
  package var postponement = Duration.seconds(15)
  /// An item that is postponed when nothing of its job was done for so long, though that was tried, is dead.
  package var patience = Duration.seconds(86_400)

  package init() {}

  /// Seconds of a lease.
  package var leaseSeconds: Double { lease / .seconds(1) }
  package var postponementSeconds: Double { postponement / .seconds(1) }
  package var patienceSeconds: Double { patience / .seconds(1) }

  /// What the store says of an item when ``patience`` is over, behind the last reason.
  package var givenUp: String {
    let units: [(String, Double)] = [("days", 86_400), ("hours", 3600), ("minutes", 60)]
    let seconds = patienceSeconds
    let (unit, size) = units.first { seconds >= 2 * $0.1 } ?? ("seconds", 1)
    return "given up after \(Int(min(seconds / size, 1e9))) \(unit)"
  }
}
