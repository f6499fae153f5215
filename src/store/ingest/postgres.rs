//! Bulk rows into PostgreSQL: binary COPY.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::store::rows::{EntryRow, JudgementRow, RejectRow, ResultRow, RunRow, SourceRow, SupportRow};
use crate::store::schema;

macro_rules! bulk_insert {
    ($name:ident, $table:ident, $row:ty) => {
        pub(super) fn $name(connection: &mut PgConnection, rows: &[$row]) -> QueryResult<()> {
            if rows.is_empty() {
                return Ok(());
            }
            diesel::copy_from(schema::$table::table).from_insertable(rows).execute(connection).map(drop)
        }
    };
}

bulk_insert!(sources, sources, SourceRow);
bulk_insert!(runs, runs, RunRow);
bulk_insert!(results, results, ResultRow);
bulk_insert!(entries, entries, EntryRow);
bulk_insert!(supports, supports, SupportRow);
bulk_insert!(judgements, judgements, JudgementRow);
bulk_insert!(rejects, rejects, RejectRow<'_>);
