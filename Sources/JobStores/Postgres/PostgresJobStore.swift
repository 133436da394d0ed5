package import StanceJobs

/// A job store in a PostgreSQL database, for any number of machines: the one to trust with work that must not be lost.
///
/// Each change is one transaction, durable when the call returns (with a synchronous replica, also beyond the loss of the server).
/// Claims pass over jobs that others are at (`SKIP LOCKED`); NOTIFY wakes who waits, and nothing depends on it.
package final class PostgresJobStore: JobStore {
  package let policy: JobPolicy
  /// What the server's configuration may lose, in sentences for the log; found when the store was opened.
  package let cautions: [String]
  private let connections: ConnectionPool<PostgresConnection>
  private let bell: ServerBell<PostgresConnection>

  /// Opens the store, and makes its tables if there are none, or brings them up to date.
  ///
  /// - Throws: `.unusable` for a later version's tables, an old server, missing rights; `.unavailable`.
  package init(_ address: PostgresAddress, policy: JobPolicy = JobPolicy()) throws(JobStoreError) {
    self.policy = policy
    let connect: ConnectionPool<PostgresConnection>.Connect = {
      (deadline) throws(ConnectionError) in
      var limits = PostgresConnection.Limits()
      (limits.connectSeconds, limits.statement) = (4, .seconds(5))
      let connection = try PostgresConnection(address, limits: limits)
      connection.callDeadline = deadline
      // A database may be set to tell of commits that are not on its disk yet.
      try connection.run(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
      )
      return connection
    }
    connections = ConnectionPool(count: 4, limit: .seconds(9), connect: connect)
    bell = ServerBell { (deadline) throws(ConnectionError) in
      let connection = try connect(deadline)
      try connection.listen(to: "stance_jobs")
      return connection
    } listen: { (connection, time) throws(ConnectionError) in
      connection.callDeadline = nil
      return try !connection.notifications(within: time).isEmpty
    }
    cautions = try connections.call { connection in
      try PostgresSchema.make(connection)
      let fsync = try connection.run("SELECT current_setting('fsync')").first?.first
      return fsync == "off"
        ? ["this PostgreSQL may lose or damage the jobs when its machine crashes (fsync=on)"] : []
    }
  }

  package func submit(_ job: NewJob) throws(JobStoreError) -> Submission {
    // Before the look for the key: who repeats a request sees the first one whole.
    try change(lock: PostgresLock.takingRoom) { try $0.submit(job) }
  }

  package func job(_ id: JobID) throws(JobStoreError) -> Job? { try look { try $0.job(id) } }

  package func jobs(
    of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int
  ) throws(JobStoreError) -> [Job] {
    try look { try $0.jobs(of: owner, in: states, before: older, limit: limit) }
  }

  package func items(
    of id: JobID, from first: Int, limit: Int
  ) throws(JobStoreError) -> [JobItem] {
    try look { try $0.items(of: id, from: first, limit: limit) }
  }

  package func counts() throws(JobStoreError) -> JobCounts { try look { try $0.counts() } }

  package func openJobs() throws(JobStoreError) -> Int { try look { try $0.openJobs() } }

  package func cancel(_ id: JobID) throws(JobStoreError) -> Bool {
    try change { try $0.cancel(id) }
  }

  package func retry(_ id: JobID, keepingDone: Bool) throws(JobStoreError) -> Bool {
    try change { try $0.retry(id, keepingDone: keepingDone) }
  }

  package func forget(_ id: JobID) throws(JobStoreError) -> Bool {
    try change { try $0.forget(id) }
  }

  package func sweep(limit: Int) throws(JobStoreError) -> [JobID] {
    try change { try $0.sweep(limit: limit) }
  }

  package func claim(
    by worker: String, limit: Int, except others: Set<JobID>
  ) throws(JobStoreError) -> Assignment? {
    // Again: others may have taken what was there between the look and the lock.
    for _ in 0..<3 {
      let (waits, lost, due) = try look { try $0.work(except: others) }
      guard waits || lost || due else { return nil }
      if lost { try freeLostItems() }
      // In a transaction of its own: a claim may wait for one job's lock, and must hold no other's then.
      if due { try change { try $0.bringBackPostponedJobs() } }
      let assignment = try change { try $0.claim(by: worker, limit: limit, except: others) }
      if let assignment { return assignment }
    }
    return nil
  }

  /// Each job's in a transaction of its own, so that no two jobs are locked at a time; the next claim frees more.
  private func freeLostItems() throws(JobStoreError) {
    for _ in 0..<20 {
      let isMore = try change { transaction in
        guard let job = try transaction.lostJob() else { return false }
        try transaction.freeLostItems(of: job)
        return true
      }
      guard isMore else { return }
    }
  }

  package func renew(
    _ claims: [Claim], seconds: Double?, duration: Double?
  ) throws(JobStoreError) -> Renewal {
    var renewal = Renewal()
    for (id, claims) in Dictionary(grouping: claims, by: \.job) {
      let part = try change {
        try $0.renew(claims, of: id, seconds: seconds, duration: duration)
      }
      renewal.lost.formUnion(part.lost)
      renewal.cancelled.formUnion(part.cancelled)
    }
    return renewal
  }

  package func note(
    _ items: [[UInt8]], from first: Int, under plan: Claim
  ) throws(JobStoreError) -> Bool {
    try change { try $0.note(items, from: first, under: plan) }
  }

  package func finish(_ ends: [ItemEnd], gatherAs worker: String?) throws(JobStoreError) -> Finish {
    try change { try $0.finish(ends, gatherAs: worker) }
  }

  package func end(_ gathering: Claim, as end: JobEnd) throws(JobStoreError) -> Bool {
    try change { try $0.end(gathering, as: end) }
  }

  package func waitForWork(
    atMost time: Duration, except others: Set<JobID>
  ) throws(JobStoreError) { bell.wait(atMost: time) }

  // MARK: Transactions

  /// One statement, which needs no transaction of its own.
  private func look<Result>(
    _ body: (PostgresTransaction) throws -> Result
  ) throws(JobStoreError) -> Result {
    try connections.call { connection in
      try PostgresSchema.check(connection)
      return try body(PostgresTransaction(connection, policy: policy))
    }
  }

  /// - Parameter lock: a statement that locks more than rows, before anything is read.
  private func change<Result>(
    lock: String = "", _ body: (PostgresTransaction) throws -> Result
  ) throws(JobStoreError) -> Result {
    let (result, wakes) = try connections.call { connection in
      do {
        return try connection.transaction(beginning: "\(PostgresSchema.checking); \(lock)") {
          let transaction = PostgresTransaction(connection, policy: policy)
          let result = try body(transaction)
          return (result, transaction.wakes)
        } ending: { (_, wakes) in
          wakes ? "SELECT pg_notify('stance_jobs', '')" : ""
        }
      } catch let error as ConnectionError where error.code == PostgresSchema.wrongVersion {
        try PostgresSchema.check(connection)
        throw error
      }
    }
    if wakes { bell.ring() }
    return result
  }
}
