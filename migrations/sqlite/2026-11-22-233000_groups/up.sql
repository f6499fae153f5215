-- The views of migrations/views.sql are 260dbc71656c2c345a4edee43b40c848.
-- The view v_groups: views are made anew after every migration, so a database needs no more than to know its version.
SELECT 1;
