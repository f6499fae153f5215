//! Which files are read, and as what.

use super::support::{Db, on_both};
use super::tree::{PERF, Tree};
use super::{import, load, notes, pack, perf, runs};

#[test]
fn include_and_exclude_choose_files_and_members_of_archives_alike() {
    let (one, two) = (perf("1"), perf("2"));
    let files: [(&str, &[u8]); 4] = [
        ("a/perf.txt", one.as_bytes()),
        ("a/old/perf.txt", two.as_bytes()),
        ("a/perf.csv", b"12;;cycles;5;100.00;;\n"),
        ("b.txt", PERF.as_bytes()),
    ];
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "include = [\"**/*.txt\"]\nexclude = \"**/old/**\"\n");
        for (name, content) in files {
            tree.file(name, content);
        }
        tree.file("x.tar.gz", pack::gz(&pack::tar(&files)))
            .file("y.zip", pack::zip(&files))
            .file("z.txt.xz", pack::xz(b"text\n"));
        let report = load(&tree, db);
        assert_eq!((&report["sources"]["new"], &report["sources"]["excluded"]), (&6.into(), &6.into()));
        let below = |archive: &str| [format!("{archive}a/perf.txt"), format!("{archive}b.txt")];
        assert_eq!(runs(&tree, db, &["path"]), [below(""), below("x.tar.gz/"), below("y.zip/")].concat());
        assert_eq!(report["unknown"]["text"], 1, "a compressed file is meant by the name that it will have");
        let again = load(&tree, db);
        assert_eq!((&again["sources"]["new"], &again["sources"]["already_there"]), (&0.into(), &8.into()), "{again}");
    });
}

#[test]
fn the_nearest_include_decides_and_an_archive_is_left_out_by_its_own_name() {
    let (tree, db) = (Tree::new(), Db::sqlite());
    tree.file("prc.toml", "include = [\"*.txt\"]\nexclude = [\"old.tar\"]\n")
        .file("perf.txt", perf("1"))
        .file("a/perf.txt", perf("2"))
        .file("b/prc.toml", "include = [\"*.csv\"]\n")
        .file("b/perf.csv", "12;;cycles;5;100.00;;\n")
        .file("b/perf.txt", perf("3"))
        .file("old.tar", pack::tar(&[("perf.txt", perf("4").as_bytes())]))
        .file("new.tar", pack::tar(&[("perf.txt", perf("5").as_bytes()), ("prc.toml", b"include = [\"perf*\"]\n")]));
    let (output, report) = import(&tree, &db, "results", &["-v"]);
    assert_eq!((&report["sources"]["new"], &report["sources"]["excluded"]), (&3.into(), &3.into()), "{output:?}");
    assert_eq!(runs(&tree, &db, &["path"]), ["b/perf.csv", "new.tar/perf.txt", "perf.txt"]);
    for path in ["a/perf.txt", "b/perf.txt", "old.tar"] {
        assert!(output.stderr.contains(&format!("results/{path}")), "{output:?}");
    }
}

#[test]
fn a_format_that_is_named_is_used_whatever_the_content_looks_like() {
    let (tree, db) = (Tree::new(), Db::sqlite());
    tree.file("prc.toml", "[formats]\n\"*.dat\" = \"perf-stat-csv\"\n")
        .file("one.dat", "12;;cycles;5;100.00;;\n")
        .file("two.dat", PERF)
        .file("two.txt", PERF);
    let (_, report) = import(&tree, &db, "results", &[]);
    let formats = super::fields(&super::rows(&tree, &db, &["sources"]), &["path", "format", "result_lines"]);
    let expected = ["one.dat perf-stat-csv 1", "prc.toml - 0", "two.dat perf-stat-csv 0", "two.txt perf-stat-text 2"];
    assert_eq!(formats, expected, "{report}");
}

#[test]
fn a_path_that_no_template_reads_is_loaded_and_told() {
    let (tree, db) = (Tree::new(), Db::sqlite());
    tree.file("a_b_c/perf.txt", perf("1")).file("elm/perf.txt", perf("2"));
    let (output, report) = import(&tree, &db, "results", &["-v", "--layout", "{a}_{b}/*", "--layout", "{host}/perf.txt"]);
    assert_eq!((output.status, &report["sources"]["new"], &report["sources"]["off_layout"]), (0, &2.into(), &1.into()));
    assert_eq!(runs(&tree, &db, &["path", "host", "labels"]), ["a_b_c/perf.txt - -", "elm/perf.txt elm -"]);
    let note = notes(&tree, &db, "a_b_c/perf.txt");
    assert!(note.starts_with("nothing is taken from its path 'a_b_c/perf.txt': "), "{note}");
}
