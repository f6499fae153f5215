-- The views of migrations/views.sql are db68242d14e8fd44195c3fcd19035dc3.
-- The path was in two indexes, the one on digests need not have it; undoing an import, which is rare, walks the ledger instead of an
-- index that every load paid for.
DROP INDEX sources_digest;
CREATE INDEX sources_digest ON sources (digest);
DROP INDEX sources_import;

-- `value` is null from here on where `count` says the same. Rows that are there stay as they are and mean the same: to write each of
-- them anew would double the table.
