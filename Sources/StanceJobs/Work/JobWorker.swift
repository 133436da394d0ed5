internal import Processes
internal import Synchronization

/// Works on the jobs of a store, for as long as it is let.
///
/// Each lane is a thread that claims some items, has them worked on, and ends them; one more thread renews the leases of all lanes, so
/// that work that takes long is never taken for lost, and a third one sweeps. When the store or the files can't be used, the lanes
/// wait, and go on by themselves.
package final class JobWorker: Sendable {
  package struct Options: Sendable {
    /// For people to read.
    package var name: String
    /// How many claims are worked on at once.
    package var lanes: Int
    /// About so long the items take that are claimed at once: claiming costs next to nothing then, and others find work too.
    package var batchTime = Duration.seconds(1)
    package var maxBatch = 64
    /// How long a call for work waits in the store.
    package var pollTime = Duration.seconds(1)
    package var sweepTime = Duration.seconds(60)
    /// The longest wait after a failure of the store or of the files.
    package var longestBackOff = Duration.seconds(15)
    /// For how long a job is left to others that this worker lacks something for (``JobPostponed/isWorkersOwn``). Then it is tried again:
    /// if nobody has it, somebody must say so, and in the end give it up.
    package var leavingTime = Duration.seconds(300)

    package init(name: String, lanes: Int) { (self.name, self.lanes) = (name, lanes) }
  }

  /// For a log.
  package enum Event: Sendable {
    /// Nothing can be claimed or ended now; told once, until it works again.
    case storeFailed(JobStoreError)
    case storeWorks
    case filesFailed(JobFilesError)
    /// An item of the job, or its gathering, was no longer this worker's.
    case lost(JobID)
    /// The job could not be worked on here and now; told once a minute for each reason.
    case postponed(JobID, reason: String)
    case ended(JobID, JobEnd)
    case swept(jobs: Int)
  }

  /// What was done since the start.
  package struct Counts: Sendable, Hashable {
    package var doneItems = 0
    package var failedItems = 0
    package var handedBackItems = 0
    package var postponedItems = 0
    /// Work that did not count, since the items were others' by then.
    package var lostItems = 0
    package var endedJobs = 0
    package var storeFailures = 0
  }

  private struct State {
    var isStopping = false
    var counts = Counts()
    var lastContact: ContinuousClock.Instant?
    var hasStoreFailed = false
    var tasks: [ObjectIdentifier: JobTask] = [:]
    var threads: [WorkerThread] = []
    var running = 0
    /// Of those, how many may claim something.
    var lanes = 0
    /// Why jobs were postponed, and when that was told.
    var postponed: [String: ContinuousClock.Instant] = [:]
    /// Jobs that are left to others, and until when.
    var left: [JobID: ContinuousClock.Instant] = [:]
    /// Jobs whose tasks are to be renewed at once.
    var asked: Set<JobID> = []
  }

  package let options: Options
  let store: any JobStore
  let files: any JobFiles
  let performer: any JobPerformer
  let cleaner: JobCleaner
  private let tell: @Sendable (Event) -> Void
  private let state = Mutex(State())
  private let bell = JobBell()

  package init(
    _ store: any JobStore, _ files: any JobFiles, _ performer: any JobPerformer, _ options: Options,
    tell: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    (self.store, self.files, self.performer, self.options) = (store, files, performer, options)
    self.tell = tell
    cleaner = JobCleaner(store, files)
  }

  // MARK: What others ask

  package var counts: Counts { state.withLock { $0.counts } }

  /// Whether the store answered within the last 30 seconds: not whether the process is up.
  package var isReady: Bool {
    state.withLock { state in
      state.lastContact.map { ContinuousClock.now - $0 < .seconds(30) } ?? false
    }
  }

  /// Claims that are worked on now.
  package var activeTasks: Int { state.withLock { $0.tasks.count } }

  /// The job was cancelled just now: who works on it here hears of it at once, and not at the next renewal.
  package func noticeCancel(of job: JobID) {
    state.withLock { _ = $0.asked.insert(job) }
    bell.ring()
  }

  // MARK: Life

  /// Begins; called once.
  ///
  /// - Throws: when the system has no thread left; what was started has ended then.
  package func start() throws {
    do {
      for _ in 0..<max(1, options.lanes) {
        try startThread { worker in
          worker.state.withLock { $0.lanes += 1 }
          var lane = JobLane(worker)
          lane.run()
          worker.state.withLock { $0.lanes -= 1 }
        }
      }
      try startThread { worker in worker.renewLeases() }
      try startThread { worker in worker.sweep() }
    } catch {
      _ = stop(within: .seconds(10))
      throw error
    }
  }

  private func startThread(_ body: @escaping @Sendable (JobWorker) -> Void) throws {
    state.withLock { $0.running += 1 }
    do {
      let thread = try WorkerThread { [self] in
        body(self)
        state.withLock { $0.running -= 1 }
        bell.ring()
      }
      state.withLock { $0.threads.append(thread) }
    } catch {
      state.withLock { $0.running -= 1 }
      throw error
    }
  }

  /// Ends it. What is begun is finished, or handed back, within that time. Blocks.
  ///
  /// - Returns: whether all threads have ended; what they still had was handed back in any case.
  @discardableResult
  package func stop(within grace: Duration) -> Bool {
    let deadline = ContinuousClock.now + grace
    let ending = deadline - min(grace / 2, Self.lastWords)
    state.withLock { $0.isStopping = true }
    interruptAll(.stopping)
    bell.ring()
    waitForThreads(until: ending)
    interruptAll(.ending)
    waitForThreads(until: deadline)
    let (left, threads, running) = state.withLock { state in
      (Array(state.tasks.values), state.threads, state.running)
    }
    for task in left {
      // Who can't be reached now will notice at the end of the lease.
      _ = try? store.finish(task.claims.map { ItemEnd($0, .handedBack) }, gatherAs: nil)
    }
    guard running == 0 else { return false }
    state.withLock { $0.threads = [] }
    for thread in threads { thread.join() }
    return true
  }

  /// How long handing back may take.
  private static let lastWords = Duration.seconds(3)

  private func interruptAll(_ interruption: JobInterruption) {
    for task in state.withLock({ Array($0.tasks.values) }) { task.interrupt(interruption) }
  }

  private func waitForThreads(until instant: ContinuousClock.Instant) {
    while state.withLock({ $0.running > 0 }) {
      let left = instant - .now
      guard left > .zero else { return }
      bell.wait(atMost: min(left, .milliseconds(50)))
    }
  }

  // MARK: For the threads

  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Waits, but not on when the worker stops.
  func pause(_ time: Duration) {
    let end = ContinuousClock.now + time
    while !isStopping, ContinuousClock.now < end {
      bell.wait(atMost: min(end - .now, .milliseconds(200)))
    }
  }

  /// Waits, also while the worker stops.
  func pauseAlways(_ time: Duration) { bell.wait(atMost: time) }

  func begin(_ task: JobTask) {
    let isStopping = state.withLock { state in
      state.tasks[ObjectIdentifier(task)] = task
      return state.isStopping
    }
    if isStopping { task.interrupt(.stopping) }
  }

  func end(_ task: JobTask) { state.withLock { $0.tasks[ObjectIdentifier(task)] = nil } }

  func count(_ change: (inout Counts) -> Void) { state.withLock { change(&$0.counts) } }

  func report(_ event: Event) { tell(event) }

  /// The job has to wait. Many wait for one reason, and each again and again: it is told once a minute.
  func notePostponement(of job: JobID, _ reason: String) {
    let now = ContinuousClock.now
    let isNew = state.withLock { state in
      if let told = state.postponed[reason], now - told < Self.postponementSilence { return false }
      if state.postponed.count >= Self.mostReasons {
        state.postponed = state.postponed.filter { now - $0.value < Self.postponementSilence }
        guard state.postponed.count < Self.mostReasons else { return false }
      }
      state.postponed[reason] = now
      return true
    }
    if isNew { tell(.postponed(job, reason: reason)) }
  }

  private static let postponementSilence = Duration.seconds(60)
  private static let mostReasons = 100

  /// Leaves the job to others for a while.
  func leave(_ job: JobID) {
    let until = ContinuousClock.now + options.leavingTime
    state.withLock { state in
      state.left[job] = until
      guard state.left.count > Self.mostLeft else { return }
      if let oldest = state.left.min(by: { $0.value < $1.value }) { state.left[oldest.key] = nil }
    }
  }

  /// Jobs that are left to others now.
  var leftJobs: Set<JobID> {
    let now = ContinuousClock.now
    return state.withLock { state in
      if !state.left.isEmpty { state.left = state.left.filter { $0.value > now } }
      return Set(state.left.keys)
    }
  }

  private static let mostLeft = 200

  /// The store has answered.
  func noteContact() {
    let wasFailing = state.withLock { state in
      defer { state.hasStoreFailed = false }
      state.lastContact = .now
      return state.hasStoreFailed
    }
    if wasFailing { tell(.storeWorks) }
  }

  /// Of the store or the files.
  func note(_ error: any Error) {
    switch error {
    case let error as JobStoreError: noteFailure(error)
    case let error as JobFilesError: tell(.filesFailed(error))
    default: tell(.filesFailed(.unavailable("\(error)")))
    }
  }

  func noteFailure(_ error: JobStoreError) {
    let isNew = state.withLock { state in
      defer { state.hasStoreFailed = true }
      state.counts.storeFailures += 1
      return !state.hasStoreFailed
    }
    if isNew { tell(.storeFailed(error)) }
  }

  // MARK: Renewing

  /// Of a thread that does nothing else.
  private func renewLeases() {
    let lease = store.policy.lease
    // Also after the stop is asked for, as long as something is worked on.
    while true {
      let (tasks, asked, isOver) = state.withLock { state in
        defer { state.asked = [] }
        return (
          Array(state.tasks.values), state.asked, state.isStopping && state.lanes == 0
        )
      }
      if isOver { return }
      let now = ContinuousClock.now
      for task in tasks {
        let age = now - task.heldSince
        let isDue =
          age >= lease / 3 || asked.contains(task.job)
          || task.hasNewProgress && age >= min(lease / 3, .seconds(5))
        if isDue { renew(task) }
        if task.items.count > 1, now - task.began > options.batchTime * Self.patience {
          task.interrupt(.stopping)
        }
      }
      bell.wait(atMost: min(lease / 12, .seconds(1)))
    }
  }

  /// A batch that takes so many times as long as was meant begins no further item: others may have them.
  private static let patience = 5

  private func renew(_ task: JobTask) {
    let asked = ContinuousClock.now
    let progress = task.takeProgress()
    do {
      let renewal = try store.renew(
        task.claims, seconds: progress.seconds, duration: progress.duration)
      noteContact()
      task.isHeld(since: asked)
      if renewal.lost.count == task.claims.count { task.interrupt(.lost) }
      if !renewal.cancelled.isEmpty { task.interrupt(.cancelled) }
    } catch {
      // Tried again at once; the lease may hold on.
      noteFailure(error)
    }
  }

  // MARK: Sweeping

  private func sweep() {
    while !isStopping {
      do {
        let count = try cleaner.sweep()
        if count > 0 { tell(.swept(jobs: count)) }
      } catch {
        note(error)
      }
      pause(options.sweepTime)
    }
  }
}
