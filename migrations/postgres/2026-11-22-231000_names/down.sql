DROP TABLE cpus;
DROP TABLE names;
DROP TABLE name_sets;
