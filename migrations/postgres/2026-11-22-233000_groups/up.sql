-- The view v_groups: views are made anew after every migration, so a database needs no more than to know its version.
SELECT 1;
