-- The views of migrations/views.sql are d2eb3d572d802e324b8b7fcdb937b281.
-- What many results have in common, once: their spelling, that of the metric beside them, status and remarks. A result has one number in
-- place of four columns. There are hardly more forms than spellings, whatever the number of results.
CREATE TABLE forms (
    form_id INTEGER PRIMARY KEY NOT NULL,
    spelling_id BIGINT NOT NULL,
    metric_spelling_id BIGINT,
    status SMALLINT NOT NULL CHECK (status BETWEEN 0 AND 2),
    flags SMALLINT NOT NULL
);
CREATE UNIQUE INDEX forms_identity ON forms (spelling_id, COALESCE(metric_spelling_id, 0), status, flags);
INSERT INTO forms (spelling_id, metric_spelling_id, status, flags)
SELECT DISTINCT spelling_id, metric_spelling_id, status, flags FROM results ORDER BY 1, 2, 3, 4;

-- Here and below the columns are in the order of how often they are filled (see the migration before this).
ALTER TABLE results RENAME TO old;
CREATE TABLE results (
    run_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    form_id BIGINT NOT NULL,
    count BIGINT,
    metric_value DOUBLE PRECISION,
    running_percent DOUBLE PRECISION,
    runtime_ns BIGINT,
    interval_ns BIGINT,
    spread_percent DOUBLE PRECISION,
    value DOUBLE PRECISION,
    scope_id BIGINT,
    metric_of INT,
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;
INSERT INTO results (run_id, ordinal, line, form_id, count, metric_value, running_percent, runtime_ns, interval_ns, spread_percent, value,
                     scope_id, metric_of)
SELECT f.run_id, f.ordinal, f.line, w.form_id, f.count, f.metric_value, f.running_percent, f.runtime_ns, f.interval_ns,
       f.spread_percent, f.value, f.scope_id, f.metric_of
FROM old f
JOIN forms w ON w.spelling_id = f.spelling_id AND COALESCE(w.metric_spelling_id, 0) = COALESCE(f.metric_spelling_id, 0)
    AND w.status = f.status AND w.flags = f.flags
ORDER BY f.run_id, f.ordinal;
DROP TABLE old;

-- The parsers that read the sources: a format in one version, or none, in the version of what told the formats.
CREATE TABLE parsers (
    parser_id INTEGER PRIMARY KEY NOT NULL,
    format TEXT,
    version INT NOT NULL
);
CREATE UNIQUE INDEX parsers_identity ON parsers (COALESCE(format, ''), (format IS NULL), version);
INSERT INTO parsers (format, version)
SELECT DISTINCT format, parser_version FROM sources ORDER BY 1, 2;

DROP INDEX sources_identity;
DROP INDEX sources_digest;
ALTER TABLE sources RENAME TO old;
CREATE TABLE sources (
    source_id INTEGER PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL,
    import_id BIGINT NOT NULL,
    root_id BIGINT,
    path TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    modified_at BIGINT,
    parser_id BIGINT NOT NULL,
    lines INT NOT NULL,
    result_lines INT NOT NULL,
    furniture_lines INT NOT NULL,
    foreign_lines INT NOT NULL,
    rejected_lines INT NOT NULL,
    runs INT NOT NULL,
    results INT NOT NULL,
    sides_id BIGINT,
    entries INT NOT NULL,
    supports INT NOT NULL,
    notes TEXT,
    taken_for TEXT,
    environment_id BIGINT,
    label_set_id BIGINT,
    CHECK (lines = result_lines + furniture_lines + rejected_lines)
);
INSERT INTO sources (source_id, digest, import_id, root_id, path, bytes, modified_at, parser_id, lines, result_lines, furniture_lines,
                     foreign_lines, rejected_lines, runs, results, sides_id, entries, supports, notes, taken_for, environment_id,
                     label_set_id)
SELECT s.source_id, s.digest, s.import_id, s.root_id, s.path, s.bytes, s.modified_at, p.parser_id, s.lines, s.result_lines,
       s.furniture_lines, s.foreign_lines, s.rejected_lines, s.runs, s.results, s.sides_id, s.entries, s.supports, s.notes, s.taken_for,
       s.environment_id, s.label_set_id
FROM old s
JOIN parsers p ON COALESCE(p.format, '') = COALESCE(s.format, '') AND (p.format IS NULL) = (s.format IS NULL) AND p.version = s.parser_version
ORDER BY s.source_id;
DROP TABLE old;
CREATE UNIQUE INDEX sources_identity ON sources (path, digest);
CREATE INDEX sources_digest ON sources (digest);

DROP INDEX runs_source;
ALTER TABLE runs RENAME TO old;
CREATE TABLE runs (
    run_id INTEGER PRIMARY KEY NOT NULL,
    source_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    tool_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    origins_id BIGINT NOT NULL,
    experiment_id BIGINT,
    host_id BIGINT,
    label_set_id BIGINT,
    wall_seconds DOUBLE PRECISION,
    command TEXT,
    user_seconds DOUBLE PRECISION,
    sys_seconds DOUBLE PRECISION,
    started_at BIGINT,
    repeats INT,
    wall_spread_percent DOUBLE PRECISION,
    target TEXT,
    repetition BIGINT
);
INSERT INTO runs (run_id, source_id, ordinal, line, tool_id, environment_id, origins_id, experiment_id, host_id, label_set_id,
                  wall_seconds, command, user_seconds, sys_seconds, started_at, repeats, wall_spread_percent, target, repetition)
SELECT run_id, source_id, ordinal, line, tool_id, environment_id, origins_id, experiment_id, host_id, label_set_id, wall_seconds,
       command, user_seconds, sys_seconds, started_at, repeats, wall_spread_percent, target, repetition
FROM old
ORDER BY run_id;
DROP TABLE old;
CREATE INDEX runs_source ON runs (source_id);

ALTER TABLE entries RENAME TO old;
CREATE TABLE entries (
    run_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    kind SMALLINT NOT NULL CHECK (kind BETWEEN 0 AND 6),
    spelling_id BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    image_id BIGINT,
    percent DOUBLE PRECISION,
    symbol_id BIGINT,
    app_id BIGINT,
    address BIGINT,
    location_id BIGINT,
    process BIGINT,
    thread BIGINT,
    cpu INT,
    of_symbol_id BIGINT,
    diff_percent DOUBLE PRECISION,
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;
INSERT INTO entries (run_id, ordinal, line, kind, spelling_id, samples, image_id, percent, symbol_id, app_id, address, location_id,
                     process, thread, cpu, of_symbol_id, diff_percent)
SELECT run_id, ordinal, line, kind, spelling_id, samples, image_id, percent, symbol_id, app_id, address, location_id, process, thread,
       cpu, of_symbol_id, diff_percent
FROM old
ORDER BY run_id, ordinal;
DROP TABLE old;
