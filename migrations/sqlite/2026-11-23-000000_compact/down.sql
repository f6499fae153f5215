ALTER TABLE results RENAME TO compact;
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
INSERT INTO results
SELECT run_id, ordinal, line, spelling_id, scope_id, status, flags, COALESCE(value, count), count, interval_ns, running_percent,
       spread_percent, runtime_ns, metric_of, metric_spelling_id, metric_value
FROM compact
ORDER BY run_id, ordinal;
DROP TABLE compact;
CREATE INDEX sources_import ON sources (import_id);
DROP INDEX sources_digest;
CREATE INDEX sources_digest ON sources (digest, path);
