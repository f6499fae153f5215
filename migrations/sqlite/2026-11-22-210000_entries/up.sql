-- Rows of profiles. A report names the same few images and symbols for every event, CPU and thread, and every run of a workload names
-- them again: each text once. It is a small table: replicated whole, never deleted from.
CREATE TABLE profile_names (
    name_id INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL UNIQUE
);

-- kind: 0 image, 1 symbol, 2 address, 3 caller, 4 callee, 5 self, 6 application; only rows of one kind of a run add up.
-- address holds the 64 bits of an unsigned number. No foreign keys, as in the other tables that grow. Read it through v_entries.
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

-- How many the source gave, for `prc-etl db check` to compare.
ALTER TABLE sources ADD COLUMN entries INT NOT NULL DEFAULT 0;
