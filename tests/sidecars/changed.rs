//! What a rerun does when side files came, changed or went.

use std::fs::{self, File};

use serde_json::Value;

use super::support::{Db, dump, on_both};
use super::tree::{PERF, Tree};
use super::{import, load, pack, perf, runs};

fn counts(report: &Value) -> String {
    let names = ["new", "replaced", "already_there", "stale", "unknown"];
    names.map(|name| format!("{name} {}", report["sources"][name])).join(", ")
}

/// Writes other content of the same size and leaves the time of the last change as it was: a rerun that opens it would see it.
fn change_in_secret(tree: &Tree, name: &str, content: &str) {
    let path = tree.path(name);
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.len(), content.len() as u64);
    fs::write(&path, content).unwrap();
    File::options().append(true).open(&path).unwrap().set_modified(metadata.modified().unwrap()).unwrap();
}

/// Sets the last change of a file far enough back that a rerun relies on it.
fn settle(tree: &Tree, names: &[&str]) {
    for name in names {
        let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
        File::options().append(true).open(tree.path(name)).unwrap().set_modified(long_ago).unwrap();
    }
}

#[test]
fn a_side_file_that_is_given_is_the_same_however_it_is_typed() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("perf.txt", perf("1,234,567")).file("../side.toml", "host = \"elm\"\n");
        let whole = fs::canonicalize(tree.path("../side.toml")).unwrap();
        for (typed, expected) in [
            ("side.toml", "new 1, replaced 0, already_there 0, stale 0, unknown 0"),
            ("./side.toml", "new 0, replaced 0, already_there 1, stale 0, unknown 0"),
            (whole.to_str().unwrap(), "new 0, replaced 0, already_there 1, stale 0, unknown 0"),
        ] {
            let output = tree.run(&["results", "--db", &db.text, "--sidecar", typed, "--report", "json"]);
            assert_eq!(counts(&serde_json::from_str(&output.stdout).unwrap()), expected, "{typed}");
        }
        assert_eq!(runs(&tree, db, &["host"]), ["elm"]);
    });
}

#[test]
fn unchanged_side_files_leave_every_result_file_closed() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "labels.a = 1\n").file("cpuinfo", "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\n");
        tree.file("perf.txt", perf("1,234,567"));
        settle(&tree, &["perf.txt", "prc.toml", "cpuinfo"]);
        load(&tree, db);
        change_in_secret(&tree, "perf.txt", &perf("7,654,321"));
        let before = dump(db);
        assert_eq!(counts(&load(&tree, db)), "new 0, replaced 0, already_there 3, stale 0, unknown 0");
        assert_eq!(dump(db), before);
    });
}

#[test]
fn a_side_file_that_changed_is_told_and_with_stale_places_anew_without_doubling() {
    let sides: [(&str, Option<&str>, &str); 4] = [
        ("prc.toml", Some("labels.a = 2\n"), "{\"a\":\"2\"} - -"),
        ("prc.toml", None, "- - -"),
        ("b/prc.toml", Some("host = \"elm\"\n"), "- elm -"),
        (
            "b/uname.txt",
            Some("Linux elm 5.10.0-28-amd64 #1 SMP Debian 5.10.209-2 (2024-01-31) x86_64 GNU/Linux\n"),
            "- elm 5.10.0-28-amd64",
        ),
    ];
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "labels.a = 1\n").file("b/perf.txt", perf("1")).file("b/perf_2.txt", perf("2"));
        load(&tree, db);
        let mut before = format!("{} - -", "{\"a\":\"1\"}");
        for (name, content, after) in sides {
            match content {
                Some(content) => drop(tree.file(name, content)),
                None => fs::remove_file(tree.path(name)).unwrap(),
            }
            let placed = |tree: &Tree| runs(tree, db, &["labels", "host", "kernel"]);
            let report = load(&tree, db);
            assert_eq!((&report["sources"]["stale"], placed(&tree)), (&2.into(), vec![before.clone(), before]), "{name}");
            let (_, report) = import(&tree, db, "results", &["--stale"]);
            assert_eq!((&report["sources"]["replaced"], &report["sources"]["new"]), (&2.into(), &0.into()), "{name}");
            assert_eq!(placed(&tree), [after, after], "{name}");
            assert_eq!(db.number("SELECT COUNT(*) FROM v_results"), 6);
            assert_eq!(load(&tree, db)["sources"]["stale"], 0, "{name}");
            before = after.to_owned();
        }
        let check = tree.run(&["db", "check", "--db", &db.text]);
        assert_eq!(check.status, 0, "{check:?}");
    });
}

#[test]
fn a_tree_that_was_placed_anew_holds_what_a_new_database_would_hold() {
    let tree = Tree::new();
    tree.file("prc.toml", "host = \"elm\"\n").file("a/perf.txt", perf("1")).file("a/prc.toml", "labels.a = 1\n");
    tree.file("x.tar", pack::tar(&[("perf.txt", perf("2").as_bytes()), ("prc.toml", b"labels.b = 1\n")]));
    on_both(|db| {
        tree.file("prc.toml", "host = \"elm\"\n");
        load(&tree, db);
        tree.file("prc.toml", "layout = \"{experiment}/**\"\n");
        import(&tree, db, "results", &["--stale"]);
        let fresh = Db::sqlite();
        load(&tree, &fresh);
        // Of the side file itself, which holds no results, the row is that of its new content.
        assert_eq!(dump(db), dump(&fresh));
    });
}

#[test]
fn the_numbers_of_a_stream_are_placed_anew_too() {
    use std::io::Write;
    use std::process::Stdio;
    on_both(|db| {
        let tree = Tree::new();
        let side = tree.root().with_file_name("side.toml");
        let pipe = |host: &str, option: &[&str]| -> Value {
            fs::write(&side, format!("host = \"{host}\"\n")).unwrap();
            let arguments = [&["-", "--db", &db.text, "--sidecar", "side.toml", "--report", "json"], option].concat();
            let mut child = tree.command(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(PERF.as_bytes()).unwrap();
            serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
        };
        assert_eq!(counts(&pipe("elm", &[])), "new 1, replaced 0, already_there 0, stale 0, unknown 0");
        assert_eq!(counts(&pipe("fir", &[])), "new 0, replaced 0, already_there 1, stale 1, unknown 0");
        assert_eq!(counts(&pipe("fir", &["--stale"])), "new 0, replaced 1, already_there 0, stale 0, unknown 0");
        assert_eq!(runs(&tree, db, &["path", "host"]), ["- fir"]);
    });
}
