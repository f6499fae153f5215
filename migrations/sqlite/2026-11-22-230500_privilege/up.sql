-- The views of migrations/views.sql are 839c7b9339258e77014b6a3300ed3c60.
-- Which rings a spelling covers: numbers are compared like with like. Bindings are made anew by the next import or `events bind`.
DELETE FROM bindings;
ALTER TABLE bindings ADD COLUMN privilege TEXT;
