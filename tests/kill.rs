//! An import that is killed at any moment and run again ends with the content of an undisturbed one.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::LoadConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

mod support;

use support::Db;

/// Eight of the transactions that an import makes.
const FILES: usize = 4_000;
const TRIALS: usize = 10;

/// One `perf stat` text, with numbers that no other file has.
fn capture(number: usize) -> String {
    let mut text = format!("\n Performance counter stats for './load.sh {}':\n\n", number % 7);
    for (event, scale) in [("context-switches", 3), ("page-faults", 146), ("cycles", 1_000_003), ("instructions", 2_000_081)] {
        writeln!(text, "{:>18}      {event}", number * scale + 1).expect("writing to a string");
    }
    text.push_str("     <not supported>      branches\n\n       0.004956689 seconds time elapsed\n\n");
    text
}

/// A tree of results, one of fifty with a row that has to be rejected: no event has a name of 2,000 bytes.
fn make_tree(root: &Path) {
    for number in 0..FILES {
        let folder = root.join(format!("host{}/day{:02}", number % 3, number % 31));
        fs::create_dir_all(&folder).expect("a temporary folder");
        let mut text = capture(number);
        if number % 50 == 0 {
            text =
                text.replace("     <not supported>      branches", &format!("                 5      {}", "x".repeat(2_000)));
        }
        fs::write(folder.join(format!("perf.{number}")), text).expect("a temporary file");
    }
}

fn command(db: &Db, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
    command.args(arguments).args(["--db", &db.text]).stdin(Stdio::null());
    command
}

fn start_import(db: &Db, tree: &Path) -> Child {
    let path = tree.to_str().expect("a plain name");
    command(db, &["import", path]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program was built")
}

/// Imports to the end. The exit status is 1 because of rejected rows, or 0 when the killed import had already loaded all of these.
fn import(db: &Db, tree: &Path) {
    let status = start_import(db, tree).wait().expect("a child");
    assert!(matches!(status.code(), Some(0 | 1)), "{}: {status}", db.name);
}

fn success(mut command: Command) -> Output {
    let output = command.output().expect("the program was built");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Everything that the database holds: the listings name no identities, and neither who loaded a source nor when.
fn dump(db: &Db) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for listing in ["sources", "runs", "results", "rejects"] {
        let output = success(command(db, &["show", listing, "--format", "csv"]));
        let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
        let before = rows.len();
        for record in reader.records() {
            let record = record.expect("a row");
            rows.push([listing].into_iter().chain(record.iter()).map(str::to_owned).collect());
        }
        assert!(rows.len() > before, "{}: no {listing}", db.name);
    }
    rows.sort();
    rows
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Rows of the ledger; 0 while there is none.
fn ledger<C>(connection: &mut C) -> usize
where
    C: LoadConnection,
    Count: diesel::deserialize::QueryableByName<C::Backend>,
    for<'a> diesel::query_builder::SqlQuery: diesel::query_dsl::LoadQuery<'a, C, Count>,
{
    let counted = diesel::sql_query("SELECT COUNT(*) AS number FROM sources").get_result::<Count>(connection);
    counted.map_or(0, |count| usize::try_from(count.number).expect("a count"))
}

/// Reads the ledger past the store, through one connection that waits for the database to appear.
fn ledger_reader(db: &Db) -> Box<dyn FnMut() -> usize> {
    if db.url.sqlite_path().is_none() {
        let mut connection = support::postgres::connect(&db.text);
        return Box::new(move || ledger(&mut connection));
    }
    let path = db.text.clone();
    let mut connection = None;
    Box::new(move || {
        if !Path::new(&path).exists() {
            return 0;
        }
        ledger(connection.get_or_insert_with(|| support::sqlite(&path)))
    })
}

/// Kills an import some time after the ledger holds `target` sources; how many it holds then.
///
/// The delay spreads the kills over the whole of a transaction: without it all would follow a commit.
fn kill_at(db: &Db, tree: &Path, target: usize, delay: Duration) -> usize {
    let mut child = start_import(db, tree);
    let mut held = ledger_reader(db);
    let deadline = Instant::now() + Duration::from_mins(2);
    while held() < target && child.try_wait().expect("a child").is_none() {
        assert!(Instant::now() < deadline, "{}: the import hangs", db.name);
        sleep(Duration::from_millis(1));
    }
    sleep(delay);
    child.kill().expect("the child is ours");
    child.wait().expect("a child");
    held()
}

fn survives_kills(fresh: impl Fn() -> Db) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    make_tree(folder.path());
    let undisturbed = fresh();
    import(&undisturbed, folder.path());
    let expected = dump(&undisturbed);
    let mut held = Vec::new();
    for trial in 0..TRIALS {
        let db = fresh();
        let delay = Duration::from_millis(11 * trial as u64);
        held.push(kill_at(&db, folder.path(), trial * FILES / TRIALS + 1, delay));
        success(command(&db, &["db", "check"]));
        import(&db, folder.path());
        success(command(&db, &["db", "check"]));
        let found = dump(&db);
        let unlike = expected.iter().zip(&found).find(|(expected, found)| expected != found);
        assert_eq!(unlike, None, "{}, killed with {} sources in the ledger", db.name, held[trial]);
        assert_eq!(found.len(), expected.len(), "{}, killed with {} sources in the ledger", db.name, held[trial]);
    }
    let midway = held.iter().filter(|held| (1..FILES).contains(*held)).count();
    #[expect(clippy::print_stderr, reason = "how much the test has tried is part of its result")]
    {
        eprintln!("{}: {midway} of {TRIALS} kills hit midway; sources in the ledger: {held:?}", undisturbed.name);
    }
    assert!(midway * 2 >= TRIALS, "only {midway} of {TRIALS} kills hit midway: {held:?}");
}

#[test]
fn a_killed_import_into_sqlite_is_completed_by_the_next() {
    survives_kills(Db::sqlite);
}

#[test]
fn a_killed_import_into_postgresql_is_completed_by_the_next() {
    if Db::postgres().is_some() {
        survives_kills(|| Db::postgres().expect("the server was there before"));
    }
}
