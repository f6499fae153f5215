//! What can go wrong with a database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::url::DatabaseUrl;

/// Why the store could not do what it was asked for. No variant holds a password.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A reading command was given a SQLite file that does not exist.
    #[error("there is no database at '{0}'; check --db and PRC_DATABASE_URL, or create it with `prc-etl import`")]
    Missing(String),
    /// The database cannot be opened.
    #[error("cannot open the database {database}: {reason}")]
    Open {
        /// The database, without password.
        database: String,
        /// What the database or the system said.
        reason: String,
    },
    /// The database was written by a newer program.
    #[error(
        "the database {database} has schema {found}, but this program knows schemas up to {known} only; use a newer prc-etl"
    )]
    Newer {
        /// The database, without password.
        database: String,
        /// Its newest migration.
        found: String,
        /// The newest migration of the program.
        known: String,
    },
    /// The database must be migrated first.
    #[error("the database {database} has schema {found}, this program needs {known}; run `prc-etl db migrate`")]
    Outdated {
        /// The database, without password.
        database: String,
        /// Its newest migration.
        found: String,
        /// The newest migration of the program.
        known: String,
    },
    /// The database holds no tables.
    #[error("the database {0} is empty; load something with `prc-etl import`, or prepare it with `prc-etl db migrate`")]
    Empty(String),
    /// The database belongs to another program.
    #[error("the database {database} is not one of prc-etl: it holds other tables ({tables})")]
    Foreign {
        /// The database, without password.
        database: String,
        /// Some of its tables.
        tables: String,
    },
    /// A statement failed.
    #[error("the database {database} failed to {operation}: {reason}")]
    Database {
        /// The database, without password.
        database: String,
        /// What was being done, as an infinitive.
        operation: &'static str,
        /// What the database said.
        reason: String,
    },
    /// No import has this number.
    #[error("there is no import {0}; `prc-etl show imports` lists them")]
    NoSuchImport(i64),
    /// The import was taken back before.
    #[error("import {0} is already undone")]
    AlreadyUndone(i64),
    /// The import was taken back while it ran.
    #[error("import {0} was undone or finished while it was running; nothing more was loaded")]
    NotRunning(i64),
}

impl StoreError {
    /// An error of diesel, told without secrets.
    pub(super) fn database(url: &DatabaseUrl, operation: &'static str, error: &DieselError) -> Self {
        Self::Database { database: url.to_string(), operation, reason: with_way_out(url.scrub(&error.to_string())) }
    }
}

/// What libpq or the database said, with the way out where it is known. A server of another language goes without.
pub(super) fn with_way_out(reason: String) -> String {
    let way_out = if reason.contains("SSL support is not compiled in") {
        "build prc-etl with `--features pg-tls` for encrypted connections"
    } else if reason.contains("FATAL:  database \"") && reason.trim_end().ends_with("does not exist") {
        "check --db and PRC_DATABASE_URL, or create it with `createdb --encoding UTF8 NAME`"
    } else if reason.contains("permission denied for schema") {
        "since PostgreSQL 15 only the owner of a database may make tables in it: `ALTER DATABASE NAME OWNER TO USER`"
    } else {
        return reason;
    };
    format!("{}; {way_out}", reason.trim_end())
}

/// Whether a failure lies in the rows themselves, so that other rows may still go in. Everything else (a lost connection, a full
/// disk, a lock that was not granted, a missing right) would hit the next source as well and ends the import.
pub(super) fn is_fault_of_the_rows(error: &DieselError) -> bool {
    matches!(
        error,
        DieselError::SerializationError(_)
            | DieselError::DatabaseError(
                DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::NotNullViolation
                    | DatabaseErrorKind::CheckViolation
                    | DatabaseErrorKind::RestrictViolation
                    | DatabaseErrorKind::ExclusionViolation,
                _
            )
    )
}

/// Whether another writer got in the way, so that the same transaction may succeed when it is repeated.
///
/// diesel gives no SQLSTATE for 40P01; its message is in the language of the server, so the English and the code are looked for.
pub(super) fn is_conflict(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, information) => {
            information.message().contains("deadlock detected") || information.message().contains("40P01")
        }
        _ => false,
    }
}
