-- One row for each thing that the predecessor wrote otherwise than it meant.
INSERT INTO experiments (name, cmd, description, systemwide) VALUES
    ('sort', 'sort -o x y', 'text, 4 GiB', FALSE), ('idle', NULL, NULL, TRUE), ('sort', 'another', NULL, FALSE),
    (E'tab\there', 'lost', NULL, FALSE), ('', NULL, NULL, FALSE);
INSERT INTO tools (name, version) VALUES ('perf', '3.10.0-327.13.1.el7'), ('oprofile', '1.1.0'), ('papi', '5.5.1');
INSERT INTO vendors (name) VALUES ('GenuineIntel'), ('IBM'), ('generic_ARM'), ('CentaurHauls');
INSERT INTO kernels (name) VALUES ('3.10.0-693.el7'), ('4.14.0-115.el7a.0.1.x86_64.debug'), (NULL);
INSERT INTO environments (arch, microarch, vendor_id, family, model, stepping, virt_id, kernel_id) VALUES
    ('x86_64', 'IVB', 1, 6, 58, 9, 1, 10000),
    ('x86_64', 'NHM', 1, 6, 26, 5, 1, 10000),
    ('ppc64', 'POWER5', 2, NULL, 59, 513, 1, 10000),
    ('aarch64', NULL, 3, NULL, 1, 2, 2, 10000),
    ('x86_64', 'IVB', 4, 6, 58, 9, 1, 10001),
    ('x86_64', '', NULL, NULL, NULL, NULL, 1, 10002),
    ('x86_64', NULL, NULL, NULL, NULL, NULL, 1, 10000);
INSERT INTO events (name, evt_num, nmask, idgroup) VALUES
    ('cycles', NULL, NULL, NULL), ('CPU_CLK_UNHALTED', 60, 0, 7), ('805623', NULL, NULL, NULL), ('task-clock', NULL, NULL, NULL);
INSERT INTO results (rsl_id, exp_id, tool_id, env_id, event_id, val, reliability_manual, reliability_auto) VALUES
    (10000000, 1, 1, 1000000, 1000000, 805623, NULL, NULL),
    (10000001, 1, 1, 1000000, 1000000, 805623, NULL, NULL),
    (10000002, 1, 1, 1000001, 1000000, 900000, 0.25, 0.5),
    (10000005, 3, 2, 1000002, 1000001, 9007199254740993, NULL, 1),
    (10000006, 1, 1, 1000003, 1000003, 0.98, NULL, NULL),
    (10000007, 1, 1, 1000000, 1000002, 0, NULL, NULL),
    (10000008, 1, 1, 1000004, 1000000, 'NaN', NULL, NULL),
    (10000009, 1, 1, 1000004, 1000000, -3, NULL, NULL),
    (10020000, 5, 1, 1000005, 1000000, 1, NULL, NULL);
