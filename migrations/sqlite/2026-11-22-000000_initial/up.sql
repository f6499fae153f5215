-- Small tables first: each distinct text once. They may be replicated whole on a distributed PostgreSQL.

CREATE TABLE roots (
    root_id INTEGER PRIMARY KEY NOT NULL,
    location TEXT NOT NULL UNIQUE
);

CREATE TABLE tools (
    tool_id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    version TEXT
);
-- Unknown (null) and empty are different keys, and null equals null: hence both expressions in the unique indices.
CREATE UNIQUE INDEX tools_identity ON tools (name, COALESCE(version, ''), (version IS NULL));

CREATE TABLE hosts (
    host_id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE experiments (
    experiment_id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    command TEXT,
    description TEXT,
    system_wide BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE environments (
    environment_id INTEGER PRIMARY KEY NOT NULL,
    arch TEXT,
    vendor TEXT,
    family INT,
    model INT,
    stepping INT,
    microarch TEXT,
    kernel TEXT,
    virt TEXT
);
CREATE UNIQUE INDEX environments_identity ON environments (
    COALESCE(arch, ''), COALESCE(vendor, ''), COALESCE(family, 0), COALESCE(model, 0), COALESCE(stepping, 0),
    COALESCE(microarch, ''), COALESCE(kernel, ''), COALESCE(virt, ''),
    (arch IS NULL), (vendor IS NULL), (family IS NULL), (model IS NULL), (stepping IS NULL),
    (microarch IS NULL), (kernel IS NULL), (virt IS NULL)
);

-- Where the values of a placement came from: 'experiment=path tool=file arch=flag'.
CREATE TABLE origins (
    origins_id INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE spellings (
    spelling_id INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    unit TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('count', 'metric', 'estimate'))
);
CREATE UNIQUE INDEX spellings_identity ON spellings (text, COALESCE(unit, ''), (unit IS NULL), kind);

CREATE TABLE scopes (
    scope_id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('whole', 'cpu', 'core', 'die', 'cluster', 'cache', 'socket', 'node', 'thread')),
    label TEXT NOT NULL,
    cgroup TEXT,
    members INT
);
CREATE UNIQUE INDEX scopes_identity ON scopes (
    label, kind, COALESCE(cgroup, ''), (cgroup IS NULL), COALESCE(members, 0), (members IS NULL)
);

CREATE TABLE imports (
    import_id INTEGER PRIMARY KEY NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'stopped', 'failed', 'undone')),
    program_version TEXT NOT NULL,
    arguments TEXT NOT NULL,
    report TEXT
);

-- The tables from here on grow with the data. They have no foreign keys: five on `runs` cost a COPY of 100,000 rows 2.7 s instead of
-- 0.13 s on PostgreSQL 15, one on the fact table 7 to 11 times its time. The writer only uses ids that it resolved in the same
-- transaction, small tables are never deleted from, and `prc-etl db check` looks for ids that point nowhere.

-- The ledger: a row stands exactly when the rows of the source stand, for both are written in one transaction.
-- `runs` and `results` count what it gave (a metric in its counter's row counts too), for `prc-etl db check` to compare.
CREATE TABLE sources (
    source_id BIGINT NOT NULL,
    digest BLOB NOT NULL,
    import_id BIGINT NOT NULL,
    root_id BIGINT,
    path TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    modified_at BIGINT,
    format TEXT,
    parser_version INT NOT NULL,
    taken_for TEXT,
    notes TEXT,
    lines INT NOT NULL,
    result_lines INT NOT NULL,
    furniture_lines INT NOT NULL,
    foreign_lines INT NOT NULL,
    rejected_lines INT NOT NULL,
    runs INT NOT NULL,
    results INT NOT NULL,
    CHECK (lines = result_lines + furniture_lines + rejected_lines),
    PRIMARY KEY (source_id, digest)
) WITHOUT ROWID;
CREATE UNIQUE INDEX sources_identity ON sources (path, digest);
CREATE INDEX sources_digest ON sources (digest, path);
CREATE INDEX sources_import ON sources (import_id);

CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY NOT NULL,
    source_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    experiment_id BIGINT,
    tool_id BIGINT NOT NULL,
    host_id BIGINT,
    environment_id BIGINT NOT NULL,
    origins_id BIGINT NOT NULL,
    command TEXT,
    target TEXT,
    started_at BIGINT,
    wall_seconds DOUBLE PRECISION,
    wall_spread_percent DOUBLE PRECISION,
    user_seconds DOUBLE PRECISION,
    sys_seconds DOUBLE PRECISION,
    repeats INT
);
CREATE INDEX runs_source ON runs (source_id);

-- The fact table: codes instead of words for status, and the first metric printed beside a counter in the counter's own row, which
-- nearly halves the rows. Ordinals are positions within the run; a metric in its counter's row has the ordinal after the counter's.
-- Read it through the view v_results.
CREATE TABLE results (
    run_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    spelling_id BIGINT NOT NULL,
    scope_id BIGINT,
    status SMALLINT NOT NULL CHECK (status BETWEEN 0 AND 2),
    flags SMALLINT NOT NULL,
    value DOUBLE PRECISION,
    count BIGINT,
    interval_ns BIGINT,
    running_percent DOUBLE PRECISION,
    spread_percent DOUBLE PRECISION,
    runtime_ns BIGINT,
    metric_of INT,
    metric_spelling_id BIGINT,
    metric_value DOUBLE PRECISION,
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;

-- source_id is null when the whole source was rejected: such a source is not in the ledger and is tried again.
CREATE TABLE rejects (
    import_id BIGINT NOT NULL REFERENCES imports (import_id),
    ordinal BIGINT NOT NULL,
    source_id BIGINT,
    root_id BIGINT,
    path TEXT NOT NULL,
    line INT NOT NULL,
    col INT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (import_id, ordinal)
);
CREATE INDEX rejects_source ON rejects (source_id);
CREATE INDEX rejects_path ON rejects (path, line, col);
