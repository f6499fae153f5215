//! Parts of a machine and control groups: only numbers of the same part are meant to be equal.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use std::fmt::Write;

use serde_json::{Value, json};
use tree::Tree;

/// An experiment of some runs, each of these lines.
fn imported(runs: usize, lines: impl Fn(usize) -> String) -> Tree {
    let tree = Tree::new();
    for run in 0..runs {
        tree.file(format!("r{run}.csv"), lines(run));
    }
    let imported = tree.import(&["--experiment", "sort", "--microarch", "skylake"]);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    tree
}

fn rows(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let output = tree.run(&[arguments, &["--db", "test.db", "--format", "json"]].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    serde_json::from_str(&output.stdout).unwrap()
}

fn of(rows: &[Value], names: &[&str]) -> Vec<Value> {
    rows.iter().map(|row| names.iter().map(|name| row[name].clone()).collect()).collect()
}

/// Three control groups whose numbers repeat exactly.
fn control_groups(_: usize) -> String {
    let line = |(value, cgroup)| format!("{value},,instructions,{cgroup},1511334,100.00,,\n");
    [(1_000_000_000, "web"), (5000, "idle"), (77, "db")].map(line).concat()
}

#[test]
fn a_control_group_is_no_repetition_of_another() {
    let tree = imported(5, control_groups);
    let names = ["cgroup", "n", "mean", "sd"];
    let expected = [json!(["db", 5, 77.0, 0.0]), json!(["idle", 5, 5000.0, 0.0]), json!(["web", 5, 1e9, 0.0])];
    assert_eq!(of(&rows(&tree, &["stats"]), &names), expected);
    assert_eq!(rows(&tree, &["findings"]), Vec::<Value>::new());
    for mixed in ["cgroup", "scope"] {
        // (1e9 + 5000 + 77) / 3.
        let found = rows(&tree, &["stats", "--mix", mixed]);
        assert_eq!(of(&found, &["cgroup", "n", "median"]), [json!([null, 15, 5000.0])]);
        assert!((found[0]["mean"].as_f64().unwrap() - 1_000_005_077.0 / 3.0).abs() < 1e-3, "{found:?}");
    }
}

#[test]
fn control_groups_are_compared_where_they_tell_the_sides_apart() {
    let tree = imported(5, control_groups);
    let found = rows(&tree, &["compare", "--a", "cgroup=web", "--b", "cgroup=idle"]);
    assert_eq!(of(&found, &["n_a", "n_b", "median_a", "median_b", "verdict"]), [json!([5, 5, 1e9, 5000.0, "different"])]);
    let found = rows(&tree, &["compare", "--a", "value=77", "--b", "value=5000"]);
    let remarks = [json!(["cgroup db here, idle there"]), json!(["cgroup idle here, db there"])];
    assert_eq!(of(&found, &["remark"]), remarks);
}

/// `perf stat -A`: CPU3 is busy, CPU11 is off, in every run.
#[test]
fn a_cpu_that_is_busy_in_every_run_is_no_suspect() {
    let tree = imported(10, |run| {
        (0..12).fold(String::new(), |mut text, cpu| {
            let value = match cpu {
                3 => 1_200_000_000,
                11 => 0,
                _ => 100_000 + run,
            };
            writeln!(text, "CPU{cpu},{value},,instructions,1511334,100.00,,").unwrap();
            text
        })
    });
    assert_eq!(rows(&tree, &["suspects"]), Vec::<Value>::new());
    let found = rows(&tree, &["stats"]);
    let parts: Vec<Value> = (0..12).map(|cpu| json!(["cpu", format!("CPU{cpu}"), 10])).collect();
    assert_eq!(of(&found, &["scope", "part", "n"]), parts, "in natural order");
    assert_eq!(of(&rows(&tree, &["stats", "--mix", "part"]), &["scope", "part", "n"]), [json!(["cpu", null, 120])]);
    assert_eq!(of(&rows(&tree, &["stats", "--mix", "scope"]), &["scope", "part", "n"]), [json!([null, null, 120])]);
}

/// `perf stat --per-thread`: `comm-pid`, and every run has other numbers.
#[test]
fn threads_of_all_runs_are_one_group() {
    let tree = imported(5, |run| format!("sort-{},{},,instructions,1511334,100.00,,\n", 4711 + 13 * run, 1000 + run));
    assert_eq!(of(&rows(&tree, &["stats"]), &["scope", "part", "n"]), [json!(["thread", null, 5])]);
}
