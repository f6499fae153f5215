-- What spellings mean. Small tables: results point to spellings and to runs, never to these, so a new catalogue touches no result.

-- Every tool that wrote a spelling in an environment; loading adds to it, nothing takes away. Kept so that binding need not read results.
CREATE TABLE sightings (
    spelling_id BIGINT NOT NULL,
    tool_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    PRIMARY KEY (spelling_id, tool_id, environment_id)
) WITHOUT ROWID;

-- microarch is empty for what means the same on every machine: what the kernel counts itself.
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY NOT NULL,
    microarch TEXT NOT NULL,
    text TEXT NOT NULL,
    pmu TEXT NOT NULL,
    config TEXT,
    config1 TEXT,
    class TEXT,
    class_is_soft BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX events_identity ON events (microarch, text);

-- The environment fixes microarchitecture and kernel, all that a meaning depends on.
CREATE TABLE bindings (
    spelling_id BIGINT NOT NULL,
    tool_id BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    catalogue TEXT NOT NULL,
    microarch TEXT,
    status TEXT NOT NULL CHECK (status IN ('resolved', 'ambiguous', 'unresolved')),
    event_id BIGINT,
    formula TEXT,
    relation TEXT,
    reason TEXT,
    method TEXT,
    origin TEXT,
    PRIMARY KEY (spelling_id, tool_id, environment_id)
) WITHOUT ROWID;

INSERT INTO sightings
SELECT DISTINCT f.spelling_id, u.tool_id, u.environment_id
FROM results f
JOIN runs u ON u.run_id = f.run_id
JOIN spellings p ON p.spelling_id = f.spelling_id
WHERE p.kind <> 'metric';
