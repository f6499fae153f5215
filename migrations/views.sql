-- The SQL interface: stable names and columns, documented in docs/schema.md, the same in both databases.
--
-- Views hold no data: they are dropped before migrations run and made anew after them. So a view is written once, and a column can go.
-- Written for PostgreSQL; for SQLite the program replaces `to_hex(` by `printf('%x', `.
-- A change here comes with a migration, be it an empty one, for the version of the schema is how a program sees that its views are old.

CREATE VIEW v_imports AS
SELECT i.import_id, i.status, i.started_at, i.finished_at, i.program_version, i.arguments,
       COALESCE(s.sources, 0) AS sources, COALESCE(s.lines, 0) AS lines, COALESCE(s.rejected_lines, 0) AS rejected_lines,
       i.report
FROM imports i
LEFT JOIN (
    SELECT import_id, CAST(COUNT(*) AS BIGINT) AS sources, CAST(SUM(lines) AS BIGINT) AS lines,
           CAST(SUM(rejected_lines) AS BIGINT) AS rejected_lines
    FROM sources GROUP BY import_id
) s ON s.import_id = i.import_id;

CREATE VIEW v_sources AS
SELECT s.source_id, s.import_id, r.location AS root, s.path, s.digest, s.bytes, s.modified_at, q.format, q.version AS parser_version,
       s.taken_for, s.notes, s.lines, s.result_lines, s.furniture_lines, s.foreign_lines, s.rejected_lines,
       s.runs, s.results, d.text AS sides, s.entries, s.supports
FROM sources s
LEFT JOIN parsers q ON q.parser_id = s.parser_id
LEFT JOIN roots r ON r.root_id = s.root_id
LEFT JOIN sides d ON d.sides_id = s.sides_id;

CREATE VIEW v_runs AS
SELECT u.run_id, u.source_id, s.import_id, s.path, s.digest, u.ordinal AS run, u.line,
       x.name AS experiment, t.name AS tool, t.version AS tool_version, h.name AS host, l.text AS labels, u.repetition,
       e.arch, e.vendor, e.family, e.model, e.stepping, e.microarch, e.kernel, e.virt, o.text AS origins,
       u.command, u.target, u.started_at, u.wall_seconds, u.wall_spread_percent, u.user_seconds, u.sys_seconds, u.repeats,
       u.tool_id, u.environment_id
FROM runs u
JOIN sources s ON s.source_id = u.source_id
JOIN tools t ON t.tool_id = u.tool_id
JOIN environments e ON e.environment_id = u.environment_id
JOIN origins o ON o.origins_id = u.origins_id
LEFT JOIN experiments x ON x.experiment_id = u.experiment_id
LEFT JOIN hosts h ON h.host_id = u.host_id
LEFT JOIN label_sets l ON l.label_set_id = u.label_set_id;

-- One row for each label of a run.
CREATE VIEW v_labels AS
SELECT u.run_id, u.source_id, l.name, l.value
FROM runs u
JOIN labels l ON l.label_set_id = u.label_set_id;

-- A row is shown twice when it holds a metric: k.metric is 0 for the counter and 1 for the metric. A join and not a union of both,
-- which SQLite would materialise whole before it looks at the conditions of a query. The joins for trust are each on a whole unique key
-- and on nothing that another of them gives: a query that does not ask for one is made without it (in PostgreSQL with verdicts, a small table).
CREATE VIEW v_results AS
SELECT f.run_id, f.ordinal + k.metric AS ordinal, u.source_id, s.import_id, s.path, s.digest, u.ordinal AS run, f.line,
       x.name AS experiment, t.name AS tool, t.version AS tool_version, h.name AS host, l.text AS labels, u.repetition,
       e.arch, e.microarch, e.kernel,
       p.kind, p.text AS event, p.unit,
       CASE WHEN k.metric = 1 OR w.status = 0 THEN 'counted' WHEN w.status = 1 THEN 'not counted' ELSE 'not supported' END AS status,
       CASE k.metric WHEN 0 THEN COALESCE(f.value, CAST(f.count AS DOUBLE PRECISION)) ELSE f.metric_value END AS value,
       CASE k.metric WHEN 0 THEN f.count END AS count,
       CASE k.metric WHEN 0 THEN w.flags ELSE CAST(0 AS SMALLINT) END AS flags,
       c.kind AS scope_kind, c.label AS scope, c.cgroup, c.members, f.interval_ns,
       CASE k.metric WHEN 0 THEN f.running_percent END AS running_percent,
       CASE k.metric WHEN 0 THEN f.spread_percent END AS spread_percent,
       CASE k.metric WHEN 0 THEN f.runtime_ns END AS runtime_ns,
       CASE k.metric WHEN 0 THEN f.metric_of ELSE f.ordinal END AS metric_of,
       b.status AS binding, b.relation, COALESCE(v.text, b.formula) AS canonical, v.class, b.privilege,
       CASE WHEN d.judged_at IS NOT NULL THEN g.auto END AS trust_auto, m.trust AS trust_manual,
       COALESCE(m.trust, CASE WHEN d.judged_at IS NOT NULL THEN g.auto END) AS trust
FROM results f
JOIN forms w ON w.form_id = f.form_id
JOIN (SELECT 0 AS metric UNION ALL SELECT 1) k ON k.metric = 0 OR w.metric_spelling_id IS NOT NULL
JOIN runs u ON u.run_id = f.run_id
JOIN sources s ON s.source_id = u.source_id
JOIN spellings p ON p.spelling_id = CASE k.metric WHEN 0 THEN w.spelling_id ELSE w.metric_spelling_id END
JOIN tools t ON t.tool_id = u.tool_id
JOIN environments e ON e.environment_id = u.environment_id
LEFT JOIN scopes c ON c.scope_id = f.scope_id
LEFT JOIN experiments x ON x.experiment_id = u.experiment_id
LEFT JOIN hosts h ON h.host_id = u.host_id
LEFT JOIN label_sets l ON l.label_set_id = u.label_set_id
LEFT JOIN bindings b ON b.spelling_id = p.spelling_id AND b.tool_id = u.tool_id AND b.environment_id = u.environment_id
LEFT JOIN events v ON v.event_id = b.event_id
LEFT JOIN judged d ON d.experiment_id = COALESCE(u.experiment_id, 0)
LEFT JOIN judgements g ON g.run_id = f.run_id AND g.ordinal = f.ordinal + k.metric
LEFT JOIN verdicts m ON m.path = s.path AND m.digest = s.digest AND m.run = u.ordinal AND m.ordinal = f.ordinal + k.metric
    AND m.cleared_at IS NULL AND m.line = f.line AND m.event = p.text AND m.kind = p.kind
    AND m.value = CASE k.metric WHEN 0 THEN COALESCE(f.value, CAST(f.count AS DOUBLE PRECISION)) ELSE f.metric_value END;

-- One row for each verdict of a person. run_id is null when nothing has the number that it was given for.
CREATE VIEW v_verdicts AS
SELECT m.verdict_id, m.path, m.digest, m.run, m.ordinal, m.line, m.event, m.kind, m.value, m.trust, m.author, m.reason, m.given_at,
       m.cleared_at, m.cleared_by,
       (SELECT MIN(u.run_id)
        FROM sources s
        JOIN runs u ON u.source_id = s.source_id AND u.ordinal = m.run
        JOIN results f ON f.run_id = u.run_id AND f.ordinal IN (m.ordinal, m.ordinal - 1) AND f.line = m.line
        JOIN forms w ON w.form_id = f.form_id
        JOIN spellings p ON p.spelling_id = CASE WHEN f.ordinal = m.ordinal THEN w.spelling_id ELSE w.metric_spelling_id END
        WHERE s.path = m.path AND s.digest = m.digest AND p.text = m.event AND p.kind = m.kind
          AND m.value = CASE WHEN f.ordinal = m.ordinal THEN COALESCE(f.value, CAST(f.count AS DOUBLE PRECISION)) ELSE f.metric_value END) AS run_id
FROM verdicts m;

-- Statistics of all numbers that share what is named here; the ids keep what is sorted narrow, names are looked up for each group alone.
-- The deviations are from the mean, in a second pass over the numbers of a group: sums of squares would lose the digits in which counts
-- of nine digits differ. What they do not sum up to zero by is what the mean was rounded by, and is taken away. No root: SQLite has none unless it was built with mathematical functions, and a view that names a function that
-- is missing cannot even be skipped by ALTER TABLE.
CREATE VIEW v_groups AS
SELECT x.name AS experiment, t.name AS tool, t.version AS tool_version,
       e.arch, e.vendor, e.family, e.model, e.stepping, e.microarch, e.kernel, e.virt,
       COALESCE(v.text, g.formula, p.text) AS event,
       CASE WHEN v.text IS NOT NULL THEN 'event' WHEN g.formula IS NOT NULL THEN 'formula' ELSE 'spelling' END AS named_by,
       v.class, g.kind, g.unit, g.privilege, g.scope_kind, g.of_intervals, g.repeats,
       g.n, g.least AS min, g.mean, g.greatest AS max, g.variance, g.not_counted, g.not_supported, g.beyond,
       g.experiment_id, g.tool_id, g.environment_id
FROM (
    SELECT experiment_id, tool_id, environment_id, event_id, formula, spelling_id, kind, unit, privilege, scope_kind, of_intervals, repeats,
           COUNT(number) AS n, MIN(number) AS least, MIN(mean) AS mean, MAX(number) AS greatest,
           CASE WHEN MIN(number) = MAX(number) THEN 0.0
                ELSE SUM((number - mean) * (number - mean)) - SUM(number - mean) * SUM(number - mean) / NULLIF(COUNT(number), 0)
           END / NULLIF(COUNT(number) - 1, 0) AS variance,
           COUNT(CASE status WHEN 1 THEN 1 END) AS not_counted, COUNT(CASE status WHEN 2 THEN 1 END) AS not_supported,
           COUNT(CASE status WHEN 0 THEN 1 END) - COUNT(number) AS beyond
    FROM (
        SELECT r.*, AVG(number) OVER (
                   PARTITION BY experiment_id, tool_id, environment_id, event_id, formula, spelling_id, kind, unit, privilege, scope_kind,
                                of_intervals, repeats
               ) AS mean
        FROM (
            SELECT u.experiment_id, u.tool_id, u.environment_id,
                   CASE b.relation WHEN 'same' THEN b.event_id END AS event_id,
                   CASE b.relation WHEN 'same' THEN NULL ELSE b.formula END AS formula,
                   CASE WHEN b.relation = 'same' OR b.formula IS NOT NULL THEN NULL ELSE w.spelling_id END AS spelling_id,
                   q.kind, q.unit, b.privilege, COALESCE(c.kind, 'whole') AS scope_kind,
                   CASE WHEN f.interval_ns IS NULL THEN 0 ELSE 1 END AS of_intervals, COALESCE(u.repeats, 1) AS repeats,
                   w.status,
                   CASE WHEN w.status = 0 AND ABS(COALESCE(f.value, f.count)) <= 1e150
                        THEN COALESCE(f.value, CAST(f.count AS DOUBLE PRECISION)) END AS number
            FROM results f
            JOIN forms w ON w.form_id = f.form_id
            JOIN runs u ON u.run_id = f.run_id
            JOIN spellings q ON q.spelling_id = w.spelling_id
            LEFT JOIN scopes c ON c.scope_id = f.scope_id
            LEFT JOIN bindings b ON b.spelling_id = w.spelling_id AND b.tool_id = u.tool_id AND b.environment_id = u.environment_id
            WHERE q.kind <> 'metric'
        ) r
    ) m
    GROUP BY experiment_id, tool_id, environment_id, event_id, formula, spelling_id, kind, unit, privilege, scope_kind, of_intervals, repeats
) g
JOIN tools t ON t.tool_id = g.tool_id
JOIN environments e ON e.environment_id = g.environment_id
LEFT JOIN experiments x ON x.experiment_id = g.experiment_id
LEFT JOIN events v ON v.event_id = g.event_id
LEFT JOIN spellings p ON p.spelling_id = g.spelling_id;

-- One row for each spelling of each tool in each environment. Results stay out: to count them is to read them all.
CREATE VIEW v_bindings AS
SELECT b.spelling_id, b.tool_id, b.environment_id, p.text AS event, p.unit, p.kind, t.name AS tool, t.version AS tool_version,
       b.microarch, e.kernel, b.status, b.relation, COALESCE(v.text, b.formula) AS canonical, v.microarch AS event_microarch,
       v.pmu, v.config, v.config1, v.class, v.class_is_soft, b.reason, b.method, b.origin, b.catalogue, b.privilege
FROM bindings b
JOIN spellings p ON p.spelling_id = b.spelling_id
JOIN tools t ON t.tool_id = b.tool_id
JOIN environments e ON e.environment_id = b.environment_id
LEFT JOIN events v ON v.event_id = b.event_id;

CREATE VIEW v_entries AS
SELECT f.run_id, f.ordinal, u.source_id, s.import_id, s.path, s.digest, u.ordinal AS run, f.line,
       x.name AS experiment, t.name AS tool, t.version AS tool_version, h.name AS host,
       CASE f.kind WHEN 0 THEN 'image' WHEN 1 THEN 'symbol' WHEN 2 THEN 'address' WHEN 3 THEN 'caller' WHEN 4 THEN 'callee'
                   WHEN 5 THEN 'self' ELSE 'application' END AS kind,
       p.text AS event, i.text AS image, a.text AS app, y.text AS symbol, o.text AS of_symbol, l.text AS location,
       CASE WHEN f.address IS NOT NULL THEN to_hex(f.address) END AS address,
       f.samples, f.percent, f.diff_percent, f.cpu, f.process, f.thread
FROM entries f
JOIN runs u ON u.run_id = f.run_id
JOIN sources s ON s.source_id = u.source_id
JOIN spellings p ON p.spelling_id = f.spelling_id
JOIN tools t ON t.tool_id = u.tool_id
LEFT JOIN experiments x ON x.experiment_id = u.experiment_id
LEFT JOIN hosts h ON h.host_id = u.host_id
LEFT JOIN profile_names i ON i.name_id = f.image_id
LEFT JOIN profile_names a ON a.name_id = f.app_id
LEFT JOIN profile_names y ON y.name_id = f.symbol_id
LEFT JOIN profile_names o ON o.name_id = f.of_symbol_id
LEFT JOIN profile_names l ON l.name_id = f.location_id;

CREATE VIEW v_supports AS
SELECT f.source_id, f.ordinal, s.import_id, s.path, s.digest, q.format, f.line, e.arch, e.vendor, e.family, e.model, e.stepping,
       e.microarch, e.kernel, e.virt, l.text AS labels, p.text AS event, f.supported, f.derived, f.code, f.formula, f.counters, f.unit_masks
FROM supports f
JOIN sources s ON s.source_id = f.source_id
LEFT JOIN parsers q ON q.parser_id = s.parser_id
JOIN spellings p ON p.spelling_id = f.spelling_id
LEFT JOIN environments e ON e.environment_id = s.environment_id
LEFT JOIN label_sets l ON l.label_set_id = s.label_set_id;

CREATE VIEW v_rejects AS
SELECT j.import_id, j.ordinal, j.source_id, r.location AS root, j.path, j.line, j.col, j.kind, j.reason, j.text
FROM rejects j
LEFT JOIN roots r ON r.root_id = j.root_id;
