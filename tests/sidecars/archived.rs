//! A tree and its archives are the same, with everything that says something of results inside.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use super::support::{Db, dump, on_both};
use super::tree::{PERF, Tree};
use super::{import, load, pack, perf, rows, runs};

type Files = Vec<(String, Vec<u8>)>;

/// A tree with side files at two depths, captured files of two hosts, templates, patterns of text, what is not wanted and what is broken.
fn files() -> Files {
    let cpu =
        |model: u32| format!("processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: {model}\nstepping\t: 3\n");
    let outer = "layout = \"{host}/{compiler}/[deep/]run_{repeat}.txt\"\nexclude = [\"**/old/**\"]\ntext = [\"N = {n}\"]\n";
    let log = format!("N = 1\n{PERF}N = 2\n{PERF}");
    let files: [(&str, &str); 13] = [
        ("elm/cpuinfo", &cpu(158)),
        ("elm/gcc/deep/run_2.txt", &perf("2")),
        ("elm/gcc/old/run_9.txt", &perf("9")),
        ("elm/gcc/run_1.txt", &perf("1")),
        ("fir/clang/prc.toml", "labels.compiler = \"clang-16\"\n[environment]\nkernel = \"6.1\"\n"),
        ("fir/clang/run_1.txt", &log),
        ("fir/hostname", "fir.example.org\n"),
        (
            "fir/lscpu.txt",
            "Architecture: x86_64\nVendor ID: GenuineIntel\nCPU family: 6\nModel: 85\nStepping: 7\nModel name: Xeon\n",
        ),
        ("fir/uname.txt", "Linux fir 5.10.0-28-amd64 #1 SMP Debian 5.10.209-2 (2024-01-31) x86_64 GNU/Linux\n"),
        ("oak/prc.toml", "hots = \"oak\"\n"),
        ("oak/run_1.txt", &perf("3")),
        ("notes", "text\n"),
        ("prc.toml", outer),
    ];
    files.map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec())).into()
}

fn borrowed(files: &Files) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect()
}

/// Everything that the listings show, but where the tree lay, when its files changed, and the numbers of the imports.
fn listings(tree: &Tree, db: &Db) -> Vec<String> {
    let commands: [&[&str]; 5] = [&["sources"], &["runs"], &["results"], &["rejects"], &["sources", "--context"]];
    let mut lines = Vec::new();
    for command in commands {
        for mut row in rows(tree, db, command) {
            let row = row.as_object_mut().unwrap();
            row.remove("root");
            row.remove("modified_at");
            lines.push(format!("{command:?} {}", Value::Object(row.clone())));
        }
    }
    lines
}

fn pipe(tree: &Tree, db: &Db, bytes: &[u8]) {
    let mut child = tree
        .command(&["import", "-", "--db", &db.text])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "one side file is broken");
}

#[test]
fn a_tree_and_every_archive_of_it_give_the_same_content() {
    let (tree, forward) = (Tree::new(), files());
    for (name, content) in &forward {
        tree.file(name, content);
    }
    let backward: Files = forward.iter().rev().cloned().collect();
    on_both(|db| {
        let (output, report) = import(&tree, db, "results", &[]);
        let counts = ["new", "excluded", "held_back", "unknown", "rejected"].map(|name| report["sources"][name].to_string());
        assert_eq!((output.status, counts.join(" ").as_str()), (1, "3 1 1 7 1"), "{output:?}");
        let expected = listings(&tree, db);
        assert!(expected.iter().filter(|line| line.contains("captured:")).count() > 10, "{expected:#?}");
        for order in [&forward, &backward] {
            let (plain, packed) = (pack::tar(&borrowed(order)), pack::zip(&borrowed(order)));
            let forms = [
                ("x.tar", plain.clone()),
                ("x.tar.gz", pack::gz(&plain)),
                ("x.tar.bz2", pack::bz2(&plain)),
                ("x.tar.xz", pack::xz(&plain)),
                ("x.tar.zst", pack::zst(&plain)),
                ("x.zip", packed),
            ];
            for (name, bytes) in forms {
                fs::write(tree.root().with_file_name(name), &bytes).unwrap();
                for jobs in ["1", "8"] {
                    let fresh = Db::sqlite();
                    assert_eq!(import(&tree, &fresh, name, &["--jobs", jobs]).0.status, 1);
                    assert_eq!(listings(&tree, &fresh), expected, "{name} --jobs {jobs}");
                    let again = import(&tree, &fresh, "results", &[]).1;
                    let counts = ["new", "already_there", "stale"].map(|name| again["sources"][name].to_string());
                    assert_eq!(counts.join(" "), "0 10 0", "the tree after {name}");
                }
                let fresh = Db::sqlite();
                pipe(&tree, &fresh, &bytes);
                assert_eq!(listings(&tree, &fresh), expected, "{name} through a pipe");
            }
        }
    });
}

#[test]
fn an_archive_in_an_archive_is_a_directory_in_a_directory() {
    let (tree, inner) = (Tree::new(), files());
    let above = ("prc.toml".to_owned(), b"host = \"above\"\nlabels.above = 1\n".to_vec());
    for (name, content) in inner.iter().map(|(name, content)| (format!("in.tar/{name}"), content)) {
        tree.file(name, content);
    }
    tree.file(&above.0, &above.1);
    let whole = Db::sqlite();
    import(&tree, &whole, "results", &[]);
    let expected = listings(&tree, &whole);
    for order in [inner.clone(), inner.into_iter().rev().collect()] {
        let held = ("in.tar".to_owned(), pack::tar(&borrowed(&order)));
        for outer in [vec![above.clone(), held.clone()], vec![held, above.clone()]] {
            for (name, bytes) in [("y.tar", pack::tar(&borrowed(&outer))), ("y.zip", pack::zip(&borrowed(&outer)))] {
                fs::write(tree.root().with_file_name(name), bytes).unwrap();
                for jobs in ["1", "8"] {
                    let fresh = Db::sqlite();
                    import(&tree, &fresh, name, &["--jobs", jobs]);
                    assert_eq!(listings(&tree, &fresh), expected, "{name} --jobs {jobs}");
                }
            }
        }
    }
}

#[test]
fn what_lies_above_an_archive_speaks_of_its_members() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "layout = \"night.tar.gz/{host}/**\"\nlabels.above = 1\n")
            .file("os-release", "NAME=Debian\nID=debian\n");
        tree.file(
            "night.tar.gz",
            pack::gz(&pack::tar(&[("elm/perf.txt", PERF.as_bytes()), ("elm/prc.toml", b"labels.n = 1\n")])),
        );
        load(&tree, db);
        let labels = "{\"above\":\"1\",\"n\":\"1\",\"os\":\"Debian\"}";
        assert_eq!(runs(&tree, db, &["path", "host", "labels"]), [format!("night.tar.gz/elm/perf.txt elm {labels}")]);
    });
}

#[test]
fn an_archive_that_grows_every_night_adds_exactly_what_is_new() {
    on_both(|db| {
        let (tree, mut held) = (Tree::new(), Files::new());
        held.push(("prc.toml".to_owned(), b"layout = \"{host}/{date}/run_{repeat}.txt\"\n".to_vec()));
        let fresh = Db::sqlite();
        for night in 1..=3 {
            for run in 1..=2 {
                held.push((format!("elm/2026-11-0{night}/run_{run}.txt"), perf(&format!("{night}{run}")).into_bytes()));
            }
            tree.file("all.tar.gz", pack::gz(&pack::tar(&borrowed(&held))));
            let report = load(&tree, db);
            let counts = ["new", "already_there", "replaced", "stale"].map(|name| report["sources"][name].as_i64().unwrap());
            assert_eq!(counts, [2, (night - 1) * 2 + i64::from(night > 1), 0, 0], "night {night}");
        }
        load(&tree, &fresh);
        assert_eq!(dump(db), dump(&fresh));
        let expected = ["2026-11-01T00:00:00 1", "2026-11-01T00:00:00 2", "2026-11-02T00:00:00 1"];
        assert_eq!(runs(&tree, db, &["started_at", "repetition"])[..3], expected);
    });
}
