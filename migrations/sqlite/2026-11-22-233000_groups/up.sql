-- The views of migrations/views.sql are f2860fa53587dbb987f7c01974df6885.
-- The view v_groups: views are made anew after every migration, so a database needs no more than to know its version.
SELECT 1;
