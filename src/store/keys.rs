//! Keys of the largest tables of PostgreSQL: a first load makes them at its end.
//!
//! To enter row after row into an index costs the server a quarter of the time of a load, to sort them once at the end a seventh. While
//! there is no result nobody asks for any, so that a load into a database without sources takes the keys away and puts them back. Whoever
//! opens the database for writing puts back what a load that was killed has left; until then questions get the same answers, only later.
//! SQLite keeps its rows in the order of their keys and has nothing to gain.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use super::any::{self, Db};

/// The tables, all with the same key.
const TABLES: [&str; 2] = ["results", "entries"];

/// How long somebody who reads the empty tables just now is waited for.
const PATIENCE: &str = "SET LOCAL lock_timeout = '200ms'";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Takes the keys away where nothing is stored. The writer lock is held.
pub(super) fn defer(db: &mut Db) -> QueryResult<()> {
    let Db::Postgres(c) = db else { return Ok(()) };
    let stored = "SELECT 'sources' AS name WHERE EXISTS (SELECT 1 FROM sources) OR EXISTS (SELECT 1 FROM results) \
                  OR EXISTS (SELECT 1 FROM entries)";
    if !diesel::sql_query(stored).load::<Found>(c)?.is_empty() {
        return Ok(());
    }
    // It holds to the end of the transaction, in which nobody is waited for any more.
    c.batch_execute(PATIENCE)?;
    unless_refused(c, TABLES.iter().map(|table| format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_pkey;")))
}

/// Makes the keys that are missing.
pub(super) fn restore(db: &mut Db) -> QueryResult<()> {
    let Db::Postgres(c) = &mut *db else { return Ok(()) };
    if missing(c)?.is_empty() {
        return Ok(());
    }
    any::write(db, |db| {
        let Db::Postgres(c) = db else { return Ok(()) };
        // Another writer may have made them meanwhile.
        let missing = missing(c)?;
        unless_refused(c, missing.iter().map(|table| format!("ALTER TABLE {table} ADD PRIMARY KEY (run_id, ordinal);")))
    })
}

/// The tables that are there and have no key.
fn missing(c: &mut PgConnection) -> QueryResult<Vec<String>> {
    let text = "SELECT name FROM unnest($1) AS name WHERE to_regclass(name) IS NOT NULL \
                AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'p' AND conrelid = to_regclass(name))";
    let found = diesel::sql_query(text).bind::<Array<Text>, _>(TABLES.as_slice()).load::<Found>(c)?;
    Ok(found.into_iter().map(|found| found.name).collect())
}

/// Changes tables, all of them or none. Keys are worth a wait, but no failure: where somebody reads for long, or the user may not change
/// tables, they stay as they are, and the next writer makes them.
///
/// The server tells these errors apart: their messages are in its language, and diesel does not give their codes.
fn unless_refused(c: &mut PgConnection, changes: impl Iterator<Item = String>) -> QueryResult<()> {
    let changes: String = changes.collect();
    c.batch_execute(&format!(
        "DO $$ BEGIN {changes} EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN NULL; END $$"
    ))
}
