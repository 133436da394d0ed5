/// Where a job stands. The words are the contract's.
package enum JobState: String, Sendable, Hashable, CaseIterable {
  /// Nothing of it was begun.
  case queued
  case running
  /// Its result is there. Single items can have failed: their errors are part of the result.
  case done
  /// It can't be done, and trying again would change nothing: an archive that can't be read.
  case failed
  /// Its workers were lost as often as ``JobPolicy/maxAttempts`` allows. It can be run again.
  case dead
  /// What was done until then may be there as its result.
  case cancelled
}

/// The three parts of every job's work, one after the other.
package enum JobStage: Int, Sendable, Hashable {
  /// Finds out what the items are: unpacks an archive, lists a folder. Left out where the items are known.
  case plan = 0
  /// The items, in any order, on any number of workers.
  case work = 1
  /// Makes one result of all items' results, and says how the job ended.
  case gather = 2
}

/// A job as the store sees it at one moment. Times are seconds since 1970, by the store's clock.
package struct Job: Sendable, Hashable {
  package var id: JobID
  /// Whose it is: an API key's name, or empty where there are no keys.
  package var owner: String
  /// Higher goes first among one owner's jobs.
  package var priority: Int
  package var state: JobState
  package var stage: JobStage
  /// What is to be done, in the caller's own words.
  package var specification: [UInt8]
  /// Bytes of input that were handed over with it.
  package var inputBytes: Int
  package var created: Double
  /// When its first item was claimed.
  package var started: Double?
  /// When it ended: `result` and `reason` don't change any more. A cancelled job ends when what was done is gathered.
  package var ended: Double?
  /// When it is swept.
  package var expires: Double?
  package var progress: JobProgress
  /// The most often that one of its items was claimed since the job was handed over or retried.
  package var attempts: Int
  /// Why it failed, died or was cancelled; before its end also why it is postponed, while nobody works on any of its items.
  package var reason: String?
  package var result: JobResult?

  package init(
    id: JobID, owner: String, priority: Int, state: JobState, stage: JobStage,
    specification: [UInt8], inputBytes: Int, created: Double, started: Double?, ended: Double?,
    expires: Double?, progress: JobProgress, attempts: Int, reason: String?, result: JobResult?
  ) {
    (self.id, self.owner, self.priority) = (id, owner, priority)
    (self.state, self.stage) = (state, stage)
    (self.specification, self.inputBytes) = (specification, inputBytes)
    (self.created, self.started, self.ended) = (created, started, ended)
    (self.expires, self.progress, self.attempts) = (expires, progress, attempts)
    (self.reason, self.result) = (reason, result)
  }
}

/// How far a job is.
package struct JobProgress: Sendable, Hashable {
  /// How many items there are; nil until the plan is made.
  package var items: Int?
  /// Items that ended, with a result or with an error.
  package var ended = 0
  /// Those of them that ended with an error.
  package var failed = 0
  /// Seconds of video that are done, as its worker last said.
  package var seconds: Double?
  /// Of so many seconds.
  package var duration: Double?

  package init() {}
}

/// The one visible result of a job: a file in the job's folder.
package struct JobResult: Sendable, Hashable {
  package var name: String
  package var bytes: Int
  /// SHA-256 of the file, lower-case hexadecimal.
  package var checksum: String
  package var mediaType: String

  package init(name: String, bytes: Int, checksum: String, mediaType: String) {
    (self.name, self.bytes, self.checksum, self.mediaType) = (name, bytes, checksum, mediaType)
  }
}

/// One item of a job, for who gathers its results.
package struct JobItem: Sendable, Hashable {
  package enum State: Int, Sendable, Hashable {
    case queued = 0
    case running, done, failed, dead, cancelled
  }

  package var index: Int
  package var state: State
  package var input: [UInt8]
  /// Where its result lies, in the worker's own words; there when `state` is `done`.
  package var result: [UInt8]?
  /// Why it failed or died.
  package var reason: String?
  /// How often it was claimed since the job was handed over or retried.
  package var attempts: Int

  package init(
    index: Int, state: State, input: [UInt8], result: [UInt8]?, reason: String?, attempts: Int
  ) {
    (self.index, self.state, self.input) = (index, state, input)
    (self.result, self.reason, self.attempts) = (result, reason, attempts)
  }
}

/// How many jobs there are, and what went wrong so far: for metrics.
package struct JobCounts: Sendable, Hashable {
  /// Jobs by state, those that wait to be swept included. A state that is not named has none.
  package var jobs: [JobState: Int] = [:]
  /// Items that can be claimed, now or when their job is no longer postponed.
  package var waitingItems = 0
  package var runningItems = 0
  /// Jobs of which nothing can be claimed until their time has come.
  package var postponedJobs = 0
  /// Seconds since the oldest job that is still `queued` was handed over; nil if none is.
  package var oldestAge: Double?
  /// Leases that ran out, since the store was made.
  package var lostLeases = 0

  package init() {}
}
