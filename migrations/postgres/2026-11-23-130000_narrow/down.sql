ALTER TABLE sources ADD COLUMN format TEXT, ADD COLUMN parser_version INT;
UPDATE sources s SET format = p.format, parser_version = p.version FROM parsers p WHERE p.parser_id = s.parser_id;
ALTER TABLE sources ALTER COLUMN parser_version SET NOT NULL, DROP COLUMN parser_id;
DROP TABLE parsers;

ALTER TABLE results RENAME TO new;
ALTER INDEX results_pkey RENAME TO new_pkey;
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
);
INSERT INTO results (run_id, ordinal, line, spelling_id, status, flags, count, value, metric_spelling_id, metric_value, running_percent,
                     runtime_ns, interval_ns, spread_percent, scope_id, metric_of)
SELECT f.run_id, f.ordinal, f.line, w.spelling_id, w.status, w.flags, f.count, f.value, w.metric_spelling_id, f.metric_value,
       f.running_percent, f.runtime_ns, f.interval_ns, f.spread_percent, f.scope_id, f.metric_of
FROM new f
JOIN forms w ON w.form_id = f.form_id
ORDER BY f.run_id, f.ordinal;
DROP TABLE new;
DROP TABLE forms;
