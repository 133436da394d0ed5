import StanceJobs

extension Problem {
  /// Jobs are off.
  static let jobsAreOff = Problem(
    .jobsOff,
    "this service keeps no jobs; stance serve --jobs sqlite:PATH turns them on (so does StateDirectory= in a systemd unit)"
  )

  static let noSuchJob = Problem(
    .notFound, "there is no such job: it was never there, was forgotten, or its time is over")

  private static let retrySeconds = 30

  // A store's own words may name addresses and folders of this machine: they are for the log.
  init(_ error: JobStoreError) {
    switch error {
    case .full(let limit):
      self = .overloaded("\(limit) jobs are open, the most at once", retryAfter: Self.retrySeconds)
    case .ownerFull(let message):
      self.init(.tooManyJobs, message, headers: [("Retry-After", "\(Self.retrySeconds)")])
    case .keyReused:
      self.init(
        .keyReused,
        "this Idempotency-Key was used for a request with other options or other bytes; a new request needs a new key"
      )
    case .unavailable:
      self = .overloaded("the job store can't be reached at the moment", retryAfter: 5)
    case .unusable:
      self = .overloaded(
        "the job store can't be used; the log of the service says why",
        retryAfter: Self.retrySeconds)
    }
  }

  init(_ error: JobFilesError) {
    switch error {
    case .tooLarge: self.init(.jobTooLarge, "the job has \(error)")
    case .noRoom(let message): self = .overloaded(message, retryAfter: Self.retrySeconds)
    case .missing: self.init(.notFound, "the job's file is no longer there")
    case .unavailable:
      self = .overloaded("the jobs' files can't be used at the moment", retryAfter: 5)
    }
  }
}
