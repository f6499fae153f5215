ALTER TABLE sources DROP COLUMN label_set_id;
ALTER TABLE sources DROP COLUMN environment_id;
ALTER TABLE sources DROP COLUMN supports;
DROP TABLE supports;
