/// What version 1 of the store in a file began with.
let tablesOfVersion1 = """
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
