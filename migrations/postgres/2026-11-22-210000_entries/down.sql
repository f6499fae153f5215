ALTER TABLE sources DROP COLUMN entries;
DROP TABLE entries;
DROP TABLE profile_names;
