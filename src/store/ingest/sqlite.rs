//! Bulk rows into SQLite, through statements that diesel keeps prepared.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

use crate::store::rows::{EntryRow, JudgementRow, RejectRow, ResultRow, RunRow, SourceRow, SupportRow};
use crate::store::schema;

/// Rows of one statement; times the 22 columns of the widest table it stays below the 32,766 binds of SQLite.
const ROWS: usize = 100;
const _: () = assert!(ROWS * 22 <= 32_766);

/// Writes the columns of one row, or their names.
macro_rules! separated {
    ($out:ident, $_first:ident => $one:expr $(, $_other:ident => $more:expr)*) => {
        $one;
        $($out.push_sql(", "); $more;)*
    };
}

/// Rows in arrays of a fixed length, whose statement diesel finds by its type.
///
/// What diesel itself makes of an array looks at every value three times before it is bound, to see whether it is a default and whether
/// the statement can be kept; that was more than half of the cost of a row.
macro_rules! bulk_insert {
    ($name:ident, $table:ident, $row:ident { $($column:ident),+ $(,)? }) => {
        pub(super) fn $name(connection: &mut SqliteConnection, rows: &[$row]) -> QueryResult<()> {
            struct Array<'a>(&'a [$row; ROWS]);

            impl QueryId for Array<'_> {
                type QueryId = Array<'static>;
                const HAS_STATIC_QUERY_ID: bool = true;
            }

            impl RunQueryDsl<SqliteConnection> for Array<'_> {}

            impl QueryFragment<Sqlite> for Array<'_> {
                fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                    out.push_sql("INSERT INTO ");
                    out.push_identifier(stringify!($table))?;
                    out.push_sql(" (");
                    separated!(out, $($column => out.push_identifier(stringify!($column))?),+);
                    let mut before = ") VALUES (";
                    for row in self.0 {
                        out.push_sql(before);
                        separated!(out, $($column => {
                            type Type = <schema::$table::$column as Expression>::SqlType;
                            out.push_bind_param::<Type, _>(&row.$column)?;
                        }),+);
                        before = "), (";
                    }
                    out.push_sql(")");
                    Ok(())
                }
            }

            let (arrays, rest) = rows.as_chunks::<ROWS>();
            for array in arrays {
                Array(array).execute(connection)?;
            }
            for row in rest {
                diesel::insert_into(schema::$table::table).values(row).execute(connection)?;
            }
            Ok(())
        }
    };
}

bulk_insert!(
    sources,
    sources,
    SourceRow {
        source_id,
        digest,
        import_id,
        root_id,
        path,
        bytes,
        modified_at,
        parser_id,
        taken_for,
        notes,
        lines,
        result_lines,
        furniture_lines,
        foreign_lines,
        rejected_lines,
        runs,
        results,
        sides_id,
        entries,
        supports,
        environment_id,
        label_set_id,
    }
);
bulk_insert!(
    runs,
    runs,
    RunRow {
        run_id,
        source_id,
        ordinal,
        line,
        experiment_id,
        tool_id,
        host_id,
        environment_id,
        origins_id,
        command,
        target,
        started_at,
        wall_seconds,
        wall_spread_percent,
        user_seconds,
        sys_seconds,
        repeats,
        label_set_id,
        repetition,
    }
);
bulk_insert!(
    results,
    results,
    ResultRow {
        run_id,
        ordinal,
        line,
        form_id,
        count,
        value,
        metric_value,
        running_percent,
        runtime_ns,
        interval_ns,
        spread_percent,
        scope_id,
        metric_of,
    }
);
bulk_insert!(
    entries,
    entries,
    EntryRow {
        run_id,
        ordinal,
        line,
        kind,
        spelling_id,
        image_id,
        app_id,
        symbol_id,
        of_symbol_id,
        location_id,
        address,
        samples,
        percent,
        diff_percent,
        cpu,
        process,
        thread,
    }
);
bulk_insert!(
    supports,
    supports,
    SupportRow { source_id, ordinal, line, spelling_id, supported, derived, code, formula, counters, unit_masks }
);
bulk_insert!(judgements, judgements, JudgementRow { run_id, ordinal, auto });

/// Rejects are few, and their rows borrow their texts.
pub(super) fn rejects(connection: &mut SqliteConnection, rows: &[RejectRow<'_>]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(schema::rejects::table).values(row).execute(connection)?;
    }
    Ok(())
}
