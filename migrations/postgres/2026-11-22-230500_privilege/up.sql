-- Which rings a spelling covers: numbers are compared like with like. Bindings are made anew by the next import or `events bind`.
DELETE FROM bindings;
ALTER TABLE bindings ADD COLUMN privilege TEXT;
