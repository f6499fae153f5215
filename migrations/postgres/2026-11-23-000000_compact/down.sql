UPDATE results SET value = count WHERE value IS NULL AND count IS NOT NULL;
CREATE INDEX sources_import ON sources (import_id);
DROP INDEX sources_digest;
CREATE INDEX sources_digest ON sources (digest, path);
