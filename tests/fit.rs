//! Weights that are learnt from what people say of results, written, and applied only where they are named.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use std::fs;

use serde_json::{Value, json};
use tree::Tree;

fn log(cycles: u64) -> String {
    format!(
        "\n Performance counter stats for './prog':\n\n{cycles:>18}      cycles:u\n\n       0.001000000 seconds time elapsed\n\n"
    )
}

/// Ten runs of a steady experiment, ten of one whose cycles are all over the place.
fn loaded() -> Tree {
    let tree = Tree::new();
    for run in 0..10_u64 {
        tree.file(format!("steady/steady-{run}.txt"), log(1_000_000 + run));
        tree.file(format!("wild/wild-{run}.txt"), log(1_000_000 + run * run * 90_000));
    }
    for experiment in ["steady", "wild"] {
        let path = format!("results/{experiment}");
        assert_eq!(tree.run(&["import", &path, "--db", "test.db", "--experiment", experiment]).status, 0);
    }
    tree
}

fn said(tree: &Tree, experiment: &str, trust: &str) {
    let arguments =
        ["trust", "set", "--experiment", experiment, trust, "--kind", "count", "--reason", "seen", "--author", "ada"];
    let output = tree.run(&[&arguments[..], &["--yes-all", "100", "--db", "test.db"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
}

fn json(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let output = tree.run(&[arguments, &["--db", "test.db", "--format", "json"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

fn item<'r>(rows: &'r [Value], name: &str) -> &'r Value {
    rows.iter().find(|row| row["item"] == name).unwrap()
}

#[test]
fn too_few_verdicts_and_verdicts_of_one_kind_are_not_learnt_from() {
    let tree = loaded();
    let refused = |tree: &Tree| {
        let output = tree.run(&["trust", "fit", "--out", "weights.toml", "--db", "test.db"]);
        assert_eq!((output.status, output.stdout.as_str()), (1, ""));
        output.stderr
    };
    assert!(refused(&tree).contains("nothing is learnt: 0 verdicts of at least 0.5 and 0 below"));
    said(&tree, "steady", "1");
    assert!(refused(&tree).contains("10 verdicts of at least 0.5 and 0 below"));
    said(&tree, "wild", "1");
    assert!(refused(&tree).contains("20 verdicts of at least 0.5 and 0 below"));
    assert!(!tree.root().join("../weights.toml").exists());
}

#[test]
fn learnt_weights_are_used_where_they_are_named_and_nowhere_else() {
    let tree = loaded();
    said(&tree, "steady", "1");
    said(&tree, "wild", "0.05");
    let usual = json(&tree, &["trust", "explain", "steady-3.txt:4"]);
    let learnt = json(&tree, &["trust", "fit", "--out", "weights.toml"]);
    let version = item(&learnt, "version")["learnt"].as_str().unwrap().to_owned();
    assert!(version.starts_with("trust-1+fit-"), "{version}");
    assert_eq!(item(&learnt, "verdicts")["learnt"], json!(20));
    let stab = item(&learnt, "stab");
    assert!(stab["learnt"].as_f64() > stab["usual"].as_f64(), "what people look at weighs more: {stab}");
    assert_eq!(json(&tree, &["trust", "explain", "steady-3.txt:4"]), usual);
    let explained = json(&tree, &["trust", "explain", "steady-3.txt:4", "--weights", "weights.toml"]);
    assert!(item(&explained, "auto")["text"].as_str().unwrap().contains(&version));
    assert_ne!(item(&explained, "stab")["number"], item(&usual, "stab")["number"]);
    let suspects = tree.run(&["suspects", "--weights", "weights.toml", "--db", "test.db"]);
    assert!(suspects.stderr.contains(&format!("trust is that of {version}, not of trust-1")), "{}", suspects.stderr);
}

#[test]
fn a_file_that_is_there_is_kept_and_one_that_was_changed_is_refused() {
    let tree = loaded();
    said(&tree, "steady", "1");
    said(&tree, "wild", "0.05");
    let fit = || tree.run(&["trust", "fit", "--out", "weights.toml", "--db", "test.db"]).status;
    assert_eq!((fit(), fit()), (0, 2));
    let path = tree.root().join("../weights.toml");
    let changed = fs::read_to_string(&path).unwrap().replace("mux = 1.5", "mux = 2.5");
    fs::write(&path, changed).unwrap();
    let refused = tree.run(&["suspects", "--weights", "weights.toml", "--db", "test.db"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.contains("changed by hand?"), "{}", refused.stderr);
}
