//! The schema: which one a database has, and how it gets the one of this program.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::any::{self, Db, on_backend};
use super::connect::Access;
use super::error::StoreError;
use super::keys;
use super::url::DatabaseUrl;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The views of both databases.
const VIEWS: &str = include_str!("../../migrations/views.sql");

/// Table in which diesel records the migrations that were applied.
const RECORD: &str = "__diesel_schema_migrations";

/// How the schema of a database stands to that of the program.
enum State {
    /// No table at all.
    Empty,
    /// Older; holds the newest migration of the database.
    Outdated(String),
    /// The same.
    Current,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Leaves the database with the schema of the program, or says why it has not.
pub(super) fn prepare(db: &mut Db, url: &DatabaseUrl, access: Access) -> Result<(), StoreError> {
    match (state(db, url)?, access, &*db) {
        (State::Current, Access::Read, _) => Ok(()),
        (State::Current, Access::Existing | Access::Write, _) => {
            keys::restore(db).map_err(|error| fail_to_make_keys(url, &error))
        }
        (State::Empty, Access::Read | Access::Existing, _) => Err(StoreError::Empty(url.to_string())),
        (State::Outdated(found), Access::Read | Access::Existing, _)
        | (State::Outdated(found), Access::Write, Db::Postgres(_)) => {
            Err(StoreError::Outdated { database: url.to_string(), found, known: newest_known(db) })
        }
        (State::Empty | State::Outdated(_), Access::Write, _) => migrate(db, url).map(drop),
    }
}

fn fail_to_make_keys(url: &DatabaseUrl, error: &diesel::result::Error) -> StoreError {
    StoreError::database(url, "make the keys of results", error)
}

/// Applies what is missing and returns the versions of what was applied. Of several at once, one does the work.
pub(super) fn migrate(db: &mut Db, url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    state(db, url)?;
    // Migrations expect the schema that those before them have left.
    keys::restore(db).map_err(|error| fail_to_make_keys(url, &error))?;
    any::write(db, |db| apply(db).map_err(diesel::result::Error::QueryBuilderError))
        .map_err(|error| StoreError::database(url, "migrate", &error))
}

/// The views go first and come back last: none of them is in the way of a migration, and each is written once.
fn apply(db: &mut Db) -> diesel::migration::Result<Vec<String>> {
    let pending = match db {
        Db::Postgres(c) => c.has_pending_migration(POSTGRES)?,
        Db::Sqlite(c) => c.has_pending_migration(SQLITE)?,
    };
    if !pending {
        return Ok(Vec::new());
    }
    // Those that depend on others are made, and so dropped, after them.
    for view in view_names().collect::<Vec<_>>().into_iter().rev() {
        on_backend!(db, c => c.batch_execute(&format!("DROP VIEW IF EXISTS {view}"))).map_err(with_details)?;
    }
    let applied: Vec<String> = match db {
        Db::Postgres(c) => c.run_pending_migrations(POSTGRES)?.iter().map(ToString::to_string).collect(),
        Db::Sqlite(c) => {
            // A table that is made anew goes by another name meanwhile. SQLite would look into every view of the database for the name,
            // and fail at views that users made of ours, which are not there just now.
            c.batch_execute("PRAGMA legacy_alter_table = ON")?;
            let applied = c.run_pending_migrations(SQLITE)?.iter().map(ToString::to_string).collect();
            c.batch_execute("PRAGMA legacy_alter_table = OFF")?;
            applied
        }
    };
    match db {
        Db::Postgres(c) => c.batch_execute(VIEWS)?,
        Db::Sqlite(c) => c.batch_execute(&VIEWS.replace("to_hex(", "printf('%x', "))?,
    }
    Ok(applied)
}

/// The message of PostgreSQL says that something depends on a view, only the details say what.
fn with_details(error: diesel::result::Error) -> Box<dyn std::error::Error + Send + Sync> {
    match &error {
        diesel::result::Error::DatabaseError(_, found) if found.details().is_some() => {
            format!("{error} ({})", found.details().unwrap_or_default()).into()
        }
        _ => error.into(),
    }
}

/// Names of the views, in the order in which they are made.
fn view_names() -> impl Iterator<Item = &'static str> {
    VIEWS.lines().filter_map(|line| line.strip_prefix("CREATE VIEW ")?.split(' ').next())
}

/// The version of the newest migration of the program.
pub(super) fn newest_known(db: &Db) -> String {
    known(db).pop().unwrap_or_default()
}

fn known(db: &Db) -> Vec<String> {
    let versions: diesel::migration::Result<Vec<String>> = match db {
        Db::Postgres(_) => MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES)
            .map(|all| all.iter().map(|migration| migration.name().version().to_string()).collect()),
        Db::Sqlite(_) => MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE)
            .map(|all| all.iter().map(|migration| migration.name().version().to_string()).collect()),
    };
    let mut versions = versions.expect("the migrations are part of the program");
    versions.sort();
    versions
}

fn state(db: &mut Db, url: &DatabaseUrl) -> Result<State, StoreError> {
    let fail = |error| StoreError::database(url, "say which schema it has", &error);
    let mut tables = tables(db).map_err(fail)?;
    let recorded = tables.iter().any(|table| table == RECORD);
    tables.retain(|table| table != RECORD);
    let applied = if recorded { applied(db).map_err(fail)? } else { Vec::new() };
    let known = known(db);
    match (applied.first(), applied.last(), known.last()) {
        (None, ..) if tables.is_empty() => Ok(State::Empty),
        (Some(first), Some(found), Some(newest)) if known.contains(first) => {
            if let Some(unknown) = applied.iter().rfind(|version| !known.contains(version)) {
                let (database, found) = (url.to_string(), unknown.clone());
                return Err(StoreError::Newer { database, found, known: newest.clone() });
            }
            Ok(if applied.len() < known.len() { State::Outdated(found.clone()) } else { State::Current })
        }
        _ => {
            tables.truncate(3);
            Err(StoreError::Foreign { database: url.to_string(), tables: tables.join(", ") })
        }
    }
}

/// Names of the tables and views that a new table could collide with, in order: whoever may see into them, and none of an extension.
fn tables(db: &mut Db) -> QueryResult<Vec<String>> {
    let text = match db {
        Db::Postgres(_) => {
            "SELECT CAST(relname AS TEXT) AS name FROM pg_class c \
             WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm') \
             AND NOT EXISTS (SELECT 1 FROM pg_depend d \
                             WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') \
             ORDER BY relname"
        }
        Db::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name"
        }
    };
    names(db, text)
}

/// Versions of the migrations that the database records, oldest first.
pub(super) fn applied(db: &mut Db) -> QueryResult<Vec<String>> {
    names(db, "SELECT CAST(version AS TEXT) AS name FROM __diesel_schema_migrations ORDER BY version")
}

fn names(db: &mut Db, text: &str) -> QueryResult<Vec<String>> {
    let rows: Vec<Name> = on_backend!(db, c => diesel::sql_query(text).load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
