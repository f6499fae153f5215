-- Labels of runs, their repetition, and the side files that placed a source.

-- Each distinct set of labels once, as a JSON object with sorted keys, and its members for conditions on single labels.
CREATE TABLE label_sets (
    label_set_id INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE labels (
    label_set_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (label_set_id, name)
);
CREATE INDEX labels_value ON labels (name, value);

-- The side files and captured system files around a source, nearest first, each as path and hash.
CREATE TABLE sides (
    sides_id INTEGER PRIMARY KEY NOT NULL,
    text TEXT NOT NULL UNIQUE
);

ALTER TABLE sources ADD COLUMN sides_id BIGINT;
ALTER TABLE runs ADD COLUMN label_set_id BIGINT;
ALTER TABLE runs ADD COLUMN repetition BIGINT;
