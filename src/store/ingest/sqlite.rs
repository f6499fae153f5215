//! Bulk rows into SQLite, through statements that diesel keeps prepared.

use diesel::prelude::*;

use crate::store::rows::{EntryRow, RejectRow, ResultRow, RunRow, SourceRow, SupportRow};
use crate::store::schema;

/// Rows of one statement; times the 23 columns of the widest table it stays below the 32,766 binds of SQLite.
const ROWS: usize = 100;
const _: () = assert!(ROWS * 23 <= 32_766);

/// Rows in arrays of a fixed length: diesel caches the statement of an array, but not that of a slice.
macro_rules! bulk_insert {
    ($name:ident, $table:ident, $row:ty) => {
        pub(super) fn $name(connection: &mut SqliteConnection, rows: &[$row]) -> QueryResult<()> {
            let (arrays, rest) = rows.as_chunks::<ROWS>();
            for array in arrays {
                diesel::insert_into(schema::$table::table).values(array).execute(connection)?;
            }
            for row in rest {
                diesel::insert_into(schema::$table::table).values(row).execute(connection)?;
            }
            Ok(())
        }
    };
}

bulk_insert!(sources, sources, SourceRow);
bulk_insert!(runs, runs, RunRow);
bulk_insert!(results, results, ResultRow);
bulk_insert!(entries, entries, EntryRow);
bulk_insert!(supports, supports, SupportRow);

/// Rejects are few, and their rows borrow their texts.
pub(super) fn rejects(connection: &mut SqliteConnection, rows: &[RejectRow<'_>]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(schema::rejects::table).values(row).execute(connection)?;
    }
    Ok(())
}
