//! How large a database is.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::any::{Db, on_backend};
use super::error::StoreError;
use super::{Store, migrate};

/// Facts on a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// The database, without password.
    pub database: String,
    /// `SQLite` or `PostgreSQL`.
    pub back_end: &'static str,
    /// Version of the newest migration.
    pub schema: String,
    /// Size of the data; of a SQLite file without its write-ahead log.
    pub bytes: i64,
    /// Rows of each table.
    pub rows: Vec<(&'static str, i64)>,
}

/// Every table of ours.
pub(super) const TABLES: [&str; 27] = [
    "imports",
    "sources",
    "runs",
    "results",
    "entries",
    "supports",
    "rejects",
    "spellings",
    "forms",
    "scopes",
    "experiments",
    "tools",
    "hosts",
    "environments",
    "origins",
    "roots",
    "parsers",
    "profile_names",
    "sightings",
    "events",
    "bindings",
    "name_sets",
    "names",
    "cpus",
    "verdicts",
    "judgements",
    "judged",
];

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Store {
    /// Counts everything.
    pub fn info(&mut self) -> Result<Info, StoreError> {
        let (back_end, size) = match &self.db {
            Db::Sqlite(_) => ("SQLite", "SELECT page_count * page_size AS number FROM pragma_page_count(), pragma_page_size()"),
            Db::Postgres(_) => ("PostgreSQL", "SELECT pg_database_size(current_database()) AS number"),
        };
        let gather = |db: &mut Db| -> QueryResult<Info> {
            let schema = migrate::applied(db)?.pop().unwrap_or_default();
            let bytes = number(db, size)?;
            let count = |table| Ok((table, number(db, &format!("SELECT COUNT(*) AS number FROM {table}"))?));
            let rows = TABLES.into_iter().map(count).collect::<QueryResult<_>>()?;
            Ok(Info { database: self.url.to_string(), back_end, schema, bytes, rows })
        };
        gather(&mut self.db).map_err(|error| StoreError::database(&self.url, "count its rows", &error))
    }
}

fn number(db: &mut Db, text: &str) -> QueryResult<i64> {
    let row: Number = on_backend!(db, c => diesel::sql_query(text).get_result(c))?;
    Ok(row.number)
}
