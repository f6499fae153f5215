//! Opens databases: the back end by URL, nothing created by mistake, the session set up.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::any::Db;
use super::error::{StoreError, with_way_out};
use super::url::{DatabaseUrl, PostgresUrl, Target};

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading: the database must exist.
    Read,
    /// Changing what is there: the database must exist.
    Existing,
    /// Writing: a SQLite file is created when there is none, and an empty database is prepared.
    Write,
}

/// How long to wait for another writer before giving up.
const WAIT: Duration = Duration::from_mins(1);

/// SQLite's page cache in KiB; the memory of an import beyond it does not grow with the tree.
const SQLITE_CACHE_KIB: u32 = 64 * 1024;

/// Pages in the write-ahead log before the writer writes it back (128 MiB): a load changes the same pages of its indexes again and again,
/// and each write-back waits for the disk. Of a long load most is written back meanwhile ([`super::checkpoint`]).
const WAL_PAGES: &str = "PRAGMA wal_autocheckpoint = 32768";

/// Opens a connection without looking at the schema.
pub(super) fn connect(url: &DatabaseUrl, access: Access) -> Result<Db, StoreError> {
    let fail = |reason: &str| StoreError::Open { database: url.to_string(), reason: url.scrub(reason) };
    match &url.0 {
        Target::Sqlite(path) => {
            prepare_file(path, access).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound if access != Access::Write => StoreError::Missing(path.display().to_string()),
                _ => fail(&error.to_string()),
            })?;
            open_sqlite(path, access).map(Db::Sqlite).map_err(|reason| fail(&with_cause(path, access, reason)))
        }
        Target::Postgres(postgres) => open_postgres(postgres).map(Db::Postgres).map_err(|reason| fail(&with_way_out(reason))),
    }
}

/// Makes sure that SQLite finds a file: it would create one for a mistyped name, readable for everybody.
fn prepare_file(path: &Path, access: Access) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(io::Error::other("it is a directory")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && access == Access::Write => create_private(path),
        Err(error) => Err(error),
    }
}

fn create_private(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        fs::create_dir_all(directory)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn open_sqlite(path: &Path, access: Access) -> Result<SqliteConnection, String> {
    let mut connection = plain_sqlite(path)?;
    let cache = format!("PRAGMA cache_size = -{SQLITE_CACHE_KIB}");
    let wait = format!("PRAGMA busy_timeout = {}", WAIT.as_millis());
    for pragma in [&wait, "PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY", &cache] {
        connection.batch_execute(pragma).map_err(|error| error.to_string())?;
    }
    match access {
        Access::Read => connection.batch_execute("PRAGMA query_only = ON").map_err(|error| error.to_string())?,
        Access::Existing | Access::Write => {
            switch_to_wal(&mut connection).map_err(|error| error.to_string())?;
            for pragma in ["PRAGMA synchronous = NORMAL", WAL_PAGES] {
                connection.batch_execute(pragma).map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(connection)
}

/// A connection that nothing is set up for, as it does beside the one that writes.
#[expect(clippy::disallowed_methods, reason = "the one place that opens SQLite files")]
pub(super) fn plain_sqlite(path: &Path) -> Result<SqliteConnection, String> {
    let uri = sqlite_uri(path).ok_or("its name is not valid UTF-8")?;
    SqliteConnection::establish(&uri).map_err(|error| error.to_string())
}

/// The file as a URI, so that names like `:memory:` or `a?b` are files like all others.
fn sqlite_uri(path: &Path) -> Option<String> {
    let absolute = std::path::absolute(path).ok()?;
    let mut uri = "file://".to_owned();
    for byte in absolute.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").ok()?;
        }
    }
    uri.push_str("?mode=rw");
    Some(uri)
}

/// The first switch of a new file needs the file alone, and `busy_timeout` does not cover it: eight first opens at once fail now and
/// then with "database is locked".
fn switch_to_wal(connection: &mut SqliteConnection) -> QueryResult<()> {
    let start = Instant::now();
    loop {
        match connection.batch_execute("PRAGMA journal_mode = WAL") {
            Err(error) if error.to_string().contains("locked") && start.elapsed() < WAIT => {
                std::thread::sleep(Duration::from_millis(20));
            }
            outcome => return outcome,
        }
    }
}

/// What SQLite said, with what the system says of the file: SQLite does not tell that.
fn with_cause(path: &Path, access: Access, reason: String) -> String {
    match OpenOptions::new().read(true).write(access != Access::Read).open(path) {
        Err(error) => format!("{reason}: {error}"),
        Ok(_) if reason.contains("readonly") => format!(
            "{reason}: SQLite writes beside the file even to read it, so its directory must be writable; the owner can make a copy for you \
             (`sqlite3 FILE \"VACUUM INTO 'copy.db'\"`)"
        ),
        Ok(_) => reason,
    }
}

fn open_postgres(url: &PostgresUrl) -> Result<PgConnection, String> {
    let mut connection = establish(url)?;
    connection.batch_execute(&format!("SET lock_timeout = {}", WAIT.as_millis())).map_err(|error| error.to_string())?;
    let encoding = diesel::select(diesel::dsl::sql::<Text>("current_setting('server_encoding')"))
        .get_result::<String>(&mut connection)
        .map_err(|error| error.to_string())?;
    if encoding != "UTF8" {
        return Err(format!("its encoding is {encoding}, which cannot hold every event name; create it with ENCODING 'UTF8'"));
    }
    Ok(connection)
}

#[expect(clippy::disallowed_methods, reason = "the one place that opens PostgreSQL connections")]
fn establish(url: &PostgresUrl) -> Result<PgConnection, String> {
    PgConnection::establish(&url.text).map_err(|error| error.to_string())
}

/// A connection to a database of another program, in whatever encoding; `None` when the URL names no PostgreSQL server.
pub(super) fn connect_foreign(url: &DatabaseUrl) -> Option<Result<PgConnection, StoreError>> {
    let Target::Postgres(postgres) = &url.0 else { return None };
    let opened = establish(postgres);
    Some(opened.map_err(|reason| StoreError::Open { database: url.to_string(), reason: url.scrub(&with_way_out(reason)) }))
}
