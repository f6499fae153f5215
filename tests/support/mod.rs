//! Databases and sources for the tests of the store.

#![expect(dead_code, unreachable_pub, reason = "each test binary uses its part of this")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a fixture that fails must fail the test, and say on which database"
)]

pub mod names;
pub mod postgres;
pub mod samples;

use std::ops::ControlFlow;

use diesel::RunQueryDsl;
use prc_etl::store::query::{RejectFilter, Selection};
use prc_etl::store::{Access, DatabaseUrl, Store};
use samples::ResultText;
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

    /// The results as the view shows them.
    pub fn view_of_results(&self) -> Vec<String> {
        let text = "SELECT run, ordinal, line, event, unit, kind, scope, status, value, count, flags, interval_ns, running_percent, \
                    metric_of FROM v_results";
        let rows: Vec<ResultText> = if self.url.sqlite_path().is_some() {
            diesel::sql_query(text).load(&mut sqlite(&self.text)).unwrap()
        } else {
            diesel::sql_query(text).load(&mut postgres::connect(&self.text)).unwrap()
        };
        rows.iter().map(samples::result_line).collect()
    }

    /// The one number that a query gives.
    pub fn number(&self, query: &str) -> i64 {
        let number = diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("({query})"));
        if self.url.sqlite_path().is_some() {
            diesel::select(number).get_result(&mut sqlite(&self.text)).unwrap()
        } else {
            diesel::select(number).get_result(&mut postgres::connect(&self.text)).unwrap()
        }
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

/// One text for each row, in the order of the listings, without ids.
pub fn dump(db: &Db) -> Vec<String> {
    let mut store = Store::open(&db.url, Access::Read).unwrap();
    let mut lines = Vec::new();
    let all = Selection::default();
    store
        .each_source(&all, |s| {
            let place = (&s.root, &s.path, &s.digest, s.bytes, s.modified_at);
            let reading = (&s.format, s.parser_version, &s.taken_for, &s.notes, &s.sides);
            let counts = (s.lines, s.result_lines, s.furniture_lines, s.foreign_lines, s.rejected_lines, s.runs, s.results);
            lines.push(format!("source {place:?} {reading:?} {counts:?}"));
            ControlFlow::Continue(())
        })
        .unwrap();
    store
        .each_run(&all, |r| {
            let place = (&r.path, &r.digest, r.run, r.line, &r.experiment, &r.tool, &r.tool_version, &r.host);
            let environment = (&r.arch, &r.vendor, r.family, r.model, r.stepping, &r.microarch, &r.kernel, &r.virt, &r.origins);
            let labels = (&r.labels, r.repetition);
            let times = (&r.command, &r.target, r.started_at, r.wall_seconds, r.user_seconds, r.sys_seconds, r.repeats);
            lines.push(format!("run {place:?} {environment:?} {labels:?} {times:?}"));
            ControlFlow::Continue(())
        })
        .unwrap();
    store
        .each_result(&all, |r| {
            lines.push(samples::result_line(&ResultText {
                run: r.run.run,
                ordinal: r.ordinal,
                line: r.line,
                event: r.spelling.text.clone(),
                unit: r.spelling.unit.clone(),
                kind: r.spelling.kind.as_str().to_owned(),
                scope: r.scope.map(|scope| scope.label.clone()),
                status: r.status.as_str().to_owned(),
                value: r.value,
                count: r.count,
                flags: r.flags.0,
                interval_ns: r.interval_ns,
                running_percent: r.running_percent,
                metric_of: r.metric_of,
            }));
            ControlFlow::Continue(())
        })
        .unwrap();
    store
        .each_reject(&RejectFilter::default(), |r| {
            lines.push(format!("reject {:?}", (&r.path, r.line, r.col, &r.kind, &r.reason, &r.text)));
            ControlFlow::Continue(())
        })
        .unwrap();
    lines
}

/// Versions of the migrations, oldest first, as diesel records them: the digits before the name of the folder.
pub fn migrations() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut versions: Vec<String> = names.map(|name| name.split('_').next().unwrap().replace('-', "")).collect();
    versions.sort();
    versions
}
