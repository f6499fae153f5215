DROP VIEW v_labels;
DROP VIEW v_results;
DROP VIEW v_runs;
DROP VIEW v_sources;
ALTER TABLE runs DROP COLUMN repetition;
ALTER TABLE runs DROP COLUMN label_set_id;
ALTER TABLE sources DROP COLUMN sides_id;
DROP TABLE sides;
DROP TABLE labels;
DROP TABLE label_sets;

CREATE VIEW v_sources AS
SELECT s.source_id, s.import_id, r.location AS root, s.path, s.digest, s.bytes, s.modified_at, s.format, s.parser_version,
       s.taken_for, s.notes, s.lines, s.result_lines, s.furniture_lines, s.foreign_lines, s.rejected_lines,
       s.runs, s.results
FROM sources s
LEFT JOIN roots r ON r.root_id = s.root_id;

CREATE VIEW v_runs AS
SELECT u.run_id, u.source_id, s.import_id, s.path, s.digest, u.ordinal AS run, u.line,
       x.name AS experiment, t.name AS tool, t.version AS tool_version, h.name AS host,
       e.arch, e.vendor, e.family, e.model, e.stepping, e.microarch, e.kernel, e.virt, o.text AS origins,
       u.command, u.target, u.started_at, u.wall_seconds, u.wall_spread_percent, u.user_seconds, u.sys_seconds, u.repeats
FROM runs u
JOIN sources s ON s.source_id = u.source_id
JOIN tools t ON t.tool_id = u.tool_id
JOIN environments e ON e.environment_id = u.environment_id
JOIN origins o ON o.origins_id = u.origins_id
LEFT JOIN experiments x ON x.experiment_id = u.experiment_id
LEFT JOIN hosts h ON h.host_id = u.host_id;

CREATE VIEW v_results AS
SELECT f.run_id, f.ordinal + k.metric AS ordinal, u.source_id, s.import_id, s.path, s.digest, u.ordinal AS run, f.line,
       x.name AS experiment, t.name AS tool, t.version AS tool_version, h.name AS host,
       e.arch, e.microarch, e.kernel,
       p.kind, p.text AS event, p.unit,
       CASE WHEN k.metric = 1 OR f.status = 0 THEN 'counted' WHEN f.status = 1 THEN 'not counted' ELSE 'not supported' END AS status,
       CASE k.metric WHEN 0 THEN f.value ELSE f.metric_value END AS value,
       CASE k.metric WHEN 0 THEN f.count END AS count,
       CASE k.metric WHEN 0 THEN f.flags ELSE CAST(0 AS SMALLINT) END AS flags,
       c.kind AS scope_kind, c.label AS scope, c.cgroup, c.members, f.interval_ns,
       CASE k.metric WHEN 0 THEN f.running_percent END AS running_percent,
       CASE k.metric WHEN 0 THEN f.spread_percent END AS spread_percent,
       CASE k.metric WHEN 0 THEN f.runtime_ns END AS runtime_ns,
       CASE k.metric WHEN 0 THEN f.metric_of ELSE f.ordinal END AS metric_of
FROM results f
JOIN (SELECT 0 AS metric UNION ALL SELECT 1) k ON k.metric = 0 OR f.metric_spelling_id IS NOT NULL
JOIN runs u ON u.run_id = f.run_id
JOIN sources s ON s.source_id = u.source_id
JOIN spellings p ON p.spelling_id = CASE k.metric WHEN 0 THEN f.spelling_id ELSE f.metric_spelling_id END
JOIN tools t ON t.tool_id = u.tool_id
JOIN environments e ON e.environment_id = u.environment_id
LEFT JOIN scopes c ON c.scope_id = f.scope_id
LEFT JOIN experiments x ON x.experiment_id = u.experiment_id
LEFT JOIN hosts h ON h.host_id = u.host_id;
