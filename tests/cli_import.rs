//! The commands `import` and `parse` from outside: what they print, what they load, how they end.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

#[path = "support/tree.rs"]
mod tree;

use tree::{Output, PERF, Tree, captured, output};

/// Three rows of CSV; the percentage of the second contradicts the decimal mark of the others.
const BROKEN_CSV: &str = "1000;;cycles;500;100.00;;\n2000;;instructions;500;100,00;;\n2000;;branches;500;100.00;;\n";

fn run_with_input(tree: &Tree, arguments: &[&str], input: &str) -> Output {
    let mut command = tree.command(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    captured(child.wait_with_output().unwrap())
}

fn database(tree: &Tree) -> PathBuf {
    tree.root().with_file_name("test.db")
}

fn rows(tree: &Tree, what: &str) -> Vec<Value> {
    let output = tree.run(&["show", what, "--db", "test.db", "--format", "json"]);
    assert_eq!(output.status, 0, "{output:?}");
    serde_json::from_str(&output.stdout).unwrap()
}

#[test]
fn a_tree_is_loaded_once_and_its_lines_add_up() {
    let tree = Tree::new();
    tree.file("a/perf.txt", PERF).file("b/perf.txt", PERF).file("notes.md", "# Notes\n\n## More\n");
    let (output, report) = tree.report(&[]);
    assert_eq!(output.status, 0, "{output:?}");
    let sources = &report["sources"];
    let number = |name: &str| sources[name].as_u64().unwrap();
    assert_eq!((number("seen"), number("new"), number("same_content"), number("unknown")), (3, 2, 1, 1));
    assert_eq!(report["unknown"]["Markdown"], 1);
    let lines = &report["lines"];
    let sum = ["results", "furniture", "rejected"].map(|part| lines[part].as_u64().unwrap()).iter().sum::<u64>();
    assert_eq!((lines["total"].as_u64(), sum), (Some(21), 21));
    assert_eq!((&report["results"]["count"]["counted"], &report["results"]["count"]["not_counted"]), (&2.into(), &2.into()));

    let (again, report) = tree.report(&[]);
    assert_eq!((again.status, &report["sources"]["already_there"], &report["sources"]["new"]), (0, &3.into(), &0.into()));
    assert_eq!(rows(&tree, "results").len(), 6);
}

#[test]
fn a_command_behind_its_options_or_mistyped_loads_and_creates_nothing() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    fs::create_dir(tree.root().with_file_name("show")).unwrap();
    fs::copy(tree.path("perf.txt"), tree.root().with_file_name("show").join("perf.txt")).unwrap();
    for words in [&["--db", "test.db", "show", "runs"][..], &["shwo", "results"], &["stat", "--class", "cycles"]] {
        let output = tree.run(words);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{words:?}: {output:?}");
        assert!(output.stderr.starts_with("prc-etl: error: ") && !output.stderr.contains("Usage"), "{words:?}: {output:?}");
    }
    let there: Vec<_> = fs::read_dir(tree.root().parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there.len(), 2, "{there:?}");
    assert_eq!(tree.run(&["./show", "--db", "test.db"]).status, 0);
    assert_eq!(rows(&tree, "runs").len(), 1);
}

#[test]
fn a_file_that_changed_replaces_what_it_held() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    tree.import(&[]);
    tree.file("perf.txt", PERF.replace("1,234,567", "7,654,321"));
    let (_, report) = tree.report(&[]);
    assert_eq!((&report["sources"]["replaced"], &report["sources"]["new"]), (&1.into(), &0.into()));
    let counts: Vec<Value> = rows(&tree, "results").into_iter().map(|row| row["count"].clone()).collect();
    assert!(counts.contains(&7_654_321.into()) && !counts.contains(&1_234_567.into()), "{counts:?}");
}

#[test]
fn a_database_in_the_tree_is_no_input() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    for (new, there) in [(1, 0), (0, 1)] {
        let output = tree.run(&["results", "--db", "results/all.db", "--report", "json"]);
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        let sources = &report["sources"];
        assert_eq!((&sources["seen"], &sources["new"], &sources["already_there"]), (&1.into(), &new.into(), &there.into()));
    }
}

#[test]
fn a_dry_run_writes_nothing_and_creates_nothing() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    let (output, report) = tree.report(&["--dry-run"]);
    assert_eq!((output.status, &report["status"], &report["sources"]["new"]), (0, &"dry-run".into(), &1.into()));
    assert!(report["import"].is_null() && !database(&tree).exists());
    tree.import(&[]);
    let (_, report) = tree.report(&["--dry-run"]);
    assert_eq!(report["sources"]["already_there"], 1);
    assert_eq!(rows(&tree, "imports").len(), 1);
}

#[test]
fn a_rejected_line_changes_the_status_once() {
    let tree = Tree::new();
    tree.file("perf.csv", BROKEN_CSV);
    let first = tree.import(&[]);
    assert_eq!(first.status, 1, "{first:?}");
    assert!(first.stderr.starts_with("results/perf.csv:2:"), "{first:?}");
    assert_eq!(rows(&tree, "results").len(), 2);
    assert_eq!(rows(&tree, "rejects").len(), 1);
    assert_eq!(tree.import(&[]).status, 0, "what was reported and kept is not reported again");
}

/// What was too long may have been the whole result: a text without it is of no known format.
#[test]
fn a_line_that_is_too_long_is_told_of_a_text_without_results_too() {
    let tree = Tree::new();
    tree.file("papi.json", "x".repeat(2 << 20));
    let (output, report) = tree.report(&[]);
    assert_eq!((output.status, &report["sources"]["unknown"]), (1, &1.into()), "{output:?}");
    let lines = &report["lines"];
    assert_eq!(
        (&lines["total"], &lines["furniture"], &lines["foreign"], &lines["rejected"]),
        (&1.into(), &0.into(), &0.into(), &1.into())
    );
    let rejects = rows(&tree, "rejects");
    assert_eq!((&rejects[0]["line"], &rejects[0]["kind"]), (&1.into(), &"long line".into()), "{rejects:?}");
    assert!(output.stderr.contains("results/papi.json:1: rejected (long line): longer than 1 MiB"), "{output:?}");
    assert_eq!(tree.import(&[]).status, 0, "it is known now");
}

/// A writer that waits for a reader goes on as soon as somebody opens the FIFO.
#[test]
fn a_fifo_that_is_an_argument_is_rejected_and_never_opened() {
    let tree = Tree::new();
    tree.fifo("fifo");
    let mut writer = std::process::Command::new("sh")
        .args(["-c", "echo x >results/fifo"])
        .current_dir(tree.root().parent().unwrap())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let output = tree.run(&["results/fifo", "--db", "test.db"]);
    assert_eq!(output.status, 1, "{output:?}");
    assert!(output.stderr.contains("a FIFO, not a regular file"), "{output:?}");
    std::thread::sleep(std::time::Duration::from_millis(200));
    let still_waits = writer.try_wait().unwrap().is_none();
    let _ = writer.kill();
    writer.wait().unwrap();
    assert!(still_waits, "the FIFO was opened");
}

#[test]
fn strict_loads_nothing_of_a_file_with_a_rejected_line() {
    let tree = Tree::new();
    tree.file("good.txt", PERF).file("perf.csv", BROKEN_CSV);
    let (output, report) = tree.report(&["--strict"]);
    assert_eq!((output.status, &report["sources"]["new"], &report["sources"]["rejected"]), (1, &1.into(), &1.into()));
    let kinds: Vec<Value> = rows(&tree, "rejects").into_iter().map(|row| row["kind"].clone()).collect();
    assert!(kinds.len() == 2 && kinds.contains(&"strict".into()), "{kinds:?}");
    assert_eq!(rows(&tree, "sources").len(), 1);
}

#[test]
fn too_many_rejects_stop_the_import_and_atomic_takes_it_back() {
    let tree = Tree::new();
    tree.file("a.txt", PERF).fifo("b").file("c.txt", PERF);
    let (output, report) = tree.report(&["--max-rejects", "0"]);
    assert_eq!((output.status, &report["status"], &report["sources"]["new"]), (1, &"stopped".into(), &1.into()));
    let (output, report) = tree.report(&["--max-rejects", "0%", "--atomic"]);
    assert_eq!((output.status, &report["status"]), (1, &"taken-back".into()));
    assert_eq!(rows(&tree, "sources").len(), 1, "what the first import loaded stays, c.txt is taken back");
    let statuses: Vec<Value> = rows(&tree, "imports").into_iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["stopped", "undone"]);
}

#[test]
fn options_that_do_not_reach_what_is_there_are_named() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    let not_applied = |options: &[&str]| tree.report(options).1["not_applied"].clone();
    assert_eq!(not_applied(&["--host", "h1"]), serde_json::json!([]));
    let placing = ["--host", "h2", "--experiment", "B", "--stale", "--rehash"];
    assert_eq!(not_applied(&placing), serde_json::json!(["--experiment", "--host"]));
    assert_eq!(not_applied(&[]), serde_json::json!([]));
    assert_eq!(rows(&tree, "runs")[0]["host"], "h1");
}

#[test]
fn given_places_win_and_their_origins_are_kept() {
    let tree = Tree::new();
    tree.file("sorting/perf.txt", PERF);
    tree.import(&["--tool", "perf-6.1.0", "--arch", "riscv64", "--model", "7", "--host", "board", "--local"]);
    let run = &rows(&tree, "runs")[0];
    assert_eq!((&run["experiment"], &run["tool_version"], &run["arch"]), (&"ls".into(), &"6.1.0".into(), &"riscv64".into()));
    assert_eq!((&run["model"], &run["host"]), (&7.into(), &"board".into()));
    let origins = run["origins"].as_str().unwrap();
    assert!(origins.starts_with("experiment=file tool=flag host=flag arch=flag"), "{origins}");
    assert!(origins.contains("kernel=local"), "{origins}");
}

#[test]
fn standard_input_is_a_source_and_dash_its_name() {
    let tree = Tree::new();
    let output = run_with_input(&tree, &["-", "--db", "test.db", "-q"], PERF);
    assert_eq!((output.status, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    let source = &rows(&tree, "sources")[0];
    assert_eq!((&source["path"], &source["root"]), (&"-".into(), &Value::Null));
    let again = run_with_input(&tree, &["-", "--db", "test.db", "--report", "json"], PERF);
    assert!(again.stdout.contains("\"already_there\": 1"), "{again:?}");
    let explained = tree.run(&["trust", "explain", "-:4", "--db", "test.db"]);
    assert!(explained.status == 0 && explained.stdout.contains("cycles"), "{explained:?}");
}

#[test]
fn parse_gives_the_same_lines_whatever_the_number_of_workers() {
    let tree = Tree::new();
    for i in 0..300 {
        tree.file(format!("{}/{i}", i % 7), PERF.replace("1,234,567", &i.to_string()));
    }
    let (one, lines) = tree.parse(&["--jobs", "1"]);
    let (eight, _) = tree.parse(&["--jobs", "8", "--format", "ndjson"]);
    assert!(one.stdout == eight.stdout);
    assert_eq!(lines.iter().filter(|line| line["type"] == "result").count(), 900);
    assert_eq!(lines[0]["path"], "results/0/0");
}

#[test]
fn a_reader_that_goes_away_and_a_full_device_are_no_panic() {
    let tree = Tree::new();
    for i in 0..200 {
        tree.file(i.to_string(), PERF.repeat(20));
    }
    let mut gone = tree.command(&["parse", "results"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(gone.stdout.take());
    let gone = gone.wait_with_output().unwrap();
    assert_eq!((gone.status.code(), String::from_utf8(gone.stderr).unwrap().as_str()), (Some(0), ""));

    let full = || File::options().write(true).open("/dev/full").unwrap();
    let parse = output(tree.command(&["parse", "results"]).stdout(full()));
    assert_eq!(parse.status, 3, "{parse:?}");
    assert!(parse.stderr.contains("No space left on device") && !parse.stderr.contains("panicked"), "{parse:?}");

    let import = output(tree.command(&["results", "--db", "test.db"]).stdout(full()));
    assert_eq!(import.status, 3, "{import:?}");
    assert!(import.stderr.contains("the import is complete, its report cannot be printed"), "{import:?}");
    assert_eq!(rows(&tree, "imports")[0]["status"], "done");

    for format in ["table", "csv", "json"] {
        let show = output(tree.command(&["show", "results", "--db", "test.db", "--format", format]).stdout(full()));
        let said = "prc-etl: error: cannot write to standard output: No space left on device";
        assert!(show.status == 3 && show.stderr.starts_with(said), "{show:?}");
    }
}

#[test]
fn wrong_usage_is_status_2() {
    let tree = Tree::new();
    for arguments in
        [&[][..], &["import"], &["results", "--jobs", "0"], &["results", "--max-rejects", "many"], &["parse", "--nope"]]
    {
        let output = tree.run(arguments);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{arguments:?}: {output:?}");
    }
    assert_eq!(tree.run(&["results", "--db", "test.db", "--experiment", ""]).status, 2);
    let misspelt = tree.run(&["results", "--db", "test.db", "--microarch", "skylke"]);
    assert!(misspelt.status == 2 && misspelt.stderr.contains("near: skylake"), "{misspelt:?}");
    assert!(!database(&tree).exists());
}

#[test]
fn a_database_that_cannot_be_opened_is_status_3_and_one_sentence() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    fs::write(database(&tree), "this is no database, and it is long enough to be told from one\n".repeat(20)).unwrap();
    let output = tree.import(&[]);
    assert_eq!((output.status, output.stderr.lines().count()), (3, 1), "{output:?}");
    assert!(output.stderr.starts_with("prc-etl: error: "), "{output:?}");
}
