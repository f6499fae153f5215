//! The inputs of the collector that this program replaces, as they were fed to it: through standard input.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What `show results` has after an import of standard input: event, value, status, tool.
fn loaded(text: &str, options: &[&str]) -> Vec<(String, f64, String, String)> {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("x.db");
    let database = database.to_str().unwrap();
    let program = env!("CARGO_BIN_EXE_prc-etl");
    let mut import = Command::new(program)
        .args(["import", "-", "--quiet", "--experiment", "x", "--db", database])
        .args(options)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    let shown = Command::new(program).args(["show", "results", "--format", "json", "--db", database]).output().unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&shown.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tool = |row: &Value| format!("{}-{}", text(&row["tool"]), text(&row["tool_version"]));
    rows.iter()
        .map(|row| (text(&row["event"]), row["value"].as_f64().unwrap_or(-1.0), text(&row["status"]), tool(row)))
        .collect()
}

fn row(event: &str, value: f64, status: &str, tool: &str) -> (String, f64, String, String) {
    (event.to_owned(), value, status.to_owned(), tool.to_owned())
}

#[test]
fn perf_rows_between_semicolons_are_read() {
    let text =
        "# started on Sun Nov 22 15:05:28 2026\n\n805623;;cycles:u;1203944;100.00;;\n<not supported>;;branches;0;100.00;;\n";
    let expected = [row("cycles:u", 805_623.0, "counted", "perf-6.1"), row("branches", -1.0, "not supported", "perf-6.1")];
    assert_eq!(loaded(text, &["--tool", "perf-6.1"]), expected);
}

#[test]
fn brief_rows_of_ocount_are_read() {
    let text = "CPU_CLK_UNHALTED:0x00:1,1234567,100.00\nLLC_MISSES,42,100.00\n";
    let tool = "oprofile-1.4.0";
    let expected = [row("CPU_CLK_UNHALTED:0x00:1", 1_234_567.0, "counted", tool), row("LLC_MISSES", 42.0, "counted", tool)];
    assert_eq!(loaded(text, &["--tool", tool]), expected);
}

#[test]
fn pairs_of_name_and_value_are_read() {
    let text = "PAPI_TOT_CYC;805623\nPAPI_L1_DCM;77\n";
    let tool = "papi-5.4.3";
    let expected = [row("PAPI_TOT_CYC", 805_623.0, "counted", tool), row("PAPI_L1_DCM", 77.0, "counted", tool)];
    assert_eq!(loaded(text, &["--tool", tool]), expected);
}
