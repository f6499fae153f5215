//! Keys of the largest tables of PostgreSQL: a first load makes them at its end.
//!
//! To enter row after row into an index costs the server a quarter of the time of a load, to sort them once at the end an eighth. While
//! there is no result nobody asks for any, so that a load into a database without sources takes the keys away and puts them back. Whoever
//! opens the database for writing puts back what a load that was killed has left; until then questions get the same answers, only later.
//! SQLite keeps its rows in the order of their keys and has nothing to gain.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::Text;

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
    let dropped = c.transaction(|c| {
        c.batch_execute(PATIENCE)?;
        TABLES
            .iter()
            .try_for_each(|table| c.batch_execute(&format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_pkey")))
    });
    unless_refused(dropped)
}

/// Makes the keys that are missing.
pub(super) fn restore(db: &mut Db) -> QueryResult<()> {
    let Db::Postgres(c) = &mut *db else { return Ok(()) };
    if missing(c)?.is_empty() {
        return Ok(());
    }
    let made = any::write(db, |db| {
        let Db::Postgres(c) = db else { return Ok(()) };
        // Another writer may have made them meanwhile.
        missing(c)?
            .iter()
            .try_for_each(|table| c.batch_execute(&format!("ALTER TABLE {table} ADD PRIMARY KEY (run_id, ordinal)")))
    });
    unless_refused(made)
}

/// The tables that are there and have no key.
fn missing(c: &mut PgConnection) -> QueryResult<Vec<String>> {
    let text = "SELECT name FROM unnest($1) AS name WHERE to_regclass(name) IS NOT NULL \
                AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'p' AND conrelid = to_regclass(name))";
    let found = diesel::sql_query(text).bind::<diesel::sql_types::Array<Text>, _>(TABLES.as_slice()).load::<Found>(c)?;
    Ok(found.into_iter().map(|found| found.name).collect())
}

/// Keys are worth a wait, but no failure: who reads for long, or may not change tables, leaves them as they are, and the next writer makes
/// them.
fn unless_refused(done: QueryResult<()>) -> QueryResult<()> {
    match done {
        Err(DieselError::DatabaseError(_, information))
            if ["lock timeout", "must be owner"].iter().any(|reason| information.message().contains(reason)) =>
        {
            Ok(())
        }
        done => done,
    }
}
