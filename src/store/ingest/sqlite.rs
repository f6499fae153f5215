//! Bulk rows into SQLite, through statements that diesel keeps prepared.

use diesel::prelude::*;

use crate::store::rows::{RejectRow, ResultRow, RunRow, SourceRow};
use crate::store::schema;

/// Results of one statement; times the 16 columns it stays below the 32,766 binds of SQLite.
const ROWS: usize = 100;
const _: () = assert!(ROWS * 16 <= 32_766);

/// Results in arrays of a fixed length: diesel caches the statement of an array, but not that of a slice.
pub(super) fn results(connection: &mut SqliteConnection, rows: &[ResultRow]) -> QueryResult<()> {
    let (arrays, rest) = rows.as_chunks::<ROWS>();
    for array in arrays {
        diesel::insert_into(schema::results::table).values(array).execute(connection)?;
    }
    for row in rest {
        diesel::insert_into(schema::results::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// Rows with borrowed texts go in one by one: the statement of an array is cached by its type, which must then borrow nothing.
macro_rules! single_inserts {
    ($name:ident, $table:ident, $row:ty) => {
        pub(super) fn $name(connection: &mut SqliteConnection, rows: &[$row]) -> QueryResult<()> {
            for row in rows {
                diesel::insert_into(schema::$table::table).values(row).execute(connection)?;
            }
            Ok(())
        }
    };
}

single_inserts!(sources, sources, SourceRow<'_>);
single_inserts!(runs, runs, RunRow<'_>);
single_inserts!(rejects, rejects, RejectRow<'_>);
