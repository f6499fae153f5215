//! Imports that are kept whole or not at all (`--atomic`): whatever ends them early leaves the database as it was.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use prc_etl::model::Parsed;
use prc_etl::store::{ImportHeader, ImportId, ImportStatus, Store, Verdict};

mod support;
#[path = "support/tree.rs"]
#[expect(dead_code, reason = "the imports here name their own databases")]
mod tree;

use support::samples::{source, storable, unreadable};
use support::{Db, dump, on_both};
use tree::{Output, Tree};

/// Some of the transactions that an import makes.
const FILES: usize = 1_500;

fn begin(store: &mut Store) -> ImportId {
    store.begin_import(&ImportHeader { program_version: "0.1.0".to_owned(), arguments: String::new() }).unwrap()
}

fn load(db: &Db, batch: &[Parsed]) {
    let mut store = db.open();
    let import = begin(&mut store);
    store.load(import, &storable(batch)).unwrap();
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
}

/// Everything that an import can do to a database in which x and y stand, in three batches: y is replaced in one of its own, the second
/// holds a source that the database refuses.
fn load_held(db: &Db) -> (Store, ImportId) {
    let mut poisoned = source("/data", "v", 5);
    poisoned.report.tally.lines += 1;
    let mut store = db.open();
    let import = begin(&mut store);
    store.hold_import().unwrap();
    let first = store.load(import, &storable(&[source("/data", "x", 3)])).unwrap();
    let second = store.load(import, &storable(&[poisoned, source("/data", "w", 6)])).unwrap();
    let third = store.load(import, &storable(&[source("/data", "y", 4), unreadable("/data", "z")])).unwrap();
    assert_eq!((&first[0], &third[0]), (&Verdict::Replaced, &Verdict::Replaced));
    assert!(matches!(&second[..], [Verdict::Rejected(_), Verdict::Loaded { .. }]), "{second:?}");
    (store, import)
}

#[test]
fn an_import_that_is_held_is_seen_when_it_is_done_and_not_before() {
    on_both(|db| {
        load(db, &[source("/data", "x", 1), source("/data", "y", 2)]);
        let before = dump(db);
        let (mut store, import) = load_held(db);
        assert_eq!(dump(db), before, "nobody sees what is not decided yet");
        store.finish_import(import, ImportStatus::Done, "{}").unwrap();
        let after: Vec<String> = dump(db).into_iter().filter(|line| line.starts_with("source")).collect();
        assert_eq!(after.len(), 3, "w, x and y: {after:?}");
        assert_eq!(
            db.number("SELECT CAST(SUM(count) AS BIGINT) FROM v_results WHERE event = 'cycles:u'"),
            3_000_000 + 3 + 4 + 6
        );
        assert_eq!(db.number("SELECT COUNT(*) FROM v_imports WHERE status = 'done' AND report = '{}'"), 2);
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
        // The next one is an import like all others.
        load(db, &[source("/data", "x", 7)]);
    });
}

#[test]
fn an_import_that_is_held_and_ends_early_leaves_everything_as_it_was() {
    on_both(|db| {
        load(db, &[source("/data", "x", 1), source("/data", "y", 2)]);
        let before = dump(db);
        let (mut store, import) = load_held(db);
        store.finish_import(import, ImportStatus::Undone, r#"{"told":1}"#).unwrap();
        assert_eq!(dump(db), before);
        let told = "SELECT COUNT(*) FROM v_imports WHERE import_id = 2 AND status = 'undone' AND report = '{\"told\":1}'";
        assert_eq!(db.number(told), 1);
        // The program has gone, and the connection with it.
        drop(load_held(db));
        assert_eq!(dump(db), before);
        assert_eq!(db.number("SELECT COUNT(*) FROM v_imports WHERE import_id = 3 AND status = 'running'"), 1);
        assert_eq!(db.open().check().unwrap(), Vec::<String>::new());
    });
}

/// One row of CSV.
fn row(count: usize) -> String {
    format!("{count};;cycles;1000;100.00;;\n")
}

fn import(tree: &Tree, db: &Db, options: &[&str]) -> Output {
    tree.run(&[&["import", "results", "--db", &db.text], options].concat())
}

#[test]
fn too_many_rejects_give_back_what_was_replaced() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("a", row(111));
        assert_eq!(import(&tree, db, &[]).status, 0);
        let before = dump(db);
        tree.file("a", row(222)).file("z", "12x;;foo;1;100.00;;\n".to_owned() + &row(333));
        let said = import(&tree, db, &["--max-rejects", "0", "--atomic"]);
        assert!(said.status == 1 && said.stdout.contains("import 2 taken back"), "{said:?}");
        assert_eq!(dump(db), before);
        assert_eq!(db.number("SELECT count FROM v_results"), 111);
        let told = "SELECT COUNT(*) FROM v_imports WHERE status = 'undone' AND report LIKE '%\"status\": \"taken-back\"%'";
        assert_eq!(db.number(told), 1);
        assert_eq!(import(&tree, db, &["--atomic"]).status, 1);
        assert_eq!(db.number("SELECT CAST(SUM(count) AS BIGINT) FROM v_results"), 222 + 333);
    });
}

fn start(tree: &Tree, db: &Db) -> Child {
    let mut command = tree.command(&["import", "results", "--atomic", "--db", &db.text]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_kill_leaves_everything_as_it_was() {
    on_both(|db| {
        let tree = Tree::new();
        let fill = |add: usize| {
            for number in 0..FILES {
                tree.file(format!("{number:04}"), row(number + add));
            }
        };
        fill(1);
        let begun = Instant::now();
        assert!(start(&tree, db).wait().unwrap().success());
        let whole = begun.elapsed();
        let mut before = dump(db);
        fill(1_000_000);
        let new = (0..FILES).map(|number| i64::try_from(number).unwrap() + 1_000_000).sum::<i64>();
        let sum = || db.number("SELECT CAST(SUM(count) AS BIGINT) FROM v_results");
        let mut midway = 0;
        for trial in 1..=5 {
            let mut child = start(&tree, db);
            std::thread::sleep(whole.mul_f64(f64::from(trial) / 6.0));
            child.kill().unwrap();
            if child.wait().unwrap().success() {
                continue;
            }
            // A server may need a moment to see that nobody is there any more.
            std::thread::sleep(Duration::from_millis(100));
            let now = dump(db);
            if now == before {
                midway += u32::from(sum() != new);
            } else {
                // It came between the end of the transaction and that of the program: all of it is there.
                assert_eq!(sum(), new, "{}, killed at {trial}/6", db.name);
                before = now;
            }
        }
        assert!(midway > 0, "no kill hit midway");
        assert_eq!(db.open().check().unwrap(), Vec::<String>::new());
        assert!(start(&tree, db).wait().unwrap().success());
        assert_eq!(sum(), new);
    });
}
