-- What users say of names and CPUs, above the tables of the program: one set for each file that was read or alias that was given.

-- A set that was taken back keeps its row, without members, as the record of what was said.
CREATE TABLE name_sets (
    set_id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    location TEXT NOT NULL,
    version TEXT,
    kernel TEXT,
    author TEXT,
    reason TEXT,
    added_at BIGINT NOT NULL,
    undone_at BIGINT
);

-- means is a spelling of means_tool; null where only the name is said to be there. supported is 0 or 1.
CREATE TABLE names (
    set_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    microarch TEXT NOT NULL,
    tool TEXT NOT NULL,
    spelling TEXT NOT NULL,
    means_tool TEXT,
    means TEXT,
    supported SMALLINT NOT NULL CHECK (supported IN (0, 1)),
    file TEXT NOT NULL,
    line INT NOT NULL,
    PRIMARY KEY (set_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX names_microarch ON names (microarch);

-- What is null fits every CPU of the others.
CREATE TABLE cpus (
    set_id BIGINT NOT NULL,
    ordinal INT NOT NULL,
    line INT NOT NULL,
    arch TEXT,
    vendor TEXT,
    family INT,
    model INT,
    stepping INT,
    microarch TEXT NOT NULL,
    PRIMARY KEY (set_id, ordinal)
) WITHOUT ROWID;
