internal import Synchronization

/// What a performer is given to do, and what it is told meanwhile.
package final class JobTask: Sendable {
  package let job: JobID
  package let owner: String
  package let specification: [UInt8]
  /// The job was cancelled: only what is there is left to gather.
  package let isCancelled: Bool
  /// In the order of their indices; one, of no meaning, of a plan or a gathering.
  package let items: [Assignment.Item]
  package let files: any JobFiles
  /// All items of the job's work, also those that others have or had.
  package let jobItems: JobItems

  private struct State {
    var interruption: JobInterruption?
    var progress: (seconds: Double?, duration: Double?) = (nil, nil)
    var isProgressNew = false
    var part: (any JobFileWriter)?
    var partChecksum: String?
    var held: ContinuousClock.Instant
  }
  private let state: Mutex<State>

  let began = ContinuousClock.now

  /// Nil of an assignment without items, of which there is none.
  init?(_ assignment: Assignment, _ store: any JobStore, _ files: any JobFiles) {
    guard let first = assignment.items.first else { return nil }
    claim = first.claim
    job = assignment.job
    owner = assignment.owner
    specification = assignment.specification
    isCancelled = assignment.isCancelled
    items = assignment.items
    self.files = files
    jobItems = JobItems(store, of: job)
    state = Mutex(State(held: began))
  }

  /// The claim of a plan or a gathering, or of the first item.
  package let claim: Claim

  /// Why the work shall not go on; nil: it shall.
  package var interruption: JobInterruption? { state.withLock { $0.interruption } }

  /// - Throws: ``JobInterrupted`` from this interruption on.
  package func check(from least: JobInterruption = .stopping) throws(JobInterrupted) {
    if let interruption, interruption >= least { throw JobInterrupted() }
  }

  /// Says how far a video is; told to the store from time to time.
  package func report(seconds: Double, of duration: Double?) {
    state.withLock { state in
      state.progress = (seconds, duration)
      state.isProgressNew = true
    }
  }

  /// The one file for what is made of these items; begun at the first call. It becomes whole when the items end, and goes
  /// when they are no longer the worker's.
  ///
  /// - Throws: `JobFilesError`.
  package func part() throws(JobFilesError) -> any JobFileWriter {
    if let part = state.withLock({ $0.part }) { return part }
    let part = try files.make(partName, of: job, as: .work)
    state.withLock { $0.part = part }
    return part
  }

  /// Has the part whole now, if there is one. More than once is the same as once.
  ///
  /// - Returns: its SHA-256; nil without a part.
  /// - Throws: `JobFilesError`.
  @discardableResult
  package func finishPart() throws(JobFilesError) -> String? {
    let (part, known) = state.withLock { ($0.part, $0.partChecksum) }
    guard let part, known == nil else { return known }
    let checksum = try part.finish()
    state.withLock { $0.partChecksum = checksum }
    return checksum
  }

  /// The name that ``part()`` gets.
  package var partName: JobFileName { .part(claim) }

  // MARK: The worker's side

  var claims: [Claim] { items.map(\.claim) }

  var startedPart: (any JobFileWriter)? { state.withLock { $0.part } }

  /// An unfinished one goes with it.
  func dropPart() { state.withLock { $0.part = nil } }

  func interrupt(_ interruption: JobInterruption) {
    state.withLock { $0.interruption = max($0.interruption ?? interruption, interruption) }
  }

  /// Since when the items' lease runs, at the latest.
  var heldSince: ContinuousClock.Instant { state.withLock { $0.held } }

  func isHeld(since instant: ContinuousClock.Instant) { state.withLock { $0.held = instant } }

  var hasNewProgress: Bool { state.withLock { $0.isProgressNew } }

  /// As it was last said; from now on it is not new.
  func takeProgress() -> (seconds: Double?, duration: Double?) {
    state.withLock { state in
      state.isProgressNew = false
      return state.progress
    }
  }
}
