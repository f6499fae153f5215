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

/// Runs `work` in a transaction that no other writer can interleave with. Nothing is kept when it fails.
pub(super) fn write<T, E: From<diesel::result::Error>>(
    db: &mut Db,
    work: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    transaction(db, Durable::AtOnce, work)
}

/// The same for one of many transactions of a piece of work, of which the last one that is reported is one of [`write()`]: nobody waits for the
/// disk in between.
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
                Durable::WithTheNext => "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off",
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
