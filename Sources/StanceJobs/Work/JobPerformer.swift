/// What knows how jobs are done. Its calls come from many threads at once, and may block for long.
///
/// All of them look at ``JobTask/interruption`` at least once a second, and throw ``JobInterrupted`` when there is one and nothing is
/// worth keeping. `JobStoreError` is thrown on: the worker hands back what had not ended, and waits. ``JobPostponed``, and `JobFilesError` of
/// the kinds that pass, have that wait, while the worker goes on with other jobs. Any other error ends what was under way as failed, for good.
package protocol JobPerformer: Sendable {
  /// Finds out what the items of a job are.
  ///
  /// - Parameter note: takes the next items' inputs in; throws ``JobInterrupted`` when the plan is no longer the caller's.
  func plan(_ task: JobTask, note: @escaping ([[UInt8]]) throws -> Void) throws

  /// Works on the items of ``JobTask/items``.
  ///
  /// - Parameter end: told of each item as it ends, once, in any order; those that it was not told of are handed back, or postponed.
  ///   Results may lie in ``JobTask/part()``, which is whole before the ends become visible.
  func work(_ task: JobTask, end: (Claim, ItemOutcome) -> Void) throws

  /// Makes one result of all items' results.
  ///
  /// - Returns: how the job ended.
  func gather(_ task: JobTask, _ items: JobItems) throws -> JobEnd
}

/// Why work does not go on. The later ones weigh more.
package enum JobInterruption: Int, Sendable, Hashable, Comparable {
  /// The worker stops: begin no further item, and hand back what would take long.
  case stopping = 1
  /// The time that the worker had for stopping is nearly over: hand back at once.
  case ending
  /// The job was cancelled: keep what is whole.
  case cancelled
  /// Others have the item now: nothing of it will be seen.
  case lost

  package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// Thrown by a performer that was told of an interruption.
package struct JobInterrupted: Error, Sendable {
  package init() {}
}

/// Thrown by a performer that can't work on a job here and now; another worker can perhaps, or the same one later. Items that had ended
/// before stay so.
package struct JobPostponed: Error, Sendable {
  /// For the job's owner: what is missing.
  package let reason: String
  /// It is missing here for as long as this worker runs: it leaves the job to others for a while.
  package let isWorkersOwn: Bool

  package init(_ reason: String, isWorkersOwn: Bool = false) {
    (self.reason, self.isWorkersOwn) = (reason, isWorkersOwn)
  }
}

/// The items of a job's work, in their order, some at a time.
package struct JobItems: Sendable {
  private static let pageSize = 500

  private let store: any JobStore
  private let job: JobID

  init(_ store: any JobStore, of job: JobID) { (self.store, self.job) = (store, job) }

  /// Calls `body` with each.
  ///
  /// - Throws: `JobStoreError`; what `body` throws.
  package func forEach(_ body: (JobItem) throws -> Void) throws {
    _ = try first { item in
      try body(item)
      return false
    }
  }

  /// The first that is as wanted; nil: none is.
  ///
  /// - Throws: `JobStoreError`; what `isWanted` throws.
  package func first(where isWanted: (JobItem) throws -> Bool) throws -> JobItem? {
    var next = 0
    while true {
      let page = try store.items(of: job, from: next, limit: Self.pageSize)
      if let found = try page.first(where: isWanted) { return found }
      guard let last = page.last else { return nil }
      next = last.index + 1
    }
  }
}
