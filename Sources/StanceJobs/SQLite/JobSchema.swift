/// The tables of a job database.
enum JobSchema {
  /// In the file's header: says that it is ours ("Stan").
  private static let application = 0x5374_616E
  /// Each leads to the next version of the tables, the first from none to version 1.
  private static let steps = [tables, postponement]
  private static var version: Int { steps.count }

  /// Makes the tables in a new file, and brings those of an earlier version to this one: all of it, or nothing.
  ///
  /// - Throws: `JobStoreError.unusable` for another program's file, or a later version's.
  static func make(in database: Database) throws {
    try database.script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"
    )
    try database.run("BEGIN IMMEDIATE")
    do {
      let found = try number("application_id", in: database)
      let tables = try database.run("SELECT count(*) FROM sqlite_schema").first?.integer(0) ?? 0
      let isNew = found == 0 && tables == 0
      guard isNew || found == application else {
        throw JobStoreError.unusable("this file is the database of another program")
      }
      let before = isNew ? 0 : try number("user_version", in: database)
      if isNew || 1..<version ~= before {
        for step in steps[before...] { try database.script(step) }
        try database.script(
          "PRAGMA application_id = \(application); PRAGMA user_version = \(version)")
      }
      try check(in: database)
      try database.run("COMMIT")
    } catch {
      _ = try? database.run("ROLLBACK")
      throw error
    }
  }

  /// Within a transaction: another version may have changed the tables since they were opened.
  static func check(in database: Database) throws {
    let found = try number("user_version", in: database)
    guard found == version else {
      throw JobStoreError.unusable(
        "the job database has version \(found) of its tables and this program knows version \(version): use the same version of Stance everywhere"
      )
    }
  }

  private static func number(_ pragma: String, in database: Database) throws(DatabaseError) -> Int {
    try database.run("PRAGMA \(pragma)").first?.integer(0) ?? 0
  }

  /// `state` of an item: as ``JobItem/State``. `fences` counts a job's claims, the source of fencing numbers. An item's
  /// owner stands in its row so that those that run can be counted by owner without their jobs.
  private static let tables = """
    CREATE TABLE owner (
      name TEXT PRIMARY KEY,
      open INTEGER NOT NULL DEFAULT 0,
      bytes INTEGER NOT NULL DEFAULT 0,
      turn INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE job (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      owner TEXT NOT NULL,
      priority INTEGER NOT NULL,
      idempotency TEXT,
      digest TEXT NOT NULL,
      specification BLOB NOT NULL,
      bytes INTEGER NOT NULL,
      keep REAL NOT NULL,
      created REAL NOT NULL,
      started REAL,
      ended REAL,
      expires REAL,
      state TEXT NOT NULL,
      stage INTEGER NOT NULL,
      queued INTEGER NOT NULL,
      running INTEGER NOT NULL DEFAULT 0,
      total INTEGER,
      done INTEGER NOT NULL DEFAULT 0,
      failed INTEGER NOT NULL DEFAULT 0,
      fences INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      seconds REAL,
      duration REAL,
      reason TEXT,
      result_name TEXT,
      result_bytes INTEGER,
      result_checksum TEXT,
      result_type TEXT
    ) STRICT;
    CREATE UNIQUE INDEX job_key ON job (owner, idempotency) WHERE idempotency IS NOT NULL;
    CREATE INDEX job_waiting ON job (owner, priority DESC, seq) WHERE queued > 0;
    CREATE INDEX job_owner ON job (owner, seq);
    CREATE INDEX job_state ON job (state, seq);
    CREATE INDEX job_expires ON job (expires) WHERE expires IS NOT NULL;
    CREATE TABLE item (
      job INTEGER NOT NULL REFERENCES job (seq) ON DELETE CASCADE,
      stage INTEGER NOT NULL,
      number INTEGER NOT NULL,
      owner TEXT NOT NULL,
      state INTEGER NOT NULL DEFAULT 0,
      fence INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      lease REAL NOT NULL DEFAULT 0,
      worker TEXT,
      input BLOB NOT NULL,
      result BLOB,
      reason TEXT,
      PRIMARY KEY (job, stage, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX item_waiting ON item (job, stage, number) WHERE state = 0;
    CREATE INDEX item_lease ON item (lease) WHERE state = 1;
    CREATE INDEX item_running ON item (owner) WHERE state = 1;
    CREATE TABLE tally (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO tally VALUES ('lostLeases', 0);
    """

  /// `not_before` of a postponed job is taken away by the first claim after that time, so that the index of waiting jobs has
  /// none that can't be claimed; `postponed` (since when) and `postponement` (why) stay until an item ends.
  private static let postponement = """
    ALTER TABLE job ADD COLUMN not_before REAL;
    ALTER TABLE job ADD COLUMN postponed REAL;
    ALTER TABLE job ADD COLUMN postponement TEXT;
    DROP INDEX job_waiting;
    CREATE INDEX job_waiting ON job (owner, priority DESC, seq) WHERE queued > 0 AND not_before IS NULL;
    CREATE INDEX job_later ON job (not_before) WHERE not_before IS NOT NULL;
    """
}
