ALTER TABLE runs DROP COLUMN repetition;
ALTER TABLE runs DROP COLUMN label_set_id;
ALTER TABLE sources DROP COLUMN sides_id;
DROP TABLE sides;
DROP TABLE labels;
DROP TABLE label_sets;
