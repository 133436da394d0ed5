internal import Files
internal import Glibc
internal import Synchronization

/// A job store in one file, for one machine: the default, which needs no set-up.
///
/// WAL with `synchronous=FULL`: what was accepted outlives a loss of power. Any number of processes of one machine may share the
/// file; a network file system is refused, since its locks can't be trusted.
package final class SQLiteJobStore: JobStore {
  package let policy: JobPolicy
  package let cautions: [String] = []
  private let database: Mutex<Database>
  private let bell = JobBell()
  private let clock: @Sendable () -> Double

  /// Opens the store at `path`, or makes it (0600) with its folder there.
  ///
  /// - Parameter clock: Seconds since 1970.
  /// - Throws: `.unusable`, `.unavailable`.
  package init(
    _ path: String, policy: JobPolicy = JobPolicy(),
    clock: @escaping @Sendable () -> Double = systemSeconds
  ) throws(JobStoreError) {
    self.policy = policy
    self.clock = clock
    do {
      try SQLiteFile.prepare(path)
      let database = try Database(path, busy: .seconds(8))
      try JobSchema.make(in: database)
      self.database = Mutex(database)
    } catch let error as JobStoreError {
      throw error
    } catch let error as DatabaseError {
      throw error.asStoreError
    } catch {
      throw .unusable("\(error)")
    }
  }

  package func submit(_ job: NewJob) throws(JobStoreError) -> Submission {
    let submission = try write { try $0.submit(job) }
    if submission == .accepted { bell.ring() }
    return submission
  }

  package func job(_ id: JobID) throws(JobStoreError) -> Job? { try read { try $0.job(id) } }

  package func jobs(of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int)
    throws(JobStoreError) -> [Job]
  {
    try read { try $0.jobs(of: owner, in: states, before: older, limit: limit) }
  }

  package func items(of id: JobID, from first: Int, limit: Int) throws(JobStoreError) -> [JobItem] {
    try read { try $0.items(of: id, from: first, limit: limit) }
  }

  package func counts() throws(JobStoreError) -> JobCounts { try read { try $0.counts() } }

  package func openJobs() throws(JobStoreError) -> Int { try read { try $0.openJobs() } }

  package func cancel(_ id: JobID) throws(JobStoreError) -> Bool {
    let didCancel = try write { try $0.cancel(id) }
    if didCancel { bell.ring() }
    return didCancel
  }

  package func retry(_ id: JobID, keepingDone: Bool) throws(JobStoreError) -> Bool {
    let didQueue = try write { try $0.retry(id, keepingDone: keepingDone) }
    if didQueue { bell.ring() }
    return didQueue
  }

  package func forget(_ id: JobID) throws(JobStoreError) -> Bool { try write { try $0.forget(id) } }

  package func claim(by worker: String, limit: Int, except others: Set<JobID>)
    throws(JobStoreError) -> Assignment?
  {
    // Who finds nothing takes no lock that others would wait for.
    guard try read({ try $0.hasWork(except: others) }) else { return nil }
    return try write { try $0.claim(by: worker, limit: limit, except: others) }
  }

  package func renew(_ claims: [Claim], seconds: Double?, duration: Double?)
    throws(JobStoreError) -> Renewal
  {
    try write { try $0.renew(claims, seconds: seconds, duration: duration) }
  }

  package func note(_ items: [[UInt8]], from first: Int, under plan: Claim) throws(JobStoreError)
    -> Bool
  {
    try write { try $0.note(items, from: first, under: plan) }
  }

  package func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws(JobStoreError) -> Finish {
    let finish = try write { try $0.finish(ends, gatherAs: worker) }
    bell.ring()
    return finish
  }

  package func end(_ gathering: Claim, as end: JobEnd) throws(JobStoreError) -> Bool {
    try write { try $0.end(gathering, as: end) }
  }

  package func sweep(limit: Int) throws(JobStoreError) -> [JobID] {
    try write { try $0.sweep(limit: limit) }
  }

  /// How often it is looked for work of which no bell here tells: another process's, a lease that ran out, a job that comes due.
  private static let glance = Duration.milliseconds(50)
  /// Who waits is to notice that it shall stop.
  private static let longestWait = Duration.milliseconds(500)

  /// It looks itself: work that came since the caller looked, or of which another thread has taken a part, is not missed.
  package func waitForWork(atMost time: Duration, except others: Set<JobID>)
    throws(JobStoreError)
  {
    let end = ContinuousClock.now + min(time, Self.longestWait)
    while true {
      let rings = bell.rings
      if try read({ try $0.hasWork(except: others) }) { return }
      let left = end - .now
      guard left > .zero else { return }
      bell.wait(since: rings, atMost: min(left, Self.glance))
    }
  }

  private func read<Result: Sendable>(_ body: (JobTransaction) throws -> Result)
    throws(JobStoreError) -> Result
  {
    try transaction("BEGIN", body)
  }

  private func write<Result: Sendable>(_ body: (JobTransaction) throws -> Result)
    throws(JobStoreError) -> Result
  {
    // Locked at once: a transaction that reads first and writes later could find that it read what is no longer so.
    try transaction("BEGIN IMMEDIATE", body)
  }

  private func transaction<Result: Sendable>(
    _ beginning: String, _ body: (JobTransaction) throws -> Result
  ) throws(JobStoreError) -> Result {
    do {
      return try database.withLock { database in
        try database.run(beginning)
        do {
          try JobSchema.check(in: database)
          let result = try body(JobTransaction(database: database, policy: policy, now: clock()))
          try database.run("COMMIT")
          return result
        } catch {
          // The first error is the one to tell; a transaction that SQLite has rolled back itself is no longer open.
          _ = try? database.run("ROLLBACK")
          throw error
        }
      }
    } catch let error as JobStoreError {
      throw error
    } catch let error as DatabaseError {
      throw error.asStoreError
    } catch {
      throw .unavailable("\(error)")
    }
  }
}

/// Seconds since 1970, by the system's clock.
package func systemSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension DatabaseError {
  var asStoreError: JobStoreError {
    isPassing
      ? .unavailable("the job database does not answer: \(message)")
      : .unusable("the job database can't be used: \(message)")
  }
}
