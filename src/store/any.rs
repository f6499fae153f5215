//! One connection type over both back ends, and transactions on it.

#![expect(
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "the derive writes an `establish`, which nobody calls, and wants its type public"
)]

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;

/// A connection to either back end.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// A PostgreSQL server.
    Postgres(PgConnection),
    /// A SQLite file.
    Sqlite(SqliteConnection),
}

/// Compiles one body for both back ends: batches, upserts and array binds are out of reach of the derived enum.
macro_rules! on_backend {
    ($db:expr, $c:ident => $body:expr) => {
        match $db {
            $crate::store::any::Db::Postgres($c) => $body,
            $crate::store::any::Db::Sqlite($c) => $body,
        }
    };
}
pub(super) use on_backend;

/// Number of the advisory lock that all writers of a PostgreSQL database take: "prc-etl" in ASCII.
///
/// One writer at a time, as on SQLite. Without it two importers of overlapping trees could each miss what the other is about to
/// write, and would deadlock on the small tables when their sources come in another order.
const WRITER_LOCK: i64 = 0x70_72_63_2d_65_74_6c;

/// Leaves the disk of a PostgreSQL server to the next transaction that waits for it, or to the next second; SQLite's is what
/// `PRAGMA synchronous` says. It is whole or not there, whatever happens.
const DURABLE_LATER: &str = "SET LOCAL synchronous_commit = off";

/// Within a transaction that is held, each piece of work is a part that can fail alone. diesel's own savepoints outlive their rollback,
/// and SQLite would keep what every page held before for each of them.
const BEGIN_PART: &str = "SAVEPOINT part";
const END_PART: &str = "RELEASE SAVEPOINT part";
const FORGET_PART: &str = "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part";

/// Has a PostgreSQL server find rows by the keys that it is given, until the transaction ends.
///
/// Until it has analysed a table - autovacuum comes by once a minute - it knows nothing of how many rows share a value, believes that a
/// thousand paths are half of all, and reads the table from end to end; a statement that was prepared while the table was small
/// goes on doing so (100,000 files into an empty database: 20.7 s in place of 10.8). With no other way left it still reads a table, which
/// it then takes for so dear that it would compile the statement first.
const BY_KEYS: &str = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off";

/// Runs `work`, which asks for rows by their keys and changes nothing.
pub(super) fn look_up<T>(db: &mut Db, work: impl FnOnce(&mut Db) -> QueryResult<T>) -> QueryResult<T> {
    if let Db::Postgres(c) = db {
        AnsiTransactionManager::begin_transaction_sql(
            c,
            &format!("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; {BY_KEYS}"),
        )?;
    }
    let found = work(db);
    if let Db::Postgres(c) = db {
        // Nothing was changed: there is nothing to lose, and the first error is the one to report.
        let _ = AnsiTransactionManager::rollback_transaction(c);
    }
    found
}

/// Runs `work` in a transaction that no other writer can interleave with. Nothing is kept when it fails.
pub(super) fn write<T, E: From<diesel::result::Error>>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    transaction(db, &[], work)
}

/// The same for one of many transactions of a piece of work, of which the last one that is reported is one of [`write()`]: nobody waits for the
/// disk in between. It asks for rows by their keys.
pub(super) fn write_on<T, E: From<diesel::result::Error>>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    transaction(db, &[DURABLE_LATER, BY_KEYS], work)
}

/// Begins a transaction of which every one that follows becomes a part, until [`keep()`] or [`forget()`].
pub(super) fn hold(db: &mut Db) -> QueryResult<()> {
    begin(db, &[BY_KEYS])
}

/// Whether there is such a transaction.
pub(super) fn is_held(db: &mut Db) -> bool {
    let depth = on_backend!(db, c => AnsiTransactionManager::transaction_manager_status_mut(c).transaction_depth());
    matches!(depth, Ok(Some(_)))
}

/// Ends it and keeps all of it.
pub(super) fn keep(db: &mut Db) -> QueryResult<()> {
    on_backend!(db, c => AnsiTransactionManager::commit_transaction(c))
}

/// Ends it and keeps nothing of it.
pub(super) fn forget(db: &mut Db) -> QueryResult<()> {
    on_backend!(db, c => AnsiTransactionManager::rollback_transaction(c))
}

fn transaction<T, E: From<diesel::result::Error>>(
    db: &mut Db,
    settings: &[&str],
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    let part = is_held(db);
    if part { execute(db, BEGIN_PART) } else { begin(db, settings) }?;
    match work(db) {
        Ok(value) => {
            if part { execute(db, END_PART) } else { keep(db) }?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to report; a failed rollback means that the connection is gone, and with it the rows.
            let _ = if part { execute(db, FORGET_PART) } else { forget(db) };
            Err(error)
        }
    }
}

fn execute(db: &mut Db, text: &str) -> QueryResult<()> {
    on_backend!(db, c => c.batch_execute(text))
}

fn begin(db: &mut Db, settings: &[&str]) -> QueryResult<()> {
    match db {
        // A deferred transaction that reads first and writes later fails at once when another writer committed in between.
        Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Db::Postgres(c) => {
            let text = [&["BEGIN ISOLATION LEVEL READ COMMITTED"], settings].concat().join("; ");
            AnsiTransactionManager::begin_transaction_sql(c, &text)?;
            let locked = diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
                .bind::<diesel::sql_types::BigInt, _>(WRITER_LOCK)
                .execute(c);
            if locked.is_err() {
                let _ = AnsiTransactionManager::rollback_transaction(c);
            }
            locked.map(drop)
        }
    }
}
