//! The command `init` from outside: what it proposes for a tree reads every result of it.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::fs;
use std::path::{Path, PathBuf};

use prc_etl::place::layout::{Layouts, Reading};

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "each test binary uses its part of this")]
mod tree;

use tree::{Output, PERF, Tree};

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).to_str().unwrap().to_owned()
}

/// The templates of a proposal whose strings hold no escapes.
fn templates(proposal: &str) -> Layouts {
    let quoted = proposal.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    Layouts(quoted.map(|text| text.replace("\\\\", "\\").parse().unwrap()).collect())
}

/// Paths of the sources of a tree that hold runs, below the tree.
fn results(tree: &Tree, root: &str) -> Vec<String> {
    let output = tree.run(&["parse", root]);
    let objects = output.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let mut paths: Vec<String> =
        objects.filter(|object| object["type"] == "run").map(|run| run["source"].as_str().unwrap().to_owned()).collect();
    paths.dedup();
    paths.iter().map(|path| path.strip_prefix(root).unwrap().trim_start_matches('/').to_owned()).collect()
}

#[test]
fn a_proposal_reads_every_result_of_its_tree() {
    let tree = Tree::new();
    for name in ["trees/nightly", "layouts/packed", "layouts/separators", "layouts/governor", "layouts/sweep", "layouts/copies"]
    {
        let root = fixture(name);
        let Output { status, stdout, .. } = tree.run(&["init", &root]);
        assert_eq!(status, 0, "{name}");
        let (layouts, paths) = (templates(&stdout), results(&tree, &root));
        assert!(!paths.is_empty() && !layouts.0.is_empty(), "{name}: {stdout}");
        for path in paths {
            assert!(matches!(layouts.read(&path), Reading::Matched(_)), "{name}: {path}: {stdout}");
        }
    }
}

#[test]
fn a_proposal_is_a_side_file() {
    let tree = Tree::new();
    let nightly = fixture("trees/nightly");
    fs::write(tree.root().join("proposal.toml"), tree.run(&["init", &nightly]).stdout).unwrap();
    let output = tree.run(&["import", &nightly, "--db", "test.db", "--sidecar", "results/proposal.toml", "--report", "json"]);
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((output.status, &report["sources"]["new"], &report["sources"]["off_layout"]), (0, &24.into(), &0.into()));
}

#[test]
fn a_side_file_is_written_once_and_never_over_another() {
    let tree = Tree::new();
    tree.file("elm/run_1/perf.txt", PERF).file("elm/run_2/perf.txt", PERF);
    let side_file: PathBuf = tree.root().join("prc.toml");
    let first = tree.run(&["init", "results", "--write"]);
    assert_eq!((first.status, first.stdout.as_str(), first.stderr.as_str()), (0, "", ""));
    let written = fs::read_to_string(&side_file).unwrap();
    assert!(written.contains("\"elm/run_{repeat}/perf.txt\""), "{written}");
    let again = tree.run(&["init", "results", "--write"]);
    assert!(again.status == 3 && again.stderr.contains("prc.toml"), "{again:?}");
    assert_eq!(fs::read_to_string(&side_file).unwrap(), written);
    assert_eq!(tree.import(&["-q"]).status, 0);
    let runs = tree.run(&["show", "runs", "--db", "test.db", "--format", "json"]).stdout;
    let runs: serde_json::Value = serde_json::from_str(&runs).unwrap();
    let repetitions = [0, 1].map(|run| runs[run]["repetition"].to_string().replace('"', ""));
    assert_eq!(repetitions, ["1", "2"], "the side file is used as it was written");
}

/// A directory that may not be read is rejected by the walk as a FIFO is; root may read all.
#[test]
fn what_could_not_be_looked_at_is_told_and_is_no_success() {
    let tree = Tree::new();
    tree.file("elm/run_1/perf.txt", PERF).file("elm/run_2/perf.txt", PERF);
    for number in 0..8 {
        tree.fifo(&format!("elm/run_3/{number}"));
    }
    let output = tree.run(&["init", "results"]);
    assert_eq!(output.status, 1, "{output:?}");
    assert!(output.stdout.contains("\"elm/run_{repeat}/perf.txt\""), "{output:?}");
    let said: Vec<&str> = output.stderr.lines().collect();
    assert_eq!((said.len(), said[0]), (7, "prc-etl: results/elm/run_3/0: a FIFO, not a regular file"), "{output:?}");
    assert_eq!(said[6], "prc-etl: 2 more could not be read either");
}

#[test]
fn a_tree_without_results_is_an_error() {
    let tree = Tree::new();
    tree.file("notes.md", "# Notes\n");
    let output = tree.run(&["init", "results"]);
    assert!(output.status == 3 && output.stderr.contains("no result"), "{output:?}");
    assert_eq!(tree.run(&["init", "results/notes.md"]).status, 2);
}
