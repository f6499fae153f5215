//! Side files that cannot be used: told with their place, and only what lies below them waits.

use std::fs;
use std::os::unix::fs::symlink;

use super::support::{Db, on_both};
use super::tree::{PERF, Tree};
use super::{fields, import, load, pack, perf, rows, runs};

/// A tree with a side file in `a` and results in `a`, below it and beside it.
fn tree_with(side: impl AsRef<[u8]>) -> Tree {
    let tree = Tree::new();
    tree.file("a/prc.toml", side).file("a/perf.txt", perf("1")).file("a/b/perf.txt", perf("2")).file("c/perf.txt", perf("3"));
    tree
}

/// The rejects that stand in the database.
fn rejects(tree: &Tree, db: &Db) -> Vec<String> {
    fields(&rows(tree, db, &["rejects"]), &["path", "line", "column", "kind", "reason"])
}

#[test]
fn a_broken_side_file_names_the_mistake_holds_back_what_is_below_it_and_is_mended() {
    on_both(|db| {
        let tree = tree_with("host = \"elm\"\n[environment]\n  kernle = \"6.1\"\n");
        let (output, report) = import(&tree, db, "results", &[]);
        assert_eq!((output.status, &report["sources"]["new"], &report["sources"]["held_back"]), (1, &1.into(), &2.into()));
        assert_eq!(report["sources"]["rejected"], 1);
        let mistake = "unknown key 'environment.kernle', did you mean 'kernel'?";
        assert_eq!(output.stderr.trim_end(), format!("results/a/prc.toml:3:3: rejected (side file): {mistake}"));
        assert_eq!(rejects(&tree, db), [format!("a/prc.toml 3 3 side file {mistake}")]);
        assert_eq!(runs(&tree, db, &["path"]), ["c/perf.txt"]);
        tree.file("a/prc.toml", "host = \"elm\"\n[environment]\n  kernel = \"6.1\"\n");
        let report = load(&tree, db);
        assert_eq!((&report["sources"]["new"], &report["sources"]["already_there"]), (&2.into(), &1.into()));
        assert_eq!(rejects(&tree, db), Vec::<String>::new());
        assert_eq!(runs(&tree, db, &["path", "kernel"]), ["a/b/perf.txt 6.1", "a/perf.txt 6.1", "c/perf.txt -"]);
    });
}

#[test]
fn what_was_loaded_before_a_side_file_broke_stays() {
    on_both(|db| {
        let tree = tree_with("host = \"elm\"\n");
        load(&tree, db);
        tree.file("a/prc.toml", "host = elm\n");
        let (output, report) = import(&tree, db, "results", &[]);
        assert_eq!((output.status, &report["sources"]["held_back"]), (1, &2.into()));
        assert_eq!(runs(&tree, db, &["path", "host"]), ["a/b/perf.txt elm", "a/perf.txt elm", "c/perf.txt -"]);
    });
}

#[test]
fn every_mistake_is_told_with_line_and_column_and_costs_what_is_below() {
    let large = format!("# {}\n", "x".repeat(64 << 10));
    let keys = format!("{} = 1\n", vec!["a"; 30_000].join("."));
    let repeats = "layout = \"{host:(a{1000}){1000}}\"\n";
    let mistakes: [(&[u8], &str); 20] = [
        (b"hosts = \"elm\"\n", "1:1: rejected (side file): unknown key 'hosts', did you mean 'host'?"),
        (b"\xef\xbb\xbfhosts = \"elm\"\r\n", "1:1: rejected (side file): unknown key 'hosts', did you mean 'host'?"),
        (b"host = \"elm\"\r\n\r\ntools = 1\r\n", "3:1: rejected (side file): unknown key 'tools', did you mean 'tool'?"),
        (b"host = elm\n", "1:8: rejected (side file): no valid TOML"),
        (b"host = \"\"\n", "1:8: rejected (side file): 'host' is empty"),
        (b"host = 1\n", "1:8: rejected (side file): 'host' must be a text in quotes, not integer"),
        (b"host = \"a\\u0000b\"\n", "1:8: rejected (side file): 'host' holds a NUL character"),
        (b"labels.\"a\\u0007\" = 1\n", "1:8: rejected (side file): label 'a\\u{7}'"),
        (b"labels.\"k\xc3\xb6ln\" = 1\nlabels.\"\" = 2\n", "2:8: rejected (side file): label ''"),
        (b"local = \"yes\"\n", "1:9: rejected (side file): 'local' must be true or false"),
        (b"tool = \"pe rf\"\n", "1:8: rejected (side file): 'tool': 'pe rf' is no tool"),
        (b"layout = [\"{host}\", \"{host\"]\n", "1:21: rejected (side file): 'layout'"),
        (b"include = [\"[z-a]\"]\n", "1:12: rejected (side file): error parsing glob"),
        (
            b"formats = { \"*\" = \"perf-stat-txt\" }\n",
            "1:19: rejected (side file): unknown format 'perf-stat-txt', did you mean 'perf-stat-text'?",
        ),
        (b"[environment]\nmodel = -1\n", "2:9: rejected (side file): 'environment.model' must be a number"),
        (b"host = \"a\0b\"\n", "1: rejected (side file): holds NUL bytes"),
        (b"\x7fELF\x02\x01\x01\0\0\0", ": rejected (side file): no text: ELF"),
        (large.as_bytes(), ": rejected (side file): 65539 bytes; a side file has at most 65536"),
        (keys.as_bytes(), "1:1: rejected (side file): no valid TOML: recursion limit"),
        (repeats.as_bytes(), "1:10: rejected (side file): 'layout'"),
    ];
    for (side, expected) in mistakes {
        let (tree, db) = (tree_with(side), Db::sqlite());
        let (output, report) = import(&tree, &db, "results", &[]);
        let sources = &report["sources"];
        let counts = [&sources["new"], &sources["held_back"], &sources["rejected"]].map(ToString::to_string);
        assert_eq!((output.status, counts.join(" ").as_str()), (1, "1 2 1"), "{expected}: {output:?}");
        let told = output.stderr.trim_start_matches("results/a/prc.toml").trim_start_matches(':').trim_start();
        assert!(told.starts_with(expected.trim_start_matches(':').trim_start()), "{expected}\n{}", output.stderr);
    }
}

#[test]
fn a_side_file_that_is_no_regular_file_holds_back_what_is_below() {
    for (what, reason) in [("link", "a symbolic link"), ("fifo", "a FIFO")] {
        let (tree, db) = (tree_with(""), Db::sqlite());
        fs::remove_file(tree.path("a/prc.toml")).unwrap();
        if what == "link" {
            tree.file("elsewhere.toml", "host = \"elm\"\n");
            symlink(tree.path("elsewhere.toml"), tree.path("a/prc.toml")).unwrap();
        } else {
            tree.fifo("a/prc.toml");
        }
        let (output, report) = import(&tree, &db, "results", &[]);
        assert_eq!((output.status, &report["sources"]["held_back"]), (1, &2.into()), "{output:?}");
        assert!(output.stderr.contains("results/a/prc.toml: rejected") && output.stderr.contains(reason), "{output:?}");
    }
}

#[test]
fn a_side_file_that_cannot_be_opened_holds_back_what_is_below() {
    use std::os::unix::fs::PermissionsExt;
    let (tree, db) = (tree_with("host = \"elm\"\n"), Db::sqlite());
    let path = tree.path("a/prc.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        // The administrator may read everything.
        return;
    }
    let (output, report) = import(&tree, &db, "results", &[]);
    assert_eq!((output.status, &report["sources"]["held_back"]), (1, &2.into()), "{output:?}");
}

#[test]
fn an_empty_side_file_says_nothing_and_a_directory_of_that_name_is_none() {
    let (tree, db) = (tree_with(""), Db::sqlite());
    tree.file("c/prc.toml/perf.txt", perf("4"));
    let report = load(&tree, &db);
    assert_eq!((&report["sources"]["new"], &report["unknown"]["side file of prc-etl"]), (&4.into(), &1.into()));
}

#[test]
fn a_side_file_of_another_encoding_is_read_as_other_files_are() {
    let utf16: Vec<u8> = "\u{feff}host = \"köln\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for side in [utf16.as_slice(), b"\xef\xbb\xbfhost = \"k\xc3\xb6ln\"\n", b"host = \"k\xc3\xb6ln\"\r\n"] {
        let (tree, db) = (tree_with(side), Db::sqlite());
        load(&tree, &db);
        assert_eq!(runs(&tree, &db, &["host"]), ["köln", "köln", "-"]);
    }
}

#[test]
fn a_side_file_that_is_not_heard_is_not_lost_in_silence() {
    let (tree, db) = (Tree::new(), Db::sqlite());
    tree.file("a/prc.toml.gz", pack::gz(b"host = \"elm\"\n")).file("a/perf.txt", PERF);
    let twice: &[(&str, &[u8])] =
        &[("prc.toml", b"host = \"elm\"\n"), ("perf.txt", PERF.as_bytes()), ("./prc.toml", b"host = \"fir\"\n")];
    tree.file("b.tar", pack::tar(twice)).file("c.zip", pack::zip(&[("prc.toml.gz", &pack::gz(b"host = \"elm\"\n"))]));
    let (output, _) = import(&tree, &db, "results", &[]);
    assert_eq!(output.status, 1);
    let expected = [
        "a/prc.toml 0 0 side file a compressed side file, which is not listened to",
        "b.tar/prc.toml#2 0 0 side file another side file of the same place, which came first, was used",
        "c.zip/prc.toml 0 0 side file a compressed side file, which is not listened to",
    ];
    assert_eq!(rejects(&tree, &db), expected);
    assert_eq!(runs(&tree, &db, &["path", "host"]), ["a/perf.txt -", "b.tar/perf.txt elm"]);
}

#[test]
fn a_broken_side_file_in_an_archive_costs_what_is_below_it_there() {
    on_both(|db| {
        let tree = Tree::new();
        let [first, second, third] = ["1", "2", "3"].map(perf);
        let archive = |side: &str| {
            let files: [(&str, &[u8]); 4] = [
                ("a/perf.txt", first.as_bytes()),
                ("c/perf.txt", second.as_bytes()),
                ("a/b/perf.txt", third.as_bytes()),
                ("a/prc.toml", side.as_bytes()),
            ];
            pack::gz(&pack::tar(&files))
        };
        tree.file("x.tar.gz", archive("\nlabel.a = 1\n"));
        let (output, report) = import(&tree, db, "results", &[]);
        assert_eq!((output.status, &report["sources"]["new"], &report["sources"]["held_back"]), (1, &1.into(), &2.into()));
        let mistake = "unknown key 'label', did you mean 'labels'?";
        assert_eq!(rejects(&tree, db), [format!("x.tar.gz/a/prc.toml 2 1 side file {mistake}")]);
        tree.file("x.tar.gz", archive("\nlabels.a = 1\n"));
        assert_eq!(load(&tree, db)["sources"]["new"], 2);
        assert_eq!(rejects(&tree, db), Vec::<String>::new());
        let expected = ["x.tar.gz/a/b/perf.txt {\"a\":\"1\"}", "x.tar.gz/a/perf.txt {\"a\":\"1\"}", "x.tar.gz/c/perf.txt -"];
        assert_eq!(runs(&tree, db, &["path", "labels"]), expected);
    });
}

#[test]
fn many_and_costly_patterns_are_read_in_good_time() {
    let names: Vec<String> = (0..256).map(|i| format!("\"x{i} {{a{i}}} y {{b{i}:[0-9]+}} *\"")).collect();
    let paths: Vec<String> = (0..256).map(|i| format!("\"**/{{a:[a-z]{{1,900}}}}/{}\"", "z".repeat(100 + i % 50))).collect();
    let (text, layout) = (format!("text = [{}]\n", names.join(",")), format!("layout = [{}]\n", paths.join(",")));
    let tree = Tree::new();
    tree.file("text/prc.toml", text).file("layout/prc.toml", layout).file("layout/a/perf.txt", PERF);
    tree.file("text/perf.txt", perf("2") + &"a line of another program\n".repeat(5_000));
    let began = std::time::Instant::now();
    load(&tree, &Db::sqlite());
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
