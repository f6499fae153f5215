-- The views of migrations/views.sql are db68242d14e8fd44195c3fcd19035dc3.
-- The path was in two indexes, the one on digests need not have it; undoing an import, which is rare, walks the ledger instead of an
-- index that every load paid for.
DROP INDEX sources_digest;
CREATE INDEX sources_digest ON sources (digest);
DROP INDEX sources_import;

-- `value` is null where `count` says the same. The columns are in the order of how often they are filled, for SQLite leaves out what is
-- null at the end of a row (SQLITE_ENABLE_NULL_TRIM; without it rows are longer and mean the same).
ALTER TABLE results RENAME TO wide;
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
INSERT INTO results
SELECT run_id, ordinal, line, spelling_id, status, flags, count, CASE WHEN value = CAST(count AS DOUBLE PRECISION) THEN NULL ELSE value END,
       metric_spelling_id, metric_value, running_percent, runtime_ns, interval_ns, spread_percent, scope_id, metric_of
FROM wide
ORDER BY run_id, ordinal;
DROP TABLE wide;
