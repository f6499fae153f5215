ALTER TABLE bindings DROP COLUMN privilege;
