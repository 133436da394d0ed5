internal import StanceJobs

/// The tables of the jobs in a PostgreSQL database, in the first schema of the connection's search path.
enum PostgresSchema {
  /// Each leads to the next version of the tables, the first from none to version 1.
  private static let steps = [tables, postponement]
  static var version: Int { steps.count }

  /// Makes the tables where there are none, and brings those of an earlier version to this one, in one transaction; several
  /// programs that start at once take turns.
  ///
  /// - Throws: `JobStoreError.unusable` for a later version's; `ConnectionError`.
  static func make(_ connection: PostgresConnection) throws {
    guard connection.serverVersion >= 120_000 else {
      throw JobStoreError.unusable(
        "jobs need PostgreSQL 12 or later; this server's version is \(connection.serverVersion / 10_000)"
      )
    }
    try connection.transaction {
      try connection.run("SELECT pg_advisory_xact_lock(\(PostgresLock.schema))")
      let found = try connection.run("SELECT to_regclass('stance_schema') IS NOT NULL")
      var before = 0
      if found.first?.first == true {
        before = try self.found(connection)
        guard 1..<version ~= before else { return try check(connection) }
        // Waits until who has asked for the version is done with what they do, and has others wait.
        try connection.run("LOCK TABLE stance_schema IN ACCESS EXCLUSIVE MODE")
      }
      for step in steps[before...] { try connection.script(step) }
      try connection.run("UPDATE stance_schema SET version = $1", [.integer(Int64(version))])
    }
  }

  /// For a transaction's beginning: another version may have changed the tables since they were opened. Who changes them locks
  /// `stance_schema` against readers first. A version that is not there divides by zero.
  static var checking: String {
    "SELECT 1 / (SELECT count(*) FROM stance_schema WHERE version = \(version))"
  }
  /// The code of that error.
  static let wrongVersion = "22012"

  /// - Throws: `JobStoreError.unusable` when the tables have another version; `ConnectionError`.
  static func check(_ connection: PostgresConnection) throws {
    let found = try found(connection)
    guard found == version else {
      throw JobStoreError.unusable(
        "the job tables in PostgreSQL have version \(found) and this program knows version \(version): use the same "
          + "version of Stance everywhere")
    }
  }

  /// 0 where it is not said.
  private static func found(_ connection: PostgresConnection) throws(ConnectionError) -> Int {
    try connection.run("SELECT version FROM stance_schema").first?.first?.int ?? 0
  }

  /// As those of the SQLite store, whose comments hold here too. `jsonb`, `timestamptz` and the like have no use here: times are
  /// seconds since 1970, by the server's clock.
  private static let tables = """
    CREATE TABLE stance_schema (version bigint NOT NULL);
    INSERT INTO stance_schema VALUES (1);
    CREATE TABLE stance_owner (
      name text PRIMARY KEY,
      open bigint NOT NULL DEFAULT 0,
      bytes bigint NOT NULL DEFAULT 0,
      turn bigint NOT NULL DEFAULT 0
    );
    CREATE SEQUENCE stance_turn;
    CREATE TABLE stance_job (
      seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      owner text NOT NULL,
      priority bigint NOT NULL,
      idempotency text,
      digest text NOT NULL,
      specification bytea NOT NULL,
      bytes bigint NOT NULL,
      keep float8 NOT NULL,
      created float8 NOT NULL,
      started float8,
      ended float8,
      expires float8,
      state text NOT NULL,
      stage bigint NOT NULL,
      queued bigint NOT NULL,
      running bigint NOT NULL DEFAULT 0,
      total bigint,
      done bigint NOT NULL DEFAULT 0,
      failed bigint NOT NULL DEFAULT 0,
      fences bigint NOT NULL DEFAULT 0,
      attempts bigint NOT NULL DEFAULT 0,
      seconds float8,
      duration float8,
      reason text,
      result_name text,
      result_bytes bigint,
      result_checksum text,
      result_type text
    );
    CREATE UNIQUE INDEX stance_job_key ON stance_job (owner, idempotency) WHERE idempotency IS NOT NULL;
    CREATE INDEX stance_job_waiting ON stance_job (owner, priority DESC, seq) WHERE queued > 0;
    CREATE INDEX stance_job_owner ON stance_job (owner, seq);
    CREATE INDEX stance_job_state ON stance_job (state, seq);
    CREATE INDEX stance_job_expires ON stance_job (expires) WHERE expires IS NOT NULL;
    CREATE TABLE stance_item (
      job bigint NOT NULL REFERENCES stance_job (seq) ON DELETE CASCADE,
      stage bigint NOT NULL,
      number bigint NOT NULL,
      owner text NOT NULL,
      state bigint NOT NULL DEFAULT 0,
      fence bigint NOT NULL DEFAULT 0,
      attempts bigint NOT NULL DEFAULT 0,
      lease float8 NOT NULL DEFAULT 0,
      worker text,
      input bytea NOT NULL,
      result bytea,
      reason text,
      PRIMARY KEY (job, stage, number)
    );
    CREATE INDEX stance_item_waiting ON stance_item (job, stage, number) WHERE state = 0;
    CREATE INDEX stance_item_lease ON stance_item (lease) WHERE state = 1;
    CREATE INDEX stance_item_running ON stance_item (owner) WHERE state = 1;
    CREATE TABLE stance_tally (name text PRIMARY KEY, count bigint NOT NULL);
    INSERT INTO stance_tally VALUES ('lostLeases', 0);
    -- Rows change a few times each: dead ones are taken away before the front of an index is full of them.
    ALTER TABLE stance_job SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
    ALTER TABLE stance_item SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
    """

  private static let postponement = """
    ALTER TABLE stance_job ADD COLUMN not_before float8, ADD COLUMN postponed float8, ADD COLUMN postponement text;
    DROP INDEX stance_job_waiting;
    CREATE INDEX stance_job_waiting ON stance_job (owner, priority DESC, seq) WHERE queued > 0 AND not_before IS NULL;
    CREATE INDEX stance_job_later ON stance_job (not_before) WHERE not_before IS NOT NULL;
    """
}

/// Numbers of advisory locks, in a database that may have other users of such.
enum PostgresLock {
  /// Held while tables are made ("StanSche").
  static let schema: Int64 = 0x5374_616E_5363_6865
  /// Held by who takes room for a job, so that two can't take the last ("StanRoom").
  static let room: Int64 = 0x5374_616E_526F_6F6D
  static let takingRoom = "SELECT pg_advisory_xact_lock(\(room))"
}
