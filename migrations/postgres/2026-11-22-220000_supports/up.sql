-- What tools that list events say of them. Such a source has no runs, so the facts hang on the source itself. supported and derived are
-- 0 or 1. No foreign keys, as in the other tables that grow. Read it through v_supports.
CREATE TABLE supports (
    source_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    spelling_id BIGINT NOT NULL,
    supported SMALLINT NOT NULL CHECK (supported IN (0, 1)),
    derived SMALLINT NOT NULL CHECK (derived IN (0, 1)),
    code TEXT,
    formula TEXT,
    counters TEXT,
    unit_masks TEXT,
    PRIMARY KEY (source_id, ordinal)
);

-- How many the source gave, for `prc-etl db check` to compare, and on which machine they hold, as the source itself says.
ALTER TABLE sources ADD COLUMN supports INT NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN environment_id BIGINT;
ALTER TABLE sources ADD COLUMN label_set_id BIGINT;
