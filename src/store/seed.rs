//! The database of the predecessor, `perfevents-result-collector` 1.1: read, never written.
//!
//! Its eight tables are read in one transaction, so that they belong together whatever its other users do meanwhile. Columns are cast
//! to the widest type of their kind, so that a database whose owner widened one is read as well.

mod rows;

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use super::connect::connect_foreign;
use super::error::StoreError;
use super::url::DatabaseUrl;
pub use rows::{SeedEnvironment, SeedEvent, SeedExperiment, SeedName, SeedResult, SeedTables};

/// The tables and their columns, as `sql/create_tables.sql` makes them.
const TABLES: [(&str, &[&str]); 8] = [
    ("experiments", &["exp_id", "name", "cmd", "description", "systemwide"]),
    ("tools", &["tool_id", "name", "version"]),
    ("virt", &["virt_id", "name"]),
    ("vendors", &["vendor_id", "name"]),
    ("kernels", &["kernel_id", "name"]),
    ("environments", &["env_id", "arch", "microarch", "vendor_id", "family", "model", "stepping", "virt_id", "kernel_id"]),
    ("events", &["event_id", "name", "evt_num", "nmask", "idgroup"]),
    ("results", &["rsl_id", "exp_id", "tool_id", "env_id", "event_id", "val", "reliability_manual", "reliability_auto"]),
];

/// Oldest server that can say which one it is (9.6).
const OLDEST_SERVER: i32 = 90_600;

/// Rows of `results` that are fetched at once.
const PAGE: usize = 10_000;

/// Why a database of the predecessor cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The URL names no server.
    #[error("the old collector kept its results in PostgreSQL; '{0}' is a file. Give postgres://USER@HOST/NAME")]
    NotPostgres(String),
    /// Tables or columns of the predecessor are not there.
    #[error(
        "{database} is no database of the old collector: it lacks {lacks}; check the name after the last '/' of the URL{hint}"
    )]
    NotSeed {
        /// The database, without password.
        database: String,
        /// What is missing.
        lacks: String,
        /// More on where the tables may be.
        hint: &'static str,
    },
    /// The server cannot tell its identity, by which a second import knows the first.
    #[error("the server of {0} is older than PostgreSQL 9.6; restore a dump of the database (pg_dump) into a newer server")]
    OldServer(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Identity {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    server: String,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Integer)]
    number: i32,
}

/// An open database of the predecessor.
pub struct SeedDatabase {
    connection: PgConnection,
    url: DatabaseUrl,
    identity: Identity,
}

impl SeedDatabase {
    /// Opens it, looks whether it is one, and holds on to its present state.
    pub fn open(url: &DatabaseUrl) -> Result<Self, SeedError> {
        let connection = connect_foreign(url).ok_or_else(|| SeedError::NotPostgres(url.to_string()))??;
        let identity = Identity { name: String::new(), server: String::new() };
        let mut seed = Self { connection, url: url.clone(), identity };
        seed.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "begin to read")?;
        seed.recognise()?;
        let version: Version =
            seed.one("SELECT CAST(current_setting('server_version_num') AS INTEGER) AS number", "say its version")?;
        if version.number < OLDEST_SERVER {
            return Err(SeedError::OldServer(url.to_string()));
        }
        let who = "SELECT CAST(current_database() AS TEXT) AS name, CAST(system_identifier AS TEXT) AS server FROM pg_control_system()";
        seed.identity = seed.one(who, "say which server it is")?;
        Ok(seed)
    }

    /// The database, without password.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Its name on its server.
    pub fn name(&self) -> &str {
        &self.identity.name
    }

    /// The number that its server got when it was made (`system_identifier`): the same under every name of the host.
    pub fn server(&self) -> &str {
        &self.identity.server
    }

    /// Everything but the results.
    pub fn tables(&mut self) -> Result<SeedTables, SeedError> {
        let named = |table: &str, id: &str, version: &str| {
            format!(
                "SELECT CAST({id} AS BIGINT) AS id, COALESCE(CAST(name AS TEXT), '') AS name, CAST({version} AS TEXT) AS version FROM {table} ORDER BY 1"
            )
        };
        Ok(SeedTables {
            experiments: self.load(
                "SELECT CAST(exp_id AS BIGINT) AS id, CAST(name AS TEXT) AS name, CAST(cmd AS TEXT) AS command, \
                 CAST(description AS TEXT) AS description, COALESCE(systemwide, FALSE) AS system_wide FROM experiments ORDER BY 1",
            )?,
            tools: self.load(&named("tools", "tool_id", "version"))?,
            virt: self.load(&named("virt", "virt_id", "NULL"))?,
            vendors: self.load(&named("vendors", "vendor_id", "NULL"))?,
            kernels: self.load(&named("kernels", "kernel_id", "NULL"))?,
            environments: self.load(
                "SELECT CAST(e.env_id AS BIGINT) AS id, CAST(e.arch AS TEXT) AS arch, NULLIF(CAST(e.microarch AS TEXT), '') AS microarch, \
                 NULLIF(CAST(n.name AS TEXT), '') AS vendor, CAST(e.family AS INTEGER) AS family, CAST(e.model AS INTEGER) AS model, \
                 CAST(e.stepping AS INTEGER) AS stepping, NULLIF(CAST(v.name AS TEXT), '') AS virt, NULLIF(CAST(k.name AS TEXT), '') AS kernel \
                 FROM environments e LEFT JOIN vendors n ON n.vendor_id = e.vendor_id LEFT JOIN virt v ON v.virt_id = e.virt_id \
                 LEFT JOIN kernels k ON k.kernel_id = e.kernel_id ORDER BY 1",
            )?,
            events: self.load(
                "SELECT CAST(event_id AS BIGINT) AS id, CAST(name AS TEXT) AS name, CAST(evt_num AS BIGINT) AS number, \
                 CAST(nmask AS BIGINT) AS mask, CAST(idgroup AS BIGINT) AS \"group\" FROM events ORDER BY 1",
            )?,
        })
    }

    /// Gives the results to `take`, in the order of their ids, some thousands at once.
    pub fn each_page<E: From<SeedError>>(&mut self, mut take: impl FnMut(Vec<SeedResult>) -> Result<(), E>) -> Result<(), E> {
        self.execute(
            "DECLARE seed_results NO SCROLL CURSOR FOR SELECT CAST(rsl_id AS BIGINT) AS id, CAST(exp_id AS BIGINT) AS experiment, \
             CAST(tool_id AS BIGINT) AS tool, CAST(env_id AS BIGINT) AS environment, CAST(event_id AS BIGINT) AS event, \
             CAST(val AS DOUBLE PRECISION) AS value, CAST(reliability_manual AS DOUBLE PRECISION) AS reliability_manual, \
             CAST(reliability_auto AS DOUBLE PRECISION) AS reliability_auto, \
             ROW_NUMBER() OVER (PARTITION BY exp_id, tool_id, env_id, event_id, val ORDER BY rsl_id) - 1 AS equal_before \
             FROM results ORDER BY 1",
            "list its results",
        )?;
        loop {
            let page: Vec<SeedResult> = self.load(&format!("FETCH FORWARD {PAGE} FROM seed_results"))?;
            if page.is_empty() {
                return Ok(());
            }
            take(page)?;
        }
    }

    /// Whether all tables are there with all columns.
    fn recognise(&mut self) -> Result<(), SeedError> {
        let columns: Vec<Column> = self.load(
            "SELECT CAST(table_name AS TEXT) AS relation, CAST(column_name AS TEXT) AS name FROM information_schema.columns \
             WHERE table_schema = ANY (current_schemas(FALSE))",
        )?;
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for column in &columns {
            found.entry(&column.relation).or_default().insert(&column.name);
        }
        let lacks: Vec<String> = TABLES.iter().filter_map(|(table, columns)| lack(table, columns, found.get(table))).collect();
        if lacks.is_empty() {
            return Ok(());
        }
        let hint = if found.contains_key("__diesel_schema_migrations") {
            " (this one belongs to prc-etl)"
        } else if found.is_empty() {
            " (no table of this one can be seen by its user)"
        } else {
            ""
        };
        Err(SeedError::NotSeed { database: self.url.to_string(), lacks: lacks.join(", "), hint })
    }

    fn execute(&mut self, statement: &str, operation: &'static str) -> Result<(), SeedError> {
        let done = self.connection.batch_execute(statement);
        Ok(done.map_err(|error| StoreError::database(&self.url, operation, &error))?)
    }

    fn load<T>(&mut self, query: &str) -> Result<Vec<T>, SeedError>
    where
        T: diesel::deserialize::QueryableByName<diesel::pg::Pg> + 'static,
    {
        let rows = diesel::sql_query(query).load(&mut self.connection);
        Ok(rows.map_err(|error| StoreError::database(&self.url, "list the rows of its tables", &error))?)
    }

    fn one<T>(&mut self, query: &str, operation: &'static str) -> Result<T, SeedError>
    where
        T: diesel::deserialize::QueryableByName<diesel::pg::Pg> + 'static,
    {
        let row = diesel::sql_query(query).get_result(&mut self.connection);
        Ok(row.map_err(|error| StoreError::database(&self.url, operation, &error))?)
    }
}

/// What of a table is missing.
fn lack(table: &str, columns: &[&str], found: Option<&BTreeSet<&str>>) -> Option<String> {
    let Some(found) = found else { return Some(format!("table {table}")) };
    let missing: Vec<&str> = columns.iter().copied().filter(|column| !found.contains(column)).collect();
    (!missing.is_empty()).then(|| format!("column {} of {table}", missing.join(", ")))
}
