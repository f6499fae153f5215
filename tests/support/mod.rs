//! Databases and sources for the tests of the store.

#![expect(dead_code, unreachable_pub, reason = "each test binary uses its part of this")]

pub mod postgres;
pub mod samples;

use prc_etl::store::{Access, DatabaseUrl, Store};
use tempfile::TempDir;

/// A fresh, empty database, which is taken away with this value.
pub struct Db {
    pub name: &'static str,
    pub url: DatabaseUrl,
    /// The URL as text.
    pub text: String,
    _directory: Option<TempDir>,
    _fresh: Option<postgres::Fresh>,
}

impl Db {
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // Characters that would mean something in a URI.
        let path = directory.path().join("new directory").join("a?b%20c.db");
        let text = path.to_str().unwrap().to_owned();
        Self { name: "SQLite", url: DatabaseUrl::sqlite(path), text, _directory: Some(directory), _fresh: None }
    }

    pub fn postgres() -> Option<Self> {
        let fresh = postgres::fresh_database()?;
        let (url, text) = (fresh.url.parse().unwrap(), fresh.url.clone());
        Some(Self { name: "PostgreSQL", url, text, _directory: None, _fresh: Some(fresh) })
    }

    pub fn open(&self) -> Store {
        Store::open(&self.url, Access::Write).unwrap()
    }

    /// Runs statements past the store.
    pub fn execute(&self, statements: &str) {
        use diesel::connection::SimpleConnection;
        if self.url.sqlite_path().is_some() {
            sqlite(&self.text).batch_execute(statements).unwrap();
        } else {
            postgres::connect(&self.text).batch_execute(statements).unwrap();
        }
    }
}

/// A plain connection, past the store.
#[expect(clippy::disallowed_methods, reason = "tests look at the database past the store")]
pub fn sqlite(path: &str) -> diesel::SqliteConnection {
    let uri = format!("file:{}", path.replace('%', "%25").replace('?', "%3f"));
    diesel::Connection::establish(&uri).unwrap()
}

/// Runs a test on both databases.
pub fn on_both(test: impl Fn(&Db)) {
    let sqlite = Db::sqlite();
    eprintln!("on {}", sqlite.name);
    test(&sqlite);
    if let Some(postgres) = Db::postgres() {
        eprintln!("on {}", postgres.name);
        test(&postgres);
    }
}
