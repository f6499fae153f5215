//! One connection type over both back ends, and transactions on it.

#![expect(
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "the derive writes an `establish`, which nobody calls, and wants its type public"
)]

use diesel::connection::{AnsiTransactionManager, TransactionManager};
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

/// When a transaction is on the disk of a PostgreSQL server; SQLite's is what `PRAGMA synchronous` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durable {
    /// Before it is reported as committed.
    AtOnce,
    /// Within a second, and before the next that is durable at once is reported. It is whole or not there, whatever happens.
    WithTheNext,
}

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
    transaction(db, Durable::AtOnce, work)
}

/// The same for one of many transactions of a piece of work, of which the last one that is reported is one of [`write()`]: nobody waits for the
/// disk in between. It asks for rows by their keys.
pub(super) fn write_on<T, E: From<diesel::result::Error>>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    transaction(db, Durable::WithTheNext, work)
}

fn transaction<T, E: From<diesel::result::Error>>(
    db: &mut Db,
    durable: Durable,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    begin(db, durable)?;
    match work(db) {
        Ok(value) => {
            on_backend!(db, c => AnsiTransactionManager::commit_transaction(c))?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to report; a failed rollback means that the connection is gone, and with it the rows.
            let _ = on_backend!(db, c => AnsiTransactionManager::rollback_transaction(c));
            Err(error)
        }
    }
}

fn begin(db: &mut Db, durable: Durable) -> QueryResult<()> {
    match db {
        // A deferred transaction that reads first and writes later fails at once when another writer committed in between.
        Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Db::Postgres(c) => {
            let text = match durable {
                Durable::AtOnce => "BEGIN ISOLATION LEVEL READ COMMITTED",
                Durable::WithTheNext => {
                    &format!("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off; {BY_KEYS}")
                }
            };
            AnsiTransactionManager::begin_transaction_sql(c, text)?;
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
