//! What side files, paths and lines state of runs.

use std::io::Write;
use std::process::Stdio;

use super::support::on_both;
use super::tree::{PERF, Tree};
use super::{context, import, load, notes, perf, rows, runs, show};

#[test]
fn the_nearest_side_file_wins_key_by_key_and_is_named() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "experiment = \"outer\"\nhost = \"oak\"\n[labels]\ncompiler = \"gcc-12\"\nnight = 7\n")
            .file(
                "a/prc.toml",
                "experiment = \"inner\"\nlabels.compiler = \"clang-16\"\n[environment]\nkernel = \"6.1.0\"\nmodel = 0x9e\n",
            )
            .file("a/b/perf.txt", PERF)
            .file("perf.txt", perf("2"));
        assert_eq!(load(&tree, db)["unknown"]["side file of prc-etl"], 2);
        let fields = ["path", "experiment", "host", "labels", "kernel", "model"];
        let expected = [
            "a/b/perf.txt inner oak {\"compiler\":\"clang-16\",\"night\":\"7\"} 6.1.0 158",
            "perf.txt outer oak {\"compiler\":\"gcc-12\",\"night\":\"7\"} - -",
        ];
        assert_eq!(runs(&tree, db, &fields), expected);
        let expected = [
            "experiment = inner < sidecar:1 < a/prc.toml",
            "tool = perf < file < a/b/perf.txt",
            "host = oak < sidecar:2 < prc.toml",
            "model = 158 < sidecar:1 < a/prc.toml",
            "kernel = 6.1.0 < sidecar:1 < a/prc.toml",
            "label.compiler = clang-16 < sidecar:1 < a/prc.toml",
            "label.night = 7 < sidecar:2 < prc.toml",
        ];
        assert_eq!(context(&tree, db, "a/b/perf.txt"), expected);
    });
}

#[test]
fn labels_and_repetitions_are_listed_and_chosen_by() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "layout = \"{host}/{compiler}/run_{repeat}.txt\"\n")
            .file("elm/gcc/run_1.txt", perf("1"))
            .file("elm/gcc/run_02.txt", perf("2"))
            .file("fir/clang/run_1.txt", perf("3"))
            .file("stray.txt", perf("4"));
        assert_eq!(load(&tree, db)["sources"]["off_layout"], 1);
        let csv = show(&tree, db, &["runs", "--format", "csv"]);
        let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
        assert_eq!(at("repetition"), at("labels") + 1);
        assert!(csv.contains("elm,\"{\"\"compiler\"\":\"\"gcc\"\"}\",2,"), "{csv}");
        let expected = [
            "elm/gcc/run_02.txt elm {\"compiler\":\"gcc\"} 2",
            "elm/gcc/run_1.txt elm {\"compiler\":\"gcc\"} 1",
            "fir/clang/run_1.txt fir {\"compiler\":\"clang\"} 1",
            "stray.txt - - -",
        ];
        assert_eq!(runs(&tree, db, &["path", "host", "labels", "repetition"]), expected);
        let chosen = |arguments: &[&str]| rows(&tree, db, &[&["runs"], arguments].concat()).len();
        assert_eq!(chosen(&["--label", "compiler=gcc"]), 2);
        assert_eq!(chosen(&["--label", "compiler=gcc", "--label", "compiler=clang"]), 3);
        assert_eq!(chosen(&["--label", "compiler=gcc", "--label", "night=1"]), 0);
        assert_eq!(chosen(&["--label", "compiler=gc"]), 0);
        assert_eq!(rows(&tree, db, &["results", "--label", "compiler=clang", "--event", "cycles"])[0]["count"], 3);
        assert!(notes(&tree, db, "stray.txt").contains("no path template fits"), "{}", notes(&tree, db, "stray.txt"));
    });
}

#[test]
fn a_contradiction_is_noted_and_nothing_is_overridden() {
    on_both(|db| {
        let tree = Tree::new();
        let uname = "Linux elm 5.10.0-28-amd64 #1 SMP Debian 5.10.209-2 (2024-01-31) x86_64 GNU/Linux\n";
        tree.file("prc.toml", "[environment]\nkernel = \"6.1\"\n").file("perf.txt", format!("{uname}{PERF}"));
        load(&tree, db);
        assert_eq!(runs(&tree, db, &["kernel", "host", "arch"]), ["6.1 elm x86_64"]);
        let note = "kernel: '6.1' (sidecar:1) stands against '5.10.0-28-amd64' (file)";
        assert!(notes(&tree, db, "perf.txt").lines().any(|line| line == note), "{}", notes(&tree, db, "perf.txt"));
    });
}

#[test]
fn an_option_wins_over_a_side_file_and_that_over_the_path_and_the_text() {
    let tree = Tree::new();
    let side = "layout = \"{host}/*\"\ntext = [\"HOST {host}\", \"N = {n}\"]\nlabels.n = \"side\"\n";
    tree.file("prc.toml", side).file("elm/perf.txt", format!("HOST fir\nN = 3\n{PERF}"));
    on_both(|db| {
        import(&tree, db, "results", &["--label", "n=flag"]);
        let context = context(&tree, db, "elm/perf.txt");
        assert!(context.contains(&"host = elm < layout < elm/perf.txt".to_owned()), "{context:?}");
        assert!(context.contains(&"label.n = flag < flag < -".to_owned()), "{context:?}");
        let notes = notes(&tree, db, "elm/perf.txt");
        for note in [
            "host: 'elm' (layout) stands against 'fir' (text)",
            "label n: 'flag' (flag) stands against 'side' (sidecar:1)",
            "label n: 'side' (sidecar:1) stands against '3' (text)",
        ] {
            assert!(notes.contains(note), "{notes}");
        }
    });
}

#[test]
fn lines_between_outputs_speak_for_those_that_follow() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "text = [\"===== N = {n:[0-9]+} =====\", \"kernel: {kernel}\"]\n").file(
            "log",
            format!("===== N = 1 =====\n{PERF}{PERF}kernel: 6.12.1\n===== N = 20 =====\n{PERF}===== N = x =====\n{PERF}"),
        );
        load(&tree, db);
        let expected = ["0 {\"n\":\"1\"} -", "1 {\"n\":\"1\"} -", "2 {\"n\":\"20\"} 6.12.1", "3 {\"n\":\"20\"} 6.12.1"];
        assert_eq!(runs(&tree, db, &["run", "labels", "kernel"]), expected);
    });
}

#[test]
fn a_stream_takes_a_side_file_and_labels() {
    on_both(|db| {
        let tree = Tree::new();
        let side = "host = \"elm\"\nlabels.a = \"side\"\ninclude = [\"*.txt\"]\n";
        std::fs::write(tree.root().with_file_name("side.toml"), side).unwrap();
        let mut command =
            tree.command(&["-", "--db", &db.text, "--sidecar", "side.toml", "--label", "b=1", "--report", "json"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(PERF.as_bytes()).unwrap();
        assert!(child.wait_with_output().unwrap().status.success());
        assert_eq!(runs(&tree, db, &["path", "host", "labels"]), ["- elm {\"a\":\"side\",\"b\":\"1\"}"]);
        assert!(context(&tree, db, "-").contains(&"label.a = side < sidecar:1 < side.toml".to_owned()));
    });
}

#[test]
fn a_side_file_that_was_given_speaks_of_paths_below_each_argument() {
    on_both(|db| {
        let tree = Tree::new();
        std::fs::write(tree.root().with_file_name("side.toml"), "layout = \"{host}/*\"\nlabels.from = \"option\"\n").unwrap();
        tree.file("x/elm/perf.txt", PERF).file("y/fir/perf.txt", perf("2")).file("y/prc.toml", "labels.from = \"tree\"\n");
        import(&tree, db, "results/x", &["results/y", "--sidecar", "side.toml"]);
        let expected = ["elm/perf.txt elm {\"from\":\"option\"}", "fir/perf.txt fir {\"from\":\"tree\"}"];
        assert_eq!(runs(&tree, db, &["path", "host", "labels"]), expected);
    });
}

#[test]
fn the_file_that_stated_a_value_is_named_however_many_there_are_and_whatever_their_names() {
    let tree = Tree::new();
    let mut directory = String::new();
    for depth in 0..12 {
        tree.file(format!("{directory}prc.toml"), format!("labels.depth_{depth} = {depth}\n"));
        directory.push_str("two\nlines/");
    }
    tree.file(format!("{directory}perf.txt"), PERF);
    on_both(|db| {
        load(&tree, db);
        let context = context(&tree, db, "*perf.txt");
        let below = |depth: usize| "two\\x0Alines/".repeat(depth) + "prc.toml";
        for (depth, place) in [(11, 1), (10, 2)] {
            let line = format!("label.depth_{depth} = {depth} < sidecar:{place} < {}", below(depth));
            assert!(context.contains(&line), "{context:?}");
        }
        assert!(context.contains(&"label.depth_0 = 0 < sidecar:12 < -".to_owned()), "{context:?}");
        let named = context.iter().filter(|line| line.ends_with("prc.toml")).count();
        let unnamed = context.iter().filter(|line| line.starts_with("label.") && line.ends_with("< -")).count();
        assert_eq!((named + unnamed, named > 1), (12, true), "{context:?}");
    });
}
