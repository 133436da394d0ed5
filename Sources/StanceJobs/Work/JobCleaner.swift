internal import Synchronization

/// Removes what is no longer needed of jobs' files, and jobs whose time is over.
///
/// Of a job that has ended as done, failed or cancelled only the result is kept; of a dead one everything, for its next try.
package final class JobCleaner: Sendable {
  /// A folder of no job is somebody's upload until so long nothing was written.
  private static let orphanAge = Duration.seconds(3600)
  private static let sweepsAtOnce = 100
  /// For who is at other jobs' files; what is not tidied up by then is at the next sweep.
  private static let patience = Duration.milliseconds(500)

  private let store: any JobStore
  private let files: any JobFiles
  /// Jobs of which nothing but the result is left, with how many files that is.
  private let tidied = Mutex<[JobID: Int]>([:])

  package init(_ store: any JobStore, _ files: any JobFiles) {
    (self.store, self.files) = (store, files)
  }

  /// Removes what a job no longer needs, if it has ended. Who runs it again may be quicker: then it stays, for the next sweep to see.
  ///
  /// - Throws: `JobStoreError`, `JobFilesError`.
  package func tidy(_ id: JobID) throws {
    // Asked for by itself: as long as that holds, nobody runs it again.
    _ = try files.alone(with: id, waiting: Self.patience) {
      guard let job = try store.job(id), Self.leavesOnlyItsResult(job) else { return }
      let result = job.result.flatMap { JobFileName($0.name) }
      try files.removeAll(of: id, but: result)
      tidied.withLock { $0[id] = result == nil ? 0 : 1 }
    }
  }

  private static func leavesOnlyItsResult(_ job: Job) -> Bool {
    job.ended != nil && job.state != .dead
  }

  /// Removes jobs whose time is over, what is left of others, and what belongs to none.
  ///
  /// - Returns: how many jobs were removed.
  /// - Throws: `JobStoreError`, `JobFilesError`.
  package func sweep() throws -> Int {
    var count = 0
    var failure: (any Error)?
    // One folder that can't be removed now must not keep the others.
    func attempt(_ body: () throws -> Void) throws {
      do { try body() } catch {
        // It would keep each of the others waiting.
        if error is JobStoreError { throw error }
        failure = failure ?? error
      }
    }
    while true {
      let ids = try store.sweep(limit: Self.sweepsAtOnce)
      for id in ids { try attempt { try files.removeAll(of: id) } }
      count += ids.count
      if ids.count < Self.sweepsAtOnce { break }
    }
    let present = Set(try files.jobs(idleFor: .zero))
    let known = tidied.withLock { tidied in
      tidied = tidied.filter { present.contains($0.key) }
      return tidied
    }
    for id in present {
      try attempt {
        // A worker that was thought lost may have written something since, and the job may have been run again elsewhere.
        if let count = known[id], try files.files(of: id).count <= count { return }
        // Without the lock at first: of most jobs, which wait or run, nothing is to be removed.
        guard let job = try store.job(id), Self.leavesOnlyItsResult(job) else { return }
        try tidy(id)
      }
    }
    for id in try files.jobs(idleFor: Self.orphanAge) where try store.job(id) == nil {
      try attempt { try files.removeAll(of: id) }
    }
    try files.recount()
    if let failure { throw failure }
    return count
  }
}
