ALTER TABLE entries RENAME TO new;
CREATE TABLE entries (
    run_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    kind SMALLINT NOT NULL CHECK (kind BETWEEN 0 AND 6),
    spelling_id BIGINT NOT NULL,
    image_id BIGINT,
    app_id BIGINT,
    symbol_id BIGINT,
    of_symbol_id BIGINT,
    location_id BIGINT,
    address BIGINT,
    samples BIGINT NOT NULL,
    percent DOUBLE PRECISION,
    diff_percent DOUBLE PRECISION,
    cpu INT,
    process BIGINT,
    thread BIGINT,
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;
INSERT INTO entries (run_id, ordinal, line, kind, spelling_id, image_id, app_id, symbol_id, of_symbol_id, location_id, address,
                     samples, percent, diff_percent, cpu, process, thread)
SELECT run_id, ordinal, line, kind, spelling_id, image_id, app_id, symbol_id, of_symbol_id, location_id, address, samples, percent,
       diff_percent, cpu, process, thread
FROM new
ORDER BY run_id, ordinal;
DROP TABLE new;

DROP INDEX runs_source;
ALTER TABLE runs RENAME TO new;
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
    repeats INT,
    label_set_id BIGINT,
    repetition BIGINT
);
INSERT INTO runs (run_id, source_id, ordinal, line, experiment_id, tool_id, host_id, environment_id, origins_id, command, target,
                  started_at, wall_seconds, wall_spread_percent, user_seconds, sys_seconds, repeats, label_set_id, repetition)
SELECT run_id, source_id, ordinal, line, experiment_id, tool_id, host_id, environment_id, origins_id, command, target, started_at,
       wall_seconds, wall_spread_percent, user_seconds, sys_seconds, repeats, label_set_id, repetition
FROM new
ORDER BY run_id;
DROP TABLE new;
CREATE INDEX runs_source ON runs (source_id);

DROP INDEX sources_identity;
DROP INDEX sources_digest;
ALTER TABLE sources RENAME TO new;
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
    sides_id BIGINT,
    entries INT NOT NULL DEFAULT 0,
    supports INT NOT NULL DEFAULT 0,
    environment_id BIGINT,
    label_set_id BIGINT,
    CHECK (lines = result_lines + furniture_lines + rejected_lines),
    PRIMARY KEY (source_id, digest)
) WITHOUT ROWID;
INSERT INTO sources (source_id, digest, import_id, root_id, path, bytes, modified_at, format, parser_version, taken_for, notes, lines,
                     result_lines, furniture_lines, foreign_lines, rejected_lines, runs, results, sides_id, entries, supports,
                     environment_id, label_set_id)
SELECT s.source_id, s.digest, s.import_id, s.root_id, s.path, s.bytes, s.modified_at, p.format, p.version, s.taken_for, s.notes,
       s.lines, s.result_lines, s.furniture_lines, s.foreign_lines, s.rejected_lines, s.runs, s.results, s.sides_id, s.entries,
       s.supports, s.environment_id, s.label_set_id
FROM new s
JOIN parsers p ON p.parser_id = s.parser_id
ORDER BY s.source_id;
DROP TABLE new;
CREATE UNIQUE INDEX sources_identity ON sources (path, digest);
CREATE INDEX sources_digest ON sources (digest);
DROP TABLE parsers;

ALTER TABLE results RENAME TO new;
CREATE TABLE results (
    run_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    spelling_id BIGINT NOT NULL,
    status SMALLINT NOT NULL CHECK (status BETWEEN 0 AND 2),
    flags SMALLINT NOT NULL,
    count BIGINT,
    value DOUBLE PRECISION,
    metric_spelling_id BIGINT,
    metric_value DOUBLE PRECISION,
    running_percent DOUBLE PRECISION,
    runtime_ns BIGINT,
    interval_ns BIGINT,
    spread_percent DOUBLE PRECISION,
    scope_id BIGINT,
    metric_of INT,
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;
INSERT INTO results (run_id, ordinal, line, spelling_id, status, flags, count, value, metric_spelling_id, metric_value, running_percent,
                     runtime_ns, interval_ns, spread_percent, scope_id, metric_of)
SELECT f.run_id, f.ordinal, f.line, w.spelling_id, w.status, w.flags, f.count, f.value, w.metric_spelling_id, f.metric_value,
       f.running_percent, f.runtime_ns, f.interval_ns, f.spread_percent, f.scope_id, f.metric_of
FROM new f
JOIN forms w ON w.form_id = f.form_id
ORDER BY f.run_id, f.ordinal;
DROP TABLE new;
DROP TABLE forms;
