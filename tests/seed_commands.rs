//! What the commands of the predecessor did to its users: silence, invented machines, half-done imports, SQL made of names.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::process::{Command, Output};

use serde_json::Value;
use support::{Db, on_both};

const ROWS: &str = "805623;;cycles:u;1203944;100.00;;\n";

fn prc(db: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).env("PRC_DATABASE_URL", db).args(arguments).output().unwrap()
}

/// Imports a file of that content; status and what was said.
fn import(db: &Db, content: &str, options: &[&str]) -> (i32, String) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("perf.csv");
    std::fs::write(&file, content).unwrap();
    let output = prc(&db.text, &[&["import", file.to_str().unwrap()], options].concat());
    (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

fn rows(db: &Db, arguments: &[&str]) -> Vec<Value> {
    let output = prc(&db.text, &[arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn help_needs_no_database() {
    for command in ["import", "record", "parse", "init", "show", "events", "microarchs", "experiments", "imports", "db"] {
        let output = prc("postgres://nobody@127.0.0.1:1/none", &[command, "--help"]);
        assert!(output.status.success() && !output.stdout.is_empty(), "{command}");
    }
}

/// A log of POWER has no CPU family: the predecessor took this for "nothing given" and wrote down the importing machine.
#[test]
fn a_log_of_another_machine_is_never_booked_on_this_one() {
    on_both(|db| {
        let options =
            ["--arch", "ppc64le", "--kernel", "4.14.0-115.el7a", "--model", "0", "--stepping", "0", "--tool", "perf-4.14"];
        assert_eq!(import(db, ROWS, &options).0, 0);
        assert_eq!(import(db, "5;;cycles;6;100.00;;\n", &["--tool", "perf"]).0, 0);
        let shown: Vec<String> = rows(db, &["show", "runs"])
            .iter()
            .map(|run| {
                let fields = ["arch", "vendor", "family", "model", "stepping", "kernel", "virt", "host", "tool_version"];
                fields.map(|field| run[field].to_string().replace('"', "")).join(" ")
            })
            .collect();
        let mut shown = shown;
        shown.sort();
        assert_eq!(
            shown,
            ["null null null null null null null null null", "ppc64le null null 0 0 4.14.0-115.el7a null null 4.14"]
        );
    });
}

#[test]
fn a_file_without_results_is_named_and_leaves_no_experiment_and_no_tool() {
    on_both(|db| {
        for content in ["", "hello\n"] {
            let (status, said) = import(db, content, &["--experiment", "ghost", "--tool", "perf-6.1"]);
            assert!(status == 0 && said.contains("perf.csv"), "{said}");
        }
        assert_eq!(rows(db, &["experiments", "list"]), Vec::<Value>::new());
        assert_eq!(db.number("SELECT COUNT(*) FROM tools") + db.number("SELECT COUNT(*) FROM environments"), 0);
    });
}

#[test]
fn a_missing_file_is_told_with_a_status() {
    on_both(|db| {
        let output = prc(&db.text, &["import", "/nonexistent/perf.csv"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("/nonexistent/perf.csv"), "{output:?}");
    });
}

#[test]
fn names_are_never_sql() {
    on_both(|db| {
        let name = "it's \"x\"; DROP TABLE runs; --";
        assert_eq!(import(db, ROWS, &["--experiment", name, "--tool", "perf-6.1'"]).0, 0);
        assert_eq!(prc(&db.text, &["experiments", "edit", name, "--description", "'); --"]).status.code(), Some(0));
        for arguments in [["--experiment", name], ["--tool", "perf-6.1'"]] {
            assert_eq!(rows(db, &[&["show", "results"][..], &arguments].concat()).len(), 1, "{arguments:?}");
        }
        let none = [["--experiment", "' OR '1'='1"], ["--event", "x' OR 1=1 --"]];
        for arguments in none {
            assert_eq!(rows(db, &[&["show", "results"][..], &arguments].concat()).len(), 0, "{arguments:?}");
        }
    });
}
