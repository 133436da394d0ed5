/// What is done within one transaction of a job database. Reading and looking up; the changes are in extensions.
struct JobTransaction {
  let database: Database
  let policy: JobPolicy
  let now: Double

  /// What the changes need to know of a job's row.
  struct Row {
    var seq: Int
    var owner: String
    var bytes: Int
    var keep: Double
    var state: JobState
    var stage: JobStage
    var queued: Int
    var running: Int
    var total: Int?
    var done: Int
    var failed: Int
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
  }

  func row(_ id: JobID) throws(DatabaseError) -> Row? {
    let rows = try database.run(
      """
      SELECT seq, owner, bytes, keep, state, stage, queued, running, total, done, failed, ended IS NOT NULL,
        postponed
      FROM job WHERE id = ?
      """, .text(id.description))
    guard let row = rows.first, let state = row.text(4).flatMap(JobState.init),
      let stage = JobStage(rawValue: row.integer(5))
    else { return nil }
    return Row(
      seq: row.integer(0), owner: row.text(1) ?? "", bytes: row.integer(2), keep: row.real(3) ?? 0,
      state: state, stage: stage, queued: row.integer(6), running: row.integer(7),
      total: row.optionalInteger(8), done: row.integer(9), failed: row.integer(10),
      isEnded: row.integer(11) == 1, postponed: row.real(12))
  }

  func job(_ id: JobID) throws(DatabaseError) -> Job? {
    try database.run("SELECT \(Self.columns) FROM job WHERE id = ?", .text(id.description)).first
      .flatMap(Self.job)
  }

  func jobs(of owner: String?, in states: Set<JobState>, before older: JobID?, limit: Int)
    throws(DatabaseError) -> [Job]
  {
    let asked = states.isEmpty ? JobState.allCases : states.sorted { $0.rawValue < $1.rawValue }
    let seq = try older.map(row)??.seq
    // The words of the states are ours, so they can stand in the statement; each list has a statement of its own.
    let list = asked.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return try database.run(
      """
      SELECT \(Self.columns) FROM job
      WHERE (?1 IS NULL OR owner = ?1) AND state IN (\(list)) AND seq < ?2 ORDER BY seq DESC LIMIT ?3
      """, .text(owner), .integer(seq ?? Int.max), .integer(max(0, limit))
    ).compactMap(Self.job)
  }

  func items(of id: JobID, from first: Int, limit: Int) throws(DatabaseError) -> [JobItem] {
    try database.run(
      """
      SELECT number, state, input, result, reason, attempts FROM item
      WHERE job = (SELECT seq FROM job WHERE id = ?) AND stage = \(JobStage.work.rawValue) AND number >= ?
      ORDER BY number LIMIT ?
      """, .text(id.description), .integer(first), .integer(max(0, limit))
    ).compactMap { row in
      JobItem.State(rawValue: row.integer(1)).map { state in
        JobItem(
          index: row.integer(0), state: state, input: row.blob(2) ?? [], result: row.blob(3),
          reason: row.text(4), attempts: row.integer(5))
      }
    }
  }

  func counts() throws(DatabaseError) -> JobCounts {
    var counts = JobCounts()
    for row in try database.run("SELECT state, count(*) FROM job GROUP BY state") {
      if let state = row.text(0).flatMap(JobState.init) { counts.jobs[state] = row.integer(1) }
    }
    // In two, for each of which there is an index.
    counts.waitingItems = try count(
      """
      SELECT (SELECT coalesce(sum(queued), 0) FROM job WHERE queued > 0 AND not_before IS NULL)
        + (SELECT coalesce(sum(queued), 0) FROM job WHERE not_before IS NOT NULL)
      """)
    counts.runningItems = try count("SELECT count(*) FROM item WHERE state = 1")
    counts.postponedJobs = try count("SELECT count(*) FROM job WHERE not_before IS NOT NULL")
    counts.lostLeases = try count("SELECT count FROM tally WHERE name = 'lostLeases'")
    counts.oldestAge =
      try database.run("SELECT created FROM job WHERE state = 'queued' ORDER BY seq LIMIT 1").first?
      .real(0).map { max(0, now - $0) }
    return counts
  }

  func openJobs() throws(DatabaseError) -> Int {
    try count("SELECT coalesce(sum(open), 0) FROM owner")
  }

  func count(_ sql: String) throws(DatabaseError) -> Int {
    try database.run(sql).first?.integer(0) ?? 0
  }

  private static let columns = """
    id, owner, priority, state, stage, specification, bytes, created, started, ended, expires, total, done, failed,
    seconds, duration, attempts,
    CASE WHEN postponement IS NOT NULL AND running = 0 THEN postponement ELSE reason END, result_name, result_bytes, result_checksum, result_type
    """

  private static func job(_ row: DatabaseRow) -> Job? {
    guard let id = row.text(0).flatMap(JobID.init), let state = row.text(3).flatMap(JobState.init),
      let stage = JobStage(rawValue: row.integer(4))
    else { return nil }
    var progress = JobProgress()
    progress.items = row.optionalInteger(11)
    progress.failed = row.integer(13)
    progress.ended = row.integer(12) + progress.failed
    (progress.seconds, progress.duration) = (row.real(14), row.real(15))
    let result = row.text(18).map {
      JobResult(
        name: $0, bytes: row.integer(19), checksum: row.text(20) ?? "",
        mediaType: row.text(21) ?? "")
    }
    return Job(
      id: id, owner: row.text(1) ?? "", priority: row.integer(2), state: state, stage: stage,
      specification: row.blob(5) ?? [], inputBytes: row.integer(6), created: row.real(7) ?? 0,
      started: row.real(8), ended: row.real(9), expires: row.real(10), progress: progress,
      attempts: row.integer(16), reason: row.text(17), result: result)
  }
}
