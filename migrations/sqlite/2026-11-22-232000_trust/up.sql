-- How far results are believed: by people, and by the program when it was last asked to keep that.

-- A verdict is about a number of a source, whatever import loaded that: it stands again when the source comes back. line, event, kind and
-- value are what was judged; where another parser reads something else in the same place, the verdict is about no number.
CREATE TABLE verdicts (
    verdict_id INTEGER PRIMARY KEY NOT NULL,
    path TEXT NOT NULL,
    digest BLOB NOT NULL,
    run INT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    trust DOUBLE PRECISION NOT NULL CHECK (trust BETWEEN 0 AND 1),
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    cleared_at BIGINT,
    cleared_by TEXT
);
-- At most one stands in a place; those that were cleared are history.
CREATE UNIQUE INDEX verdicts_standing ON verdicts (path, digest, run, ordinal) WHERE cleared_at IS NULL;

CREATE TABLE judgements (
    run_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    auto DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;

-- Judgements hold while their experiment has a row here with a judged_at: whatever touches the experiment deletes it. The runs
-- without experiment are those of number 0.
CREATE TABLE judged (
    experiment_id INTEGER PRIMARY KEY NOT NULL,
    version TEXT NOT NULL,
    program_version TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    judged_at BIGINT
);
