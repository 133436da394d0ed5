internal import StanceJobs

/// What is done within one transaction of the store. Reading and looking up; the changes are in extensions.
///
/// Whoever changes anything of a job holds the lock on its row first (``locked(_:)``), and one job's at a time; an owner's row is
/// locked after it. So no two wait for each other.
final class PostgresTransaction {
  let connection: PostgresConnection
  let policy: JobPolicy
  /// Whether something can be claimed that could not before.
  var wakes = false

  /// Seconds since 1970 by the server's clock, as a statement reads them.
  static let now = "extract(epoch FROM clock_timestamp())::float8"

  init(_ connection: PostgresConnection, policy: JobPolicy) {
    (self.connection, self.policy) = (connection, policy)
  }

  /// What the changes need to know of a job's row.
  struct Row {
    var id: JobID
    var seq: Int64
    var owner: String
    var bytes: Int64
    var state: JobState
    var stage: JobStage
    var queued: Int64
    var running: Int64
    var done: Int64
    var failed: Int64
    var isEnded: Bool
    /// Since when nothing was done though it was tried.
    var postponed: Double?

    /// A gathering that runs is as good as done. One that waits to be tried again may wait for long; of one that only waits for its
    /// turn, a cancelled job's first result is not lost to a second cancelling.
    var canBeCancelled: Bool {
      guard !isEnded else { return false }
      if stage == .gather { return running == 0 && (state != .cancelled || postponed != nil) }
      return state != .cancelled
    }

    static let columns =
      "id, seq, owner, bytes, state, stage, queued, running, done, failed, ended IS NOT NULL, postponed"

    init?(_ row: [PostgresValue]) {
      guard row.count == 12, let id = row[0].text.flatMap(JobID.init),
        let state = row[4].text.flatMap(JobState.init),
        let stage = row[5].int.flatMap(JobStage.init)
      else { return nil }
      (self.id, self.state, self.stage) = (id, state, stage)
      (seq, owner, bytes) = (row[1].integer ?? 0, row[2].text ?? "", row[3].integer ?? 0)
      (queued, running) = (row[6].integer ?? 0, row[7].integer ?? 0)
      (done, failed) = (row[8].integer ?? 0, row[9].integer ?? 0)
      (isEnded, postponed) = (row[10] == true, row[11].real)
    }
  }

  /// The job, which nobody else changes until this transaction ends; nil if there is none.
  func locked(_ id: JobID) throws(ConnectionError) -> Row? {
    try connection.run(
      "SELECT \(Row.columns) FROM stance_job WHERE id = $1 FOR UPDATE", [.text(id.description)]
    ).first.flatMap(Row.init)
  }

  /// The job as it is now, changed by this transaction perhaps.
  func again(_ job: Row) throws(ConnectionError) -> Row {
    try connection.run("SELECT \(Row.columns) FROM stance_job WHERE seq = $1", [.integer(job.seq)])
      .first.flatMap(Row.init) ?? job
  }

  func job(_ id: JobID) throws(ConnectionError) -> Job? {
    try connection.run(
      "SELECT \(Self.columns) FROM stance_job WHERE id = $1", [.text(id.description)]
    ).first.flatMap(Job.init(postgres:))
  }

  func jobs(
    of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int
  ) throws(ConnectionError) -> [Job] {
    // The words of the states are ours, so they can stand in the statement.
    let asked = states.isEmpty ? JobState.allCases : states.sorted { $0.rawValue < $1.rawValue }
    let list = asked.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return try connection.run(
      """
      SELECT \(Self.columns) FROM stance_job
      WHERE state IN (\(list)) AND seq < coalesce((SELECT seq FROM stance_job WHERE id = $1), \(Int64.max))
        \(owner == nil ? "AND $3::text IS NULL" : "AND owner = $3")
      ORDER BY seq DESC LIMIT $2
      """, [.text(older?.description), .integer(Int64(max(0, limit))), .text(owner)]
    ).compactMap(Job.init(postgres:))
  }

  func items(of id: JobID, from first: Int, limit: Int) throws(ConnectionError) -> [JobItem] {
    try connection.run(
      """
      SELECT number, state, input, result, reason, attempts FROM stance_item
      WHERE job = (SELECT seq FROM stance_job WHERE id = $1) AND stage = \(JobStage.work.rawValue) AND number >= $2
      ORDER BY number LIMIT $3
      """,
      [.text(id.description), .integer(Int64(first)), .integer(Int64(max(0, limit)))]
    ).compactMap { row in
      guard let index = row[0].int, let state = row[1].int.flatMap(JobItem.State.init) else {
        return nil
      }
      return JobItem(
        index: index, state: state, input: row[2].bytes ?? [], result: row[3].bytes,
        reason: row[4].text, attempts: row[5].int ?? 0)
    }
  }

  func openJobs() throws(ConnectionError) -> Int {
    try connection.run("SELECT coalesce(sum(open), 0)::bigint FROM stance_owner").first?.first?.int
      ?? 0
  }

  func counts() throws(ConnectionError) -> JobCounts {
    var counts = JobCounts()
    for row in try connection.run("SELECT state, count(*) FROM stance_job GROUP BY state") {
      if let state = row[0].text.flatMap(JobState.init) { counts.jobs[state] = row[1].int }
    }
    // What waits in two, for each of which there is an index.
    let row = try connection.run(
      """
      SELECT ((SELECT coalesce(sum(queued), 0) FROM stance_job WHERE queued > 0 AND not_before IS NULL)
          + (SELECT coalesce(sum(queued), 0) FROM stance_job WHERE not_before IS NOT NULL))::bigint,
        (SELECT count(*) FROM stance_item WHERE state = 1),
        (SELECT count FROM stance_tally WHERE name = 'lostLeases'),
        (SELECT greatest(0, \(Self.now) - created) FROM stance_job WHERE state = 'queued' ORDER BY seq LIMIT 1),
        (SELECT count(*) FROM stance_job WHERE not_before IS NOT NULL)
      """
    ).first
    guard let row else { return counts }
    (counts.waitingItems, counts.runningItems) = (row[0].int ?? 0, row[1].int ?? 0)
    (counts.lostLeases, counts.oldestAge) = (row[2].int ?? 0, row[3].real)
    counts.postponedJobs = row[4].int ?? 0
    return counts
  }

  private static let columns = """
    id, owner, priority, state, stage, specification, bytes, created, started, ended, expires, total, done, failed,
    seconds, duration, attempts,
    CASE WHEN postponement IS NOT NULL AND running = 0 THEN postponement ELSE reason END, result_name, result_bytes, result_checksum, result_type
    """
}

extension PostgresValue {
  var int: Int? { integer.map { Int($0) } }
}

extension Job {
  fileprivate init?(postgres row: [PostgresValue]) {
    guard row.count == 22, let id = row[0].text.flatMap(JobID.init),
      let state = row[3].text.flatMap(JobState.init), let stage = row[4].int.flatMap(JobStage.init)
    else { return nil }
    var progress = JobProgress()
    progress.items = row[11].int
    progress.failed = row[13].int ?? 0
    progress.ended = (row[12].int ?? 0) + progress.failed
    (progress.seconds, progress.duration) = (row[14].real, row[15].real)
    let result = row[18].text.map {
      JobResult(
        name: $0, bytes: row[19].int ?? 0, checksum: row[20].text ?? "",
        mediaType: row[21].text ?? "")
    }
    self.init(
      id: id, owner: row[1].text ?? "", priority: row[2].int ?? 0, state: state, stage: stage,
      specification: row[5].bytes ?? [], inputBytes: row[6].int ?? 0, created: row[7].real ?? 0,
      started: row[8].real, ended: row[9].real, expires: row[10].real, progress: progress,
      attempts: row[16].int ?? 0, reason: row[17].text, result: result)
  }
}
