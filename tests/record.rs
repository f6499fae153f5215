//! The command `record` from outside. A shell script stands for perf: it prints a real capture, as perf does, and ends as it is told.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "each test binary uses its part of this")]
mod tree;

use tree::{Output, Tree, captured, output};

/// Prints the capture to standard error, or to the file after `-o`, and the words of its end to standard output.
const FAKE_PERF: &str = r#"#!/bin/sh
# perf stat [-o FILE] STATUS
if [ "$2" = -o ]; then cat "$CAPTURE" >"$3"; shift 2; else cat "$CAPTURE" >&2; fi
if [ "$2" = cat ]; then exec cat; fi
if [ "$2" = self ]; then kill -TERM $$; fi
if [ "$2" = trap ]; then trap 'echo interrupted >&2; exit 130' INT; echo ready; while :; do sleep 0.05; done; fi
if [ "$2" = sleep ]; then echo ready; exec sleep 60; fi
echo "measured"
exit "$2"
"#;

/// Three counters of `perf stat -x ';'` of perf 6.1: no command in it, no machine.
const CAPTURE: &str = "fixtures/perf/stat-csv/5.10-triple-hw-multiplexed-semi.csv";

fn capture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(CAPTURE)
}

fn tree() -> Tree {
    let tree = Tree::new();
    let perf = tree.path("bin/perf");
    fs::write(&perf, FAKE_PERF).unwrap();
    fs::set_permissions(&perf, fs::Permissions::from_mode(0o755)).unwrap();
    tree
}

fn recorder(tree: &Tree, options: &[&str], command: &[&str]) -> Command {
    with_perf(tree, tree.command(&[&["record"], options, &["--"], command].concat()))
}

/// A command that finds the script under the name of perf.
fn with_perf(tree: &Tree, mut command: Command) -> Command {
    let path = format!("{}:{}", tree.path("bin").display(), std::env::var("PATH").unwrap());
    command.env("PATH", path).env("CAPTURE", capture());
    command
}

fn record(tree: &Tree, options: &[&str], command: &[&str]) -> Output {
    output(&mut recorder(tree, options, command))
}

fn rows(tree: &Tree, what: &str) -> Vec<Value> {
    rows_of(tree, "test.db", what)
}

fn rows_of(tree: &Tree, database: &str, what: &str) -> Vec<Value> {
    let output = tree.run(&["show", what, "--db", database, "--format", "json"]);
    assert_eq!(output.status, 0, "{output:?}");
    serde_json::from_str(&output.stdout).unwrap()
}

/// Everything below a directory that holds recordings.
fn entries(tree: &Tree, spool: &str) -> Vec<PathBuf> {
    let directory = tree.root().with_file_name(spool);
    fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

const DB: [&str; 2] = ["--db", "test.db"];

#[test]
fn streams_and_status_are_those_of_the_command_and_the_results_are_loaded() {
    let tree = tree();
    for (status, experiment) in [("0", "good"), ("7", "bad")] {
        let ran = record(&tree, &[&DB[..], &["--experiment", experiment]].concat(), &["perf", "stat", status]);
        assert_eq!((ran.status.to_string().as_str(), ran.stdout.as_str()), (status, "measured\n"));
        assert_eq!(ran.stderr, fs::read_to_string(capture()).unwrap());
    }
    let runs = rows(&tree, "runs");
    assert_eq!(runs.len(), 2, "equal content of two recordings is two sources: {runs:?}");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    assert_eq!((&runs[0]["experiment"], &runs[0]["kernel"]), (&"good".into(), &kernel.trim().into()));
    let source = &rows(&tree, "sources")[0];
    let path = source["path"].as_str().unwrap();
    assert!(source["root"].is_null() && path.ends_with("/perf.txt") && path.starts_with("20"), "{source}");
}

#[test]
fn standard_input_and_bytes_that_are_no_text_go_through() {
    let tree = tree();
    let mut recorder = recorder(&tree, &DB, &["perf", "stat", "cat"]);
    let mut child = recorder.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let mut stdin = child.stdin.take().unwrap();
    let sent = bytes.clone();
    let writer = std::thread::spawn(move || stdin.write_all(&sent).unwrap());
    let ended = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(ended.status.success() && ended.stdout == bytes);
}

#[test]
fn a_file_that_the_tool_writes_is_read_after_the_end() {
    let tree = tree();
    let ran = record(&tree, &DB, &["perf", "stat", "-o", "out.csv", "3"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (3, "measured\n", ""));
    assert_eq!(rows(&tree, "sources").len(), 1);
    assert_eq!(fs::read(tree.root().with_file_name("out.csv")).unwrap(), fs::read(capture()).unwrap(), "it stays");
}

#[test]
fn a_script_that_runs_the_tool_is_recorded_on_both_streams() {
    let tree = tree();
    let ran = record(&tree, &DB, &["sh", "-c", "perf stat 0"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, "measured\n"), "{ran:?}");
    let mut formats: Vec<Value> = rows(&tree, "sources").into_iter().map(|row| row["format"].clone()).collect();
    formats.retain(|format| !format.is_null());
    assert_eq!(formats, ["perf-stat-csv"]);
}

#[test]
fn without_a_database_the_spool_keeps_what_a_later_import_loads_once() {
    let tree = tree();
    let nowhere = ["--db", "results/bin", "--spool", "spool", "--experiment", "sort"];
    let ran = record(&tree, &nowhere, &["perf", "stat", "0"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(
        ran.stderr.contains("prc-etl: record: cannot open the database results/bin: it is a directory; `prc-etl import "),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("/spool --db results/bin` loads the recording later"), "{ran:?}");
    let kept = entries(&tree, "spool");
    assert_eq!(kept.len(), 1);
    let side = fs::read_to_string(kept[0].join("prc.toml")).unwrap();
    assert!(side.starts_with("experiment = \"sort\"\nhost = \""), "{side}");
    assert!(side.contains("\n\"recorded_command\" = \"perf stat 0\"\n") && !side.contains("exit_status"), "{side}");

    assert_eq!(tree.run(&["spool", "--db", "test.db"]).status, 0);
    let loaded = rows(&tree, "results").len();
    assert!(loaded > 0);
    let spooled = rows(&tree, "runs").remove(0);
    assert_eq!((&spooled["experiment"], spooled["started_at"].is_string()), (&"sort".into(), true), "{spooled}");

    let direct = ["--db", "direct.db", "--experiment", "sort"];
    assert_eq!(record(&tree, &direct, &["perf", "stat", "0"]).status, 0);
    let direct = rows_of(&tree, "direct.db", "runs").remove(0);
    for field in ["experiment", "host", "labels", "origins", "kernel", "model"] {
        assert_eq!(direct[field], spooled[field], "{field}: the same whichever way it came");
    }
    assert_eq!(tree.run(&["spool", "--db", "test.db"]).status, 0);
    assert_eq!(rows(&tree, "results").len(), loaded);
}

#[test]
fn a_recording_that_is_loaded_leaves_the_spool_and_is_the_same_source_there() {
    let tree = tree();
    let spool = [&DB[..], &["--spool", "spool"]].concat();
    assert_eq!(record(&tree, &spool, &["perf", "stat", "0"]).status, 0);
    assert_eq!(entries(&tree, "spool"), Vec::<PathBuf>::new());
    // A kill between loading and taking away leaves it there.
    let path = rows(&tree, "sources")[0]["path"].as_str().unwrap().to_owned();
    let entry = tree.root().with_file_name("spool").join(&path);
    fs::create_dir(entry.parent().unwrap()).unwrap();
    fs::copy(capture(), &entry).unwrap();
    let again = tree.run(&["spool", "--db", "test.db", "--report", "json"]);
    assert!(again.stdout.contains("\"already_there\": 1"), "{again:?}");
}

#[test]
fn a_recording_that_goes_on_is_passed_over_and_counted() {
    let tree = tree();
    fs::create_dir_all(tree.path(".prc-etl-recording-x")).unwrap();
    fs::copy(capture(), tree.path(".prc-etl-recording-x/perf.txt")).unwrap();
    let (_, report) = tree.report(&[]);
    assert_eq!((&report["sources"]["unfinished"], &report["sources"]["new"]), (&1.into(), &0.into()));
}

#[test]
fn what_can_be_neither_loaded_nor_spooled_is_status_3_and_kept() {
    let tree = tree();
    let temporary = tree.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let run =
        |status: &str| output(recorder(&tree, &["--db", "results/bin"], &["perf", "stat", status]).env("TMPDIR", &temporary));
    let failed = run("0");
    assert_eq!(failed.status, 3, "{failed:?}");
    assert!(failed.stderr.contains("the results are not loaded; `prc-etl import "), "{failed:?}");
    assert!(failed.stderr.contains(" --db results/bin` loads the recording later"), "{failed:?}");
    assert_eq!(run("9").status, 9, "the command's own status is never hidden");
    assert_eq!(tree.run(&["results/tmp", "--db", "test.db"]).status, 0);
    assert_eq!(rows(&tree, "runs").len(), 2);
}

#[test]
fn no_result_at_all_is_said_and_is_status_3_unless_the_command_failed() {
    let tree = tree();
    for (command, status) in [("exit 0", 3), ("exit 5", 5)] {
        let ran = record(&tree, &DB, &["sh", "-c", command]);
        assert_eq!((ran.status, ran.stderr.as_str()), (status, "prc-etl: record: sh printed no known result\n"));
    }
}

#[test]
fn a_spool_that_cannot_be_made_is_named() {
    let tree = tree();
    let ran = record(&tree, &["--spool", "results/bin/perf/spool"], &["perf", "stat", "0"]);
    let said = "prc-etl: record: cannot record: there is no place to keep the output in results/bin/perf/spool: ";
    assert!(ran.status == 3 && ran.stderr.starts_with(said), "{ran:?}");
}

#[test]
fn a_command_that_cannot_be_started_has_the_status_of_a_shell() {
    let tree = tree();
    let missing = record(&tree, &DB, &["no-such-program"]);
    assert_eq!((missing.status, missing.stdout.as_str()), (127, ""));
    assert!(missing.stderr.starts_with("prc-etl: record: cannot start no-such-program: "), "{missing:?}");
    assert_eq!(record(&tree, &DB, &["/etc/passwd"]).status, 126);
    assert_eq!(tree.run(&["record", "--db", "test.db"]).status, 2);
}

#[test]
fn a_signal_ends_the_command_and_not_the_recording() {
    let tree = tree();
    assert_eq!(record(&tree, &DB, &["perf", "stat", "self"]).status, 128 + 15);
    let mut recorder = recorder(&tree, &DB, &["perf", "stat", "sleep"]);
    let mut child = recorder.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = [0; 6];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut ready).unwrap();
    let pid = child.id().to_string();
    // The terminal would send the first to the command too; alone it does nothing.
    for signal in ["-INT", "-TERM"] {
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
    let ended = captured(child.wait_with_output().unwrap());
    assert_eq!(ended.status, 128 + 15, "{ended:?}");
    assert_eq!(rows(&tree, "runs").len(), 2);
}

/// A script without job control starts what it puts into the background with interrupts ignored, and no shell below can trap them: what
/// waits for one waits for ever.
fn interrupts_are_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    // Signals are counted from 1, and this is the second.
    ignored.is_some_and(|mask| mask & 2 != 0)
}

#[test]
fn an_interrupt_of_the_terminal_reaches_the_command_and_its_last_words_are_kept() {
    if interrupts_are_ignored() {
        let note =
            "these tests were started with interrupts ignored, as in the background of a script: INTERRUPTS WERE NOT TRIED";
        assert!(std::env::var_os("CI").is_none(), "{note}");
        #[expect(clippy::print_stderr, reason = "what a test has not tried is part of its result")]
        {
            eprintln!("{note}");
        }
        return;
    }
    let tree = tree();
    let mut recorder = recorder(&tree, &DB, &["perf", "stat", "trap"]);
    let mut child = recorder.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).spawn().unwrap();
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut [0; 6]).unwrap();
    // A terminal sends it to the whole group.
    let group = format!("-{}", child.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    let ended = captured(child.wait_with_output().unwrap());
    assert!(ended.status == 130 && ended.stderr.ends_with("interrupted\n"), "{ended:?}");
    let source = &rows(&tree, "sources")[0];
    assert_eq!(source["lines"].as_u64().unwrap(), 1 + fs::read_to_string(capture()).unwrap().lines().count() as u64);
}

#[test]
fn a_pipe_from_the_tool_is_imported_with_what_is_said_of_it() {
    let tree = tree();
    let line = format!(
        "perf stat 0 2>&1 >/dev/null | '{}' import - --experiment sort --tool perf-6.1 --local --db test.db -q",
        env!("CARGO_BIN_EXE_prc-etl")
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &line]).current_dir(tree.root().with_file_name(""));
    let ran = output(&mut with_perf(&tree, shell));
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let run = &rows(&tree, "runs")[0];
    assert_eq!((&run["experiment"], &run["tool"], &run["tool_version"]), (&"sort".into(), &"perf".into(), &"6.1".into()));
}
