//! What is loaded again and what is not: the rules of the ledger, held on both databases, through the library and through the program.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use prc_etl::model::{Candidate, Identity, Parsed, Stamp, Standing};
use prc_etl::store::{ImportHeader, ImportStatus, Rehearsal, Rules, Store, Verdict};
use serde_json::Value;

mod support;
#[path = "support/tree.rs"]
#[expect(dead_code, reason = "the imports here name their own databases")]
mod tree;

use support::samples::{source, storable, unknown, unreadable};
use support::{Db, dump, on_both};
use tree::{PERF, Tree};

fn fresh() -> Verdict {
    Verdict::Loaded { same_content_as: None }
}

/// Loads batches as one import.
fn load(store: &mut Store, batches: &[&[Parsed]]) -> Vec<Verdict> {
    let header = ImportHeader { program_version: "0.1.0".to_owned(), arguments: String::new() };
    let import = store.begin_import(&header).unwrap();
    let verdicts = batches.iter().flat_map(|batch| store.load(import, &storable(batch)).unwrap()).collect();
    store.finish_import(import, ImportStatus::Done, "{}").unwrap();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    verdicts
}

fn clean(batch: &[Parsed]) -> Vec<String> {
    let db = Db::sqlite();
    load(&mut db.open(), &[batch]);
    dump(&db)
}

const CONTENT_ONCE: fn() -> Rules = || Rules { content_once: true, ..Rules::default() };
const REPLACE: fn() -> Rules = || Rules { replace: true, ..Rules::default() };
/// The parsers have version 2 now; the samples are of version 1.
const NEWER: fn(bool) -> Rules = |stale| Rules { stale, current_version: |_| 2, ..Rules::default() };

#[test]
fn content_that_is_to_be_loaded_once_is_not_loaded_under_another_path() {
    on_both(|db| {
        let mut store = db.open().under(CONTENT_ONCE());
        let elsewhere = |path: &str| Verdict::Elsewhere { path: path.to_owned() };
        assert_eq!(load(&mut store, &[&[source("/data", "x", 1), source("/data", "y", 1)]]), [fresh(), elsewhere("x")]);
        assert_eq!(
            load(&mut store, &[&[source("/data", "x", 1), source("/z", "z", 1)]]),
            [Verdict::AlreadyThere, elsewhere("x")]
        );
        load(&mut store, &[&[source("/data", "y", 2)]]);
        assert_eq!(load(&mut store, &[&[source("/data", "y", 1)]]), [Verdict::Replaced], "what stood at y is outdated");
        assert_eq!(dump(db), clean(&[source("/data", "x", 1)]));
    });
}

#[test]
fn files_that_look_alike_are_told_apart_by_their_side_files_or_refused() {
    let at = |root: &str, sides: &str| Parsed { sides: Some(sides.into()), ..source(root, "l.txt", 1) };
    let (one, two) = (at("/lab/h1", "prc.toml 1"), at("/lab/h2", "prc.toml 2"));
    for rules in [Rules::default(), Rules { stale: true, ..Rules::default() }] {
        on_both(|db| {
            let mut store = db.open().under(rules);
            let mut before = None;
            for batches in [vec![&[one.clone(), two.clone()][..]], vec![std::slice::from_ref(&one), std::slice::from_ref(&two)]]
            {
                for _ in 0..2 {
                    let mut rehearsal = Rehearsal::new(Some(db.open()), rules);
                    let said: Vec<Verdict> =
                        batches.iter().flat_map(|batch| rehearsal.load(&storable(batch)).unwrap()).collect();
                    let verdicts = load(&mut store, &batches);
                    assert_eq!(verdicts, said);
                    let Verdict::Rejected(reject) = &verdicts[1] else { panic!("{verdicts:?}") };
                    assert!(reject.reason.contains("below another root"), "{reject:?}");
                    // The one that was first stays, and the refusal is told once.
                    let found = dump(db);
                    assert_eq!((found.iter().filter(|line| line.contains("below another root")).count()), 1, "{found:?}");
                    assert_eq!(*before.get_or_insert(found.clone()), found);
                }
            }
            assert!(matches!(&load(&mut store, &[&[at("/elsewhere", "prc.toml 1")]])[..], [Verdict::AlreadyThere]), "it moved");
            let mut store = db.open().under(Rules { stale: true, ..REPLACE() });
            assert_eq!(load(&mut store, &[std::slice::from_ref(&two)]), [Verdict::Replaced], "taken over");
            assert_eq!(dump(db), clean(std::slice::from_ref(&two)));
        });
        let mut nowhere = Rehearsal::new(None, rules);
        let said = [&one, &two].map(|source| nowhere.load(&storable(std::slice::from_ref(source))).unwrap().remove(0));
        assert!(matches!(said, [Verdict::Loaded { .. }, Verdict::Rejected(_)]), "{said:?}");
    }
}

#[test]
fn files_that_say_nothing_are_no_reason_to_refuse_one_that_looks_alike() {
    let at = |root: &str, sides: &str| Parsed { sides: Some(sides.into()), ..unknown(root, "notes", 1) };
    let notes = [at("/lab/h1", "prc.toml 1"), at("/lab/h2", "prc.toml 2")];
    for rules in [Rules::default(), Rules { stale: true, ..Rules::default() }] {
        on_both(|db| {
            let mut store = db.open().under(rules);
            assert_eq!(load(&mut store, &[&notes]), [fresh(), Verdict::AlreadyThere]);
            let before = dump(db);
            assert_eq!(load(&mut store, &[&notes]), [Verdict::AlreadyThere, Verdict::AlreadyThere]);
            assert_eq!(dump(db), before);
        });
    }
}

/// What a copy was passed over for must not go in the same import: the copy is still on the disk.
#[test]
fn content_that_a_copy_was_passed_over_for_stays_when_its_file_changes() {
    // In the first story b was rotated to a, in the second the tree lies twice, in the third c is a copy too, and was b before.
    let stories = [
        (CONTENT_ONCE(), vec![source("/data", "a", 1), source("/data", "b", 2)]),
        (Rules::default(), vec![source("/copy", "b", 1), source("/data", "b", 2)]),
        (CONTENT_ONCE(), vec![source("/data", "a", 1), source("/data", "b", 2), source("/data", "c", 1)]),
    ];
    for (rules, story) in stories {
        let single: Vec<&[Parsed]> = story.iter().map(std::slice::from_ref).collect();
        for batches in [vec![&story[..]], single] {
            on_both(|db| {
                let mut store = db.open().under(rules);
                load(&mut store, &[&[source("/data", "b", 1)]]);
                let mut rehearsal = Rehearsal::new(Some(db.open()), rules);
                let said: Vec<Verdict> = batches.iter().flat_map(|batch| rehearsal.load(&storable(batch)).unwrap()).collect();
                let verdicts = load(&mut store, &batches);
                assert_eq!(verdicts, said);
                assert!(!verdicts.contains(&Verdict::Replaced) && verdicts[1] == fresh(), "{verdicts:?}");
                let values = || {
                    db.number("SELECT CAST(SUM(count - 1000000) * 10 + COUNT(count) AS BIGINT) FROM v_results WHERE event = 'cycles:u'")
                };
                assert_eq!(values(), (1 + 2) * 10 + 2, "1 and 2, each once");
                // What stood at b has no place any more, and is not news the next time.
                assert_eq!(db.number("SELECT COUNT(*) FROM v_sources WHERE path = 'b' AND root IS NULL"), 1);
                let again = load(&mut store, &batches);
                assert!(
                    !again.iter().any(|verdict| matches!(verdict, Verdict::Loaded { .. } | Verdict::Replaced)),
                    "{again:?}"
                );
                assert_eq!(values(), (1 + 2) * 10 + 2);
            });
        }
    }
}

#[test]
fn with_replace_a_known_path_is_replaced_wherever_it_lay() {
    on_both(|db| {
        load(&mut db.open(), &[&[source("/one", "x", 1), source("/one", "y", 2)]]);
        assert_eq!(load(&mut db.open(), &[&[source("/two", "x", 3)]]), [fresh()], "not unless it is wanted");
        let mut store = db.open().under(REPLACE());
        assert_eq!(
            load(&mut store, &[&[source("/new", "x", 4), source("/new", "y", 2)]]),
            [Verdict::Replaced, Verdict::AlreadyThere]
        );
        assert_eq!(dump(db), clean(&[source("/new", "x", 4), source("/one", "y", 2)]));
        let last_stays = [&[source("/a", "x", 5)][..], &[source("/b", "x", 6)]];
        assert_eq!(load(&mut store, &last_stays), [Verdict::Replaced, Verdict::Replaced]);
        assert_eq!(dump(db), clean(&[source("/b", "x", 6), source("/one", "y", 2)]));
    });
}

#[test]
fn a_stream_replaces_nothing_and_is_not_replaced() {
    on_both(|db| {
        let mut store = db.open().under(REPLACE());
        let stream = |content| Parsed { identity: Identity { root: None, path: "-".to_owned() }, ..source("", "-", content) };
        let streams = [stream(1), stream(2)];
        assert_eq!(load(&mut store, &[&streams, &[source("/data", "-", 3)], &streams]).len(), 5);
        assert_eq!(db.number("SELECT COUNT(*) FROM sources"), 3);
    });
}

#[test]
fn what_an_older_parser_read_is_said_and_read_again_only_when_wanted() {
    on_both(|db| {
        let old = [source("/data", "x", 1), unknown("/data", "u", 2)];
        load(&mut db.open(), &[&old]);
        assert_eq!(load(&mut db.open().under(NEWER(false)), &[&old]), [Verdict::Stale, Verdict::Stale]);
        let new = old.map(|source| Parsed { parser_version: 2, ..source });
        let mut store = db.open().under(NEWER(true));
        assert_eq!(load(&mut store, &[&new]), [Verdict::Replaced, Verdict::Replaced]);
        assert_eq!(load(&mut store, &[&new]), [Verdict::AlreadyThere, Verdict::AlreadyThere]);
        assert_eq!(dump(db), clean(&new));
    });
}

#[test]
fn a_copy_that_is_read_again_stays_even_when_content_is_to_be_loaded_once() {
    on_both(|db| {
        load(&mut db.open(), &[&[source("/data", "x", 1), source("/data", "y", 1)]]);
        let new = [source("/data", "x", 1), source("/data", "y", 1)].map(|source| Parsed { parser_version: 2, ..source });
        let mut store = db.open().under(Rules { content_once: true, ..NEWER(true) });
        assert_eq!(load(&mut store, &[&new]), [Verdict::Replaced, Verdict::Replaced]);
        assert_eq!(dump(db), clean(&new));
    });
}

#[test]
fn what_other_side_files_placed_is_stale_and_placed_anew_when_that_is_wanted() {
    on_both(|db| {
        let around = |text: &str| Parsed { sides: Some(text.into()), ..source("/data", "x", 1) };
        assert_eq!(load(&mut db.open(), &[&[around("prc.toml 1")]]), [Verdict::Loaded { same_content_as: None }]);
        assert_eq!(load(&mut db.open(), &[&[around("prc.toml 1")]]), [Verdict::AlreadyThere]);
        assert_eq!(load(&mut db.open(), &[&[around("prc.toml 2")]]), [Verdict::Stale]);
        assert_eq!(load(&mut db.open(), &[&[source("/data", "x", 1)]]), [Verdict::Stale]);
        let mut store = db.open().under(Rules { stale: true, ..Rules::default() });
        assert_eq!(load(&mut store, &[&[around("prc.toml 2")]]), [Verdict::Replaced]);
        assert_eq!(dump(db), clean(&[around("prc.toml 2")]));
    });
}

/// The standing of files that have the size of the samples and changed at a time, in microseconds.
fn standing(store: &mut Store, files: &[(Option<&str>, &str, u64, i64)]) -> Vec<Standing> {
    let file = |&(root, path, bytes, modified_at): &(Option<&str>, &str, u64, i64)| {
        let identity = Identity { root: root.map(str::to_owned), path: path.to_owned() };
        Candidate { identity, stamp: Stamp { bytes, modified_at }, sides: None }
    };
    store.standing(&files.iter().map(file).collect::<Vec<_>>()).unwrap()
}

#[test]
fn a_file_is_known_by_location_size_and_last_change() {
    use Standing::{Known, New, Stale};
    on_both(|db| {
        let at = 1_700_000_000_000_000;
        let mut store = db.open();
        assert_eq!(
            (standing(&mut store, &[(Some("/data"), "sub/x", 400, at)]), store.has_sources().unwrap()),
            (vec![New], false)
        );
        let stream = Parsed { identity: Identity { root: None, path: "-".to_owned() }, ..source("", "-", 3) };
        load(&mut store, &[&[source("/data", "sub/x", 1), unknown("/", "top", 2), stream, unreadable("/data", "bad")]]);
        assert!(store.has_sources().unwrap());
        let files = [
            (Some("/data"), "sub/x", 400, at),
            (Some("/data/sub"), "x", 400, at),
            (Some("/"), "data/sub/x", 400, at),
            (Some("/"), "top", 400, at),
            (Some("/data"), "sub/x", 401, at),
            (Some("/data"), "sub/x", 400, at + 1),
            (Some("/other"), "sub/x", 400, at),
            (Some("/data"), "bad", 400, at),
            (None, "-", 400, at),
        ];
        let each: Vec<Standing> = files.iter().flat_map(|file| standing(&mut store, std::slice::from_ref(file))).collect();
        assert_eq!(each, [Known, Known, Known, Known, New, New, New, New, New]);
        assert_eq!(standing(&mut store, &[files[0], files[3], files[7]]), [Known, Known, New]);
        assert_eq!(standing(&mut db.open().under(NEWER(false)), &files[..1]), [Stale]);
        assert_eq!(standing(&mut db.open().under(NEWER(true)), &files[..1]), [New]);
    });
}

#[test]
fn a_file_that_changed_within_the_tick_of_its_import_is_not_relied_on() {
    on_both(|db| {
        let mut store = db.open();
        load(&mut store, &[&[source("/data", "x", 1)]]);
        let at = 1_700_000_000_000_000;
        for (change, started, expected) in [
            (at, at + 2_000_001, Standing::Known),
            (at, at + 2_000_000, Standing::New),
            (at + 1, at + 20_002, Standing::Known),
            (at + 1, at + 20_001, Standing::New),
        ] {
            db.execute(&format!("UPDATE imports SET started_at = {started}; UPDATE sources SET modified_at = {change}"));
            assert_eq!(standing(&mut store, &[(Some("/data"), "x", 400, change)]), [expected], "{change} {started}");
        }
    });
}

#[test]
fn a_rehearsal_remembers_earlier_batches() {
    let story = [
        source("/data", "x", 1),
        source("/data", "y", 1),
        source("/data", "v", 2),
        source("/other", "v", 2),
        source("/other", "x", 3),
        source("/zzz", "x", 1),
        unreadable("/zzz", "bad"),
    ];
    let single: Vec<&[Parsed]> = story.iter().map(std::slice::from_ref).collect();
    for rules in [Rules::default(), CONTENT_ONCE(), REPLACE()] {
        on_both(|db| {
            load(&mut db.open(), &[&[source("/data", "v", 9)]]);
            let before = dump(db);
            let mut rehearsal = Rehearsal::new(Some(db.open()), rules);
            let said: Vec<Verdict> = single.iter().flat_map(|batch| rehearsal.load(&storable(batch)).unwrap()).collect();
            assert_eq!(dump(db), before);
            assert_eq!(load(&mut db.open().under(rules), &single), said, "{rules:?}");
        });
        let mut nowhere = Rehearsal::new(None, rules);
        let said: Vec<Verdict> = single.iter().flat_map(|batch| nowhere.load(&storable(batch)).unwrap()).collect();
        assert_eq!(load(&mut Db::sqlite().open().under(rules), &single), said, "{rules:?}");
    }
}

/// The same number of bytes as [`PERF`].
fn other() -> String {
    PERF.replace("1,234,567", "7,654,321")
}

/// Writes a file that changed so many minutes after a time long ago.
fn write(tree: &Tree, name: &str, content: &str, minutes: u64) {
    tree.file(name, content);
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + 60 * minutes);
    File::options().append(true).open(tree.path(name)).unwrap().set_modified(at).unwrap();
}

/// What became of the sources of an import, without what is 0.
fn counts(tree: &Tree, db: &Db, paths: &[&str], options: &[&str]) -> String {
    let output = tree.run(&[paths, &["--db", &db.text, "--report", "json"], options].concat());
    let report: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let some = report["sources"].as_object().unwrap().iter().filter(|(name, number)| *number != 0 && *name != "seen");
    let sorted: std::collections::BTreeMap<_, _> = some.collect();
    let read = if report["bytes"] == 0 { "" } else { " read" };
    sorted.iter().map(|(name, number)| format!("{name} {number}")).collect::<Vec<_>>().join(", ") + read
}

fn value(db: &Db) -> i64 {
    db.number("SELECT MAX(count) FROM results")
}

#[test]
fn an_unchanged_file_is_not_read_unless_with_rehash() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "a/perf.txt", PERF, 0);
        write(&tree, "notes", "some text\n", 0);
        assert_eq!(counts(&tree, db, &["results"], &[]), "new 1, unknown 1 read");
        assert_eq!(counts(&tree, db, &["results"], &[]), "already_there 2");
        assert_eq!(counts(&tree, db, &["results/a", "results/notes"], &[]), "already_there 2", "below other arguments");
        assert_eq!(counts(&tree, db, &["results"], &["--rehash"]), "already_there 2 read");

        write(&tree, "a/perf.txt", &other(), 0);
        assert_eq!(counts(&tree, db, &["results"], &[]), "already_there 2", "same size, same time: not opened");
        assert_eq!(value(db), 1_234_567);
        assert_eq!(counts(&tree, db, &["results"], &["--rehash", "--dry-run"]), "already_there 1, replaced 1 read");
        assert_eq!(counts(&tree, db, &["results"], &["--rehash"]), "already_there 1, replaced 1 read");
        assert_eq!(value(db), 7_654_321);

        write(&tree, "a/perf.txt", PERF, 1);
        assert_eq!(counts(&tree, db, &["results"], &["--dry-run"]), "already_there 1, replaced 1 read");
        assert_eq!(counts(&tree, db, &["results"], &[]), "already_there 1, replaced 1 read", "another time");
        assert_eq!(value(db), 1_234_567);
    });
}

#[test]
fn the_same_content_elsewhere_is_counted_and_with_identity_content_not_loaded() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "a/perf.txt", PERF, 0);
        write(&tree, "b/perf.txt", PERF, 0);
        assert_eq!(counts(&tree, db, &["results"], &["--dry-run", "--identity", "content"]), "elsewhere 1, new 1 read");
        assert_eq!(counts(&tree, db, &["results"], &["--identity", "content"]), "elsewhere 1, new 1 read");
        assert_eq!(counts(&tree, db, &["results"], &["--dry-run"]), "already_there 1, new 1, same_content 1 read");
        assert_eq!(counts(&tree, db, &["results"], &[]), "already_there 1, new 1, same_content 1 read");
        assert_eq!(counts(&tree, db, &["results"], &["--identity", "content"]), "already_there 2");
    });
}

#[test]
fn a_rotated_log_is_kept_with_identity_content() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "b", PERF, 0);
        counts(&tree, db, &["results"], &["--identity", "content"]);
        fs::rename(tree.path("b"), tree.path("a")).unwrap();
        write(&tree, "b", &other(), 1);
        assert_eq!(counts(&tree, db, &["results"], &["--identity", "content", "--dry-run"]), "elsewhere 1, new 1 read");
        assert_eq!(counts(&tree, db, &["results"], &["--identity", "content"]), "elsewhere 1, new 1 read");
        assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE count IN (1234567, 7654321)"), 2);
        assert_eq!(counts(&tree, db, &["results"], &["--identity", "content"]), "already_there 1, elsewhere 1 read");
    });
}

#[test]
fn files_of_an_older_parser_are_counted_and_loaded_again_with_stale() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "perf.txt", PERF, 0);
        write(&tree, "notes", "some text\n", 0);
        counts(&tree, db, &["results"], &[]);
        let as_loaded = dump(db);
        assert_eq!(counts(&tree, db, &["results"], &["--stale"]), "already_there 2");
        db.execute("UPDATE parsers SET version = 0");
        assert_eq!(counts(&tree, db, &["results"], &[]), "already_there 2, stale 2");
        assert_eq!(counts(&tree, db, &["results"], &["--rehash"]), "already_there 2, stale 2 read");
        assert_eq!(counts(&tree, db, &["results"], &["--stale"]), "replaced 1, unknown 1 read");
        assert_eq!(dump(db), as_loaded);
        assert_eq!(counts(&tree, db, &["results"], &["--stale"]), "already_there 2");
    });
}

#[test]
fn a_tree_that_moved_and_went_on_replaces_the_earlier_one_with_replace() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "old/perf.txt", PERF, 0);
        write(&tree, "new/perf.txt", &other(), 0);
        assert_eq!(counts(&tree, db, &["results/old"], &[]), "new 1 read");
        assert_eq!(counts(&tree, db, &["results/new"], &["--replace", "--dry-run"]), "replaced 1 read");
        assert_eq!(counts(&tree, db, &["results/new"], &["--replace"]), "replaced 1 read");
        assert_eq!((db.number("SELECT COUNT(*) FROM sources"), value(db)), (1, 7_654_321));
        assert_eq!(counts(&tree, db, &["results/old"], &[]), "new 1 read", "added beside it without the option");
    });
}

#[test]
fn young_files_are_left_alone_until_they_are_old_enough() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "old", PERF, 0);
        tree.file("young", other());
        assert_eq!(counts(&tree, db, &["results"], &["--min-age", "600"]), "new 1, too_young 1 read");
        assert_eq!(counts(&tree, db, &["results"], &["--min-age", "600", "--rehash"]), "already_there 1, too_young 1 read");
        let said = tree.run(&["results", "--db", &db.text, "--min-age", "600", "-v"]);
        assert!(said.stderr.contains("results/young: changed too short a time ago"), "{said:?}");
        assert!(said.stdout.contains("  too young                  1  "), "{said:?}");
        write(&tree, "young", &other(), 0);
        assert_eq!(counts(&tree, db, &["results"], &["--min-age", "600"]), "already_there 1, new 1 read");
    });
}

#[test]
fn an_undone_import_is_read_again_and_so_is_a_file_that_came_back() {
    on_both(|db| {
        let tree = Tree::new();
        write(&tree, "perf.txt", PERF, 0);
        counts(&tree, db, &["results"], &[]);
        let before = dump(db);
        assert_eq!(tree.run(&["imports", "undo", "1", "--db", &db.text]).status, 0);
        assert_eq!(counts(&tree, db, &["results"], &[]), "new 1 read");
        assert_eq!(dump(db), before);
        fs::remove_file(tree.path("perf.txt")).unwrap();
        assert_eq!(counts(&tree, db, &["results"], &[]), "");
        write(&tree, "perf.txt", PERF, 0);
        assert_eq!(counts(&tree, db, &["results"], &[]), "already_there 1");
    });
}
