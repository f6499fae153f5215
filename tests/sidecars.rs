//! Side files, path templates, labels and captured system files from outside: what is said of a tree reaches its runs, with the file
//! that said it, and what is wrong with a side file costs what lies below it and nothing else.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use serde_json::Value;

#[path = "sidecars/arbitrary.rs"]
mod arbitrary;
#[path = "sidecars/archived.rs"]
mod archived;
#[path = "sidecars/broken.rs"]
mod broken;
#[path = "sidecars/captured.rs"]
mod captured;
#[path = "sidecars/changed.rs"]
mod changed;
#[path = "sidecars/chosen.rs"]
mod chosen;
#[path = "support/pack.rs"]
mod pack;
#[path = "sidecars/stated.rs"]
mod stated;
mod support;
#[expect(dead_code, reason = "each test binary uses its part of this")]
#[path = "support/tree.rs"]
mod tree;

use support::Db;
use tree::{Output, PERF, Tree};

/// Output of a run with this number of cycles.
fn perf(cycles: &str) -> String {
    PERF.replace("1,234,567", cycles)
}

/// Loads what lies at `argument`.
fn import(tree: &Tree, db: &Db, argument: &str, options: &[&str]) -> (Output, Value) {
    let output = tree.run(&[&[argument, "--db", &db.text, "--report", "json"], options].concat());
    let report = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output, report)
}

/// Loads the tree, of which nothing may be rejected.
fn load(tree: &Tree, db: &Db) -> Value {
    let (output, report) = import(tree, db, "results", &[]);
    assert_eq!(output.status, 0, "{output:?}");
    report
}

fn show(tree: &Tree, db: &Db, arguments: &[&str]) -> String {
    let output = tree.run(&[&["show"], arguments, &["--db", &db.text]].concat());
    assert_eq!(output.status, 0, "{output:?}");
    output.stdout
}

fn rows(tree: &Tree, db: &Db, arguments: &[&str]) -> Vec<Value> {
    serde_json::from_str(&show(tree, db, &[arguments, &["--format", "json"]].concat())).unwrap()
}

/// A value as it stands in a listing, without quotes; `-` for none.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The fields of each row, with blanks between.
fn fields(rows: &[Value], names: &[&str]) -> Vec<String> {
    rows.iter().map(|row| names.iter().map(|name| text(&row[*name])).collect::<Vec<_>>().join(" ")).collect()
}

/// Fields of every run, in the order of the listing.
fn runs(tree: &Tree, db: &Db, names: &[&str]) -> Vec<String> {
    fields(&rows(tree, db, &["runs"]), names)
}

/// `field = value < origin < file`, of every value of the runs of a path.
fn context(tree: &Tree, db: &Db, path: &str) -> Vec<String> {
    let rows = rows(tree, db, &["sources", "--context", "--path", path]);
    let names = ["field", "value", "origin", "stated_by"];
    let line = |row: &Value| {
        let [field, value, origin, stated_by] = names.map(|name| text(&row[name]));
        format!("{field} = {value} < {origin} < {stated_by}")
    };
    rows.iter().map(line).collect()
}

/// Notes of the source at a path.
fn notes(tree: &Tree, db: &Db, path: &str) -> String {
    text(&rows(tree, db, &["sources", "--path", path])[0]["notes"])
}
