/// What version 1 of the store in PostgreSQL began with.
let postgresOfVersion1 = """
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
