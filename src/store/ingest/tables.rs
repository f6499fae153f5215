//! What each bulk table is written as, in one place for both databases: its rows and their columns.

/// Calls a macro with a table, the type of its rows, and their columns in the order in which they are written. Columns that are null
/// together in most rows stand in groups behind the others, each group under a bit of its own.
macro_rules! bulk_tables {
    ($with:ident) => {
        $with!(sources, SourceRow {
            source_id, digest, import_id, root_id, path, bytes, modified_at, parser_id, taken_for, notes, lines,
            result_lines, furniture_lines, foreign_lines, rejected_lines, runs, results, sides_id, entries, supports,
            environment_id, label_set_id
        });
        $with!(runs, RunRow {
            run_id, source_id, ordinal, line, experiment_id, tool_id, host_id, environment_id, origins_id, command, target,
            started_at, wall_seconds, wall_spread_percent, user_seconds, sys_seconds, repeats, label_set_id, repetition
        });
        $with!(results, ResultRow {
            run_id, ordinal, line, form_id, count, metric_value
        } seldom {
            1: running_percent, runtime_ns;
            2: spread_percent;
            4: value;
            8: interval_ns, scope_id, metric_of
        });
        $with!(entries, EntryRow {
            run_id, ordinal, line, kind, spelling_id, image_id, app_id, symbol_id, of_symbol_id, location_id, address,
            samples, percent, diff_percent, cpu, process, thread
        });
        $with!(supports, SupportRow {
            source_id, ordinal, line, spelling_id, supported, derived, code, formula, counters, unit_masks
        });
        $with!(judgements, JudgementRow {
            run_id, ordinal, auto
        });
        $with!(bindings, BindingRow {
            spelling_id, tool_id, environment_id, catalogue, microarch, status, event_id, formula, relation, reason,
            method, origin, privilege
        });
    };
}
pub(super) use bulk_tables;
