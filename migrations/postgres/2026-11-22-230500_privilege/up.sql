-- The views of migrations/views.sql are 970876bc01f611994360d943ead3c25a.
-- Which rings a spelling covers: numbers are compared like with like. Bindings are made anew by the next import or `events bind`.
DELETE FROM bindings;
ALTER TABLE bindings ADD COLUMN privilege TEXT;
