//! A first load asks for nothing that the ledger cannot hold. Into PostgreSQL it makes the keys of the largest tables at its end, whatever
//! happens in between, and reads no table from end to end on its way.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a step that fails must fail the test; what was skipped is said")]

mod support;

use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use prc_etl::model::{Candidate, Stamp, Standing};
use prc_etl::store::{Access, ImportHeader, ImportId, ImportStatus, Rehearsal, Rules, Store, Verdict};
use support::samples::{source, storable, unreadable};
use support::{Db, dump, on_both};

const FRESH: Verdict = Verdict::Loaded { same_content_as: None };

fn begin(store: &mut Store) -> ImportId {
    store.begin_import(&ImportHeader { program_version: "0.1.0".to_owned(), arguments: String::new() }).unwrap()
}

/// How many of the two tables have their key.
fn keys(db: &Db) -> i64 {
    db.number(
        "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'p' AND conrelid IN ('results'::regclass, 'entries'::regclass)",
    )
}

/// Loads a source and says what became of it.
fn load(store: &mut Store, import: ImportId, path: &str) -> Vec<Verdict> {
    store.load(import, &storable(&[source("/data", path, 1)])).unwrap()
}

#[test]
fn the_keys_are_made_at_the_end_of_a_first_load_and_stay() {
    let Some(db) = Db::postgres() else { return };
    let mut store = db.open();
    assert_eq!(keys(&db), 2);
    let import = begin(&mut store);
    assert_eq!((load(&mut store, import, "a"), keys(&db)), (vec![FRESH], 0));
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    assert_eq!(keys(&db), 2);
    let import = begin(&mut store);
    assert_eq!(keys(&db), 2, "there is something that others may ask for");
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn whoever_writes_next_makes_the_keys_that_a_killed_load_has_left() {
    let Some(db) = Db::postgres() else { return };
    let mut killed = db.open();
    let import = begin(&mut killed);
    load(&mut killed, import, "a");
    drop(killed);
    let without = dump(&db);
    assert_eq!(keys(&db), 0, "a reader changes nothing");
    Store::open(&db.url, Access::Existing).unwrap();
    assert_eq!((keys(&db), dump(&db)), (2, without));
}

#[test]
fn a_load_goes_on_where_another_writer_made_the_keys_meanwhile() {
    let Some(db) = Db::postgres() else { return };
    let mut first = db.open();
    let import = begin(&mut first);
    load(&mut first, import, "a");
    let mut second = db.open();
    assert_eq!(keys(&db), 2);
    let other = begin(&mut second);
    assert_eq!((load(&mut first, import, "b"), load(&mut second, other, "c")), (vec![same("a")], vec![same("a")]));
    for (store, import) in [(&mut first, import), (&mut second, other)] {
        store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    }
    assert_eq!((keys(&db), second.check().unwrap()), (2, Vec::new()));
}

/// The first load into an empty database asks for nothing that it has not met itself.
#[test]
fn what_another_import_stores_during_a_first_load_is_known() {
    let two = |db: &Db| [db.open(), db.open()];
    on_both(|db| {
        let [mut first, mut second] = two(db);
        let import = begin(&mut first);
        assert_eq!(load(&mut first, import, "a"), [FRESH]);
        let later = begin(&mut second);
        let other = storable(&[source("/data", "b", 2)]);
        assert_eq!(second.load(later, &other).unwrap(), [FRESH]);
        assert_eq!(first.load(import, &other).unwrap(), [Verdict::AlreadyThere]);
    });
    on_both(|db| {
        let [mut first, mut second] = two(db);
        let earlier = begin(&mut second);
        let import = begin(&mut first);
        assert_eq!(load(&mut second, earlier, "b"), [FRESH]);
        assert_eq!(load(&mut first, import, "b"), [Verdict::AlreadyThere]);
    });
}

#[test]
fn a_first_load_knows_what_it_has_met_in_earlier_batches() {
    on_both(|db| {
        let mut store = db.open();
        let import = begin(&mut store);
        let mut load = |source| store.load(import, &storable(&[source])).unwrap().remove(0);
        assert_eq!(load(source("/data", "a/x", 1)), FRESH);
        assert_eq!(load(source("/data/a", "x", 1)), Verdict::AlreadyThere);
        assert_eq!(load(source("/data/a", "y", 1)), same("a/x"));
        assert_eq!(load(source("/data/a", "x", 2)), Verdict::Replaced);
        assert!(matches!(load(unreadable("/data/a", "z")), Verdict::Rejected(_)));
        assert_eq!(load(source("/data", "a/z", 3)), FRESH);
        let rejects = db.number("SELECT COUNT(*) FROM rejects WHERE source_id IS NULL");
        assert_eq!(rejects, 0, "it could be read in the end");
    });
}

#[test]
fn who_reads_the_empty_tables_just_then_keeps_their_keys() {
    let Some(db) = Db::postgres() else { return };
    let mut store = db.open();
    let mut reader = support::postgres::connect(&db.text);
    reader.batch_execute("BEGIN; SELECT COUNT(*) FROM results").unwrap();
    let import = begin(&mut store);
    assert_eq!((load(&mut store, import, "a"), keys(&db)), (vec![FRESH], 2));
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
}

#[test]
fn a_user_who_may_not_change_tables_loads_with_their_keys_in_place() {
    let Some(db) = Db::postgres() else { return };
    db.open();
    if db.number("SELECT rolsuper::int::bigint FROM pg_roles WHERE rolname = current_user") == 0 {
        eprintln!("THIS TEST WAS SKIPPED: only a superuser can make another user");
        return;
    }
    let guest = format!("prc_guest_{}", std::process::id());
    db.execute(&format!(
        "CREATE ROLE {guest}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {guest}; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {guest}"
    ));
    let mark = if db.text.contains('?') { '&' } else { '?' };
    let url = format!("{}{mark}options=-crole%3D{guest}", db.text).parse().unwrap();
    let mut store = Store::open(&url, Access::Write).unwrap();
    let import = begin(&mut store);
    assert_eq!((load(&mut store, import, "a"), keys(&db)), (vec![FRESH], 2));
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    // Without keys the same user does its work all the same.
    db.execute("ALTER TABLE results DROP CONSTRAINT results_pkey");
    let mut store = Store::open(&url, Access::Write).unwrap();
    let import = begin(&mut store);
    assert_eq!((load(&mut store, import, "b"), keys(&db)), (vec![same("a")], 1));
    drop(store);
    db.execute(&format!("DROP OWNED BY {guest}; DROP ROLE {guest}"));
}

/// Until autovacuum comes by, after a minute or never, the server takes every table for small, and a statement that it has prepared
/// keeps the plan that it was given when the table was.
#[test]
fn a_load_asks_for_what_is_known_by_its_keys_before_the_server_knows_how_large_the_tables_are() {
    let Some(db) = Db::postgres() else { return };
    let mut store = db.open();
    db.execute("ALTER TABLE sources SET (autovacuum_enabled = false)");
    // Whose database is empty asks for nothing.
    let import = begin(&mut store);
    load(&mut store, import, "before");
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    let import = begin(&mut store);
    let batch = |number: u8| (0..100).map(|file| source("/data", &format!("{number}/{file}"), number)).collect::<Vec<_>>();
    for number in 0..16 {
        store.load(import, &storable(&batch(number))).unwrap();
    }
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    let files = |number| -> Vec<Candidate> {
        let stamp = Stamp { bytes: 400, modified_at: 1_700_000_000_000_000 };
        batch(number).into_iter().map(|source| Candidate { identity: source.identity, stamp, sides: None }).collect()
    };
    for number in 0..16 {
        assert_eq!(store.standing(&files(number)).unwrap(), [Standing::Known; 100]);
    }
    drop(store);
    let mut rehearsal = Rehearsal::new(Some(db.open()), Rules::default());
    for number in 0..16 {
        assert_eq!(rehearsal.load(&storable(&batch(number))).unwrap(), vec![Verdict::AlreadyThere; 100]);
    }
    drop(rehearsal);
    assert_eq!(counted(&db, 1600, "seq_tup_read"), 2, "whether there is any is asked twice when an import begins");
}

/// What the server has counted of the table of sources, once so many are in it and nobody else is connected: what a session has done is
/// counted, at the latest, when it ends.
fn counted(db: &Db, sources: i64, column: &str) -> i64 {
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let counted = |column: &str| db.number(&format!("SELECT {column} FROM pg_stat_user_tables WHERE relname = 'sources'"));
    let deadline = Instant::now() + Duration::from_mins(1);
    while db.number(others) > 0 || counted("n_tup_ins") < sources {
        assert!(Instant::now() < deadline, "the server has not counted what was done");
        sleep(Duration::from_millis(20));
    }
    counted(column)
}

#[test]
fn a_first_load_asks_only_for_what_it_has_met() {
    let Some(db) = Db::postgres() else { return };
    let mut store = db.open();
    let import = begin(&mut store);
    for number in 0..9 {
        assert_eq!(store.load(import, &storable(&[source("/data", &number.to_string(), number)])).unwrap(), [FRESH]);
    }
    drop(store);
    assert_eq!(counted(&db, 9, "idx_scan"), 0);
    let mut store = db.open();
    let import = begin(&mut store);
    load(&mut store, import, "x");
    drop(store);
    assert_ne!(counted(&db, 10, "idx_scan"), 0, "this one finds sources");
}

fn same(path: &str) -> Verdict {
    Verdict::Loaded { same_content_as: Some(path.to_owned()) }
}
