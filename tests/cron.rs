//! What a nightly import needs: what is left alone, one at a time, and words for machines.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::fs::{self, File};
use std::process::Stdio;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

#[path = "support/tree.rs"]
#[expect(dead_code, reason = "each test binary uses its part of this")]
mod tree;

use tree::{PERF, Tree};

/// 2026-11-22T12:00:00Z, from `date -u -d 2026-11-22T12:00:00Z +%s`.
const NOON: u64 = 1_795_348_800;
const HOUR: u64 = 3600;

/// Writes a file whose last change lies at this second.
fn write(tree: &Tree, name: &str, content: impl AsRef<[u8]>, seconds: u64) {
    tree.file(name, content);
    File::options()
        .append(true)
        .open(tree.path(name))
        .unwrap()
        .set_modified(UNIX_EPOCH + Duration::from_secs(seconds))
        .unwrap();
}

/// A capture that differs from others of other numbers.
fn perf(number: u64) -> String {
    PERF.replace("1,234,567", &number.to_string())
}

/// A tar archive of members with their times.
fn tar(members: &[(&str, u64)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (number, (name, seconds)) in members.iter().enumerate() {
        let content = perf(1000 + number as u64);
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(*seconds);
        archive.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap()
}

/// The counts of the sources that are not 0, and the paths that were loaded.
fn loaded(tree: &Tree, options: &[&str]) -> (Value, Vec<String>) {
    let (output, report) = tree.report(options);
    assert_eq!(output.status, 0, "{output:?}");
    let mut counts = report["sources"].clone();
    counts.as_object_mut().unwrap().retain(|_, count| *count != 0);
    (counts, paths(tree))
}

fn paths(tree: &Tree) -> Vec<String> {
    let output = tree.run(&["show", "sources", "--db", "test.db", "--format", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
    rows.iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn only_files_of_the_time_asked_for_are_read() {
    let tree = Tree::new();
    write(&tree, "monday", perf(1), NOON - 24 * HOUR);
    write(&tree, "morning", perf(2), NOON - 12 * HOUR);
    write(&tree, "evening", perf(3), NOON + 12 * HOUR - 1);
    write(&tree, "tomorrow", perf(4), NOON + 12 * HOUR);
    let (counts, paths) = loaded(&tree, &["--since", "2026-11-22", "--until", "2026-11-22"]);
    assert_eq!(counts, serde_json::json!({"seen": 4, "new": 2, "outside_span": 2}));
    assert_eq!(paths, ["evening", "morning"]);
    let (counts, _) = loaded(&tree, &["--since", "2026-11-23T01:00:00+01:00"]);
    assert_eq!(counts, serde_json::json!({"seen": 4, "new": 1, "outside_span": 3}));
    let said = tree.import(&["--since", "36500d", "--until", "2026-11-21T12:00:00Z", "-v"]);
    assert!(said.stderr.contains("results/morning: last changed before --since or after --until, left alone"), "{said:?}");
    assert!(said.stdout.contains("  outside time               3  "), "{said:?}");
}

#[test]
fn an_archive_is_left_alone_when_it_is_older_and_its_members_by_their_own_times() {
    let tree = Tree::new();
    let members = [("monday", NOON - 24 * HOUR), ("noon", NOON), ("tomorrow", NOON + 24 * HOUR)];
    write(&tree, "old.tar", tar(&members), NOON - 23 * HOUR);
    write(&tree, "log.tar", tar(&members), NOON + 48 * HOUR);
    let (counts, paths) = loaded(&tree, &["--since", "2026-11-22", "--until", "2026-11-22"]);
    assert_eq!(counts, serde_json::json!({"seen": 4, "new": 1, "outside_span": 3}));
    assert_eq!(paths, ["log.tar/noon"]);
}

#[test]
fn a_span_that_ends_before_it_begins_is_wrong_usage() {
    let tree = Tree::new();
    let output = tree.import(&["--since", "2026-11-22", "--until", "2026-11-21"]);
    assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{output:?}");
    assert_eq!(tree.import(&["--since", "last week"]).status, 2);
}

#[test]
fn the_newest_archives_of_each_directory_are_followed() {
    let tree = Tree::new();
    for (name, hours) in [("a/1.tar", 1), ("a/2.tar", 2), ("a/3.tar", 3), ("b/1.tar", 1)] {
        write(&tree, name, tar(&[(name, NOON)]), NOON + hours * HOUR);
    }
    write(&tree, "a/perf.txt", perf(1), NOON);
    let (counts, paths) = loaded(&tree, &["--follow-archives", "2"]);
    assert_eq!(counts, serde_json::json!({"seen": 5, "new": 4, "same_content": 2, "older_archives": 1}));
    assert_eq!(paths, ["a/2.tar/a/2.tar", "a/3.tar/a/3.tar", "a/perf.txt", "b/1.tar/b/1.tar"]);
    assert_eq!(tree.import(&["--follow-archives", "0"]).status, 2);
}

#[test]
fn the_least_age_may_have_a_unit() {
    let tree = Tree::new();
    write(&tree, "old", perf(1), NOON - 365 * 24 * HOUR);
    tree.file("young", perf(2));
    let (counts, _) = loaded(&tree, &["--min-age", "10m"]);
    assert_eq!((&counts["new"], &counts["too_young"]), (&1.into(), &1.into()));
}

#[test]
fn one_import_at_a_time_and_a_kill_releases_the_lock() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    // It holds the lock for as long as its standard input stays open.
    let mut first = tree.command(&["import", "-", "--db", "test.db", "--lock"]).stdin(Stdio::piped()).spawn().unwrap();
    let lock = tree.root().with_file_name("test.db.lock");
    while !fs::read_to_string(&lock).is_ok_and(|text| text.ends_with('\n')) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (second, report) = tree.report(&["--lock", "--quiet"]);
    assert_eq!((second.status, &report["status"], &report["sources"]["seen"]), (3, &"failed".into(), &0.into()));
    assert_eq!(report["database"], "test.db");
    let holder = format!("another import is running (pid {}, since ", first.id());
    assert!(second.stderr.contains(&holder), "{second:?}");
    assert!(report["error"].as_str().unwrap().starts_with(&holder), "{report}");
    assert_eq!(tree.import(&["--lock=other.lock"]).status, 0, "another file is another lock");

    let waiting = tree.command(&["results", "--db", "test.db", "--lock", "--lock-wait", "1m"]).stdout(Stdio::null()).spawn();
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(waiting.unwrap().wait().unwrap().success());
}

#[test]
fn the_lock_of_a_server_lies_in_the_directory_of_state() {
    let tree = Tree::new();
    let mut command = tree.command(&["results", "--db", "postgres://me:secret@localhost:1/none", "--lock"]);
    let output = tree::output(command.env("XDG_STATE_HOME", tree.root().with_file_name("state")));
    assert_eq!(output.status, 3, "there is no server: {output:?}");
    let locks: Vec<_> = fs::read_dir(tree.root().with_file_name("state/prc-etl")).unwrap().map(Result::unwrap).collect();
    let name = locks[0].file_name().into_string().unwrap();
    assert!(locks.len() == 1 && name.len() == 16 + ".lock".len() && !name.contains("secret"), "{name}");
}

#[test]
fn lock_and_database_in_the_tree_are_no_input() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF);
    for options in [&["--lock"][..], &["--lock=results/job.lock"], &[]] {
        let output = tree.run(&[&["results", "--db", "results/all.db", "--report", "json"], options].concat());
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        let expected = 1 + u64::from(options.is_empty());
        assert_eq!(report["sources"]["seen"], expected, "job.lock is a file like others to who does not name it: {output:?}");
    }
    assert_eq!(tree.import(&["--lock-wait", "1"]).status, 2);
    assert_eq!(tree.import(&["--lock", "--dry-run"]).status, 2);
}

#[test]
fn the_report_is_whole_when_the_import_fails() {
    let tree = Tree::new();
    fs::write(
        tree.root().with_file_name("test.db"),
        "this is no database, and it is long enough to be told from one\n".repeat(20),
    )
    .unwrap();
    let (output, report) = tree.report(&["-q"]);
    assert_eq!((output.status, output.stderr.lines().count()), (3, 1), "{output:?}");
    assert_eq!(
        (&report["status"], &report["database"], &report["import"]),
        (&"failed".into(), &"test.db".into(), &Value::Null)
    );
    assert_eq!(output.stderr.trim_end(), format!("prc-etl: error: {}", report["error"].as_str().unwrap()));
    assert!(report["seconds"].is_number() && report["lines"]["total"] == 0);
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let tree = Tree::new();
    tree.file("perf.txt", PERF).file("notes.md", "# Notes\n\n## More\n");
    let output = tree.import(&["--quiet", "--lock", "--min-age", "0"]);
    assert_eq!((output.status, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
}

/// Three rows of CSV; the percentage of the second contradicts the decimal mark of the others.
const BROKEN_CSV: &str = "1000;;cycles;500;100.00;;\n2000;;instructions;500;100,00;;\n2000;;branches;500;100.00;;\n";

fn log(output: &tree::Output) -> Vec<Value> {
    output.stderr.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn log_lines_for_machines_tell_begin_findings_and_end() {
    let tree = Tree::new();
    tree.file("perf.csv", BROKEN_CSV).file("no\x1bte.md", "# Notes\n\n## More\n");
    let output = tree.import(&["--log-format", "json", "--report", "json"]);
    let lines = log(&output);
    let told: Vec<_> = lines.iter().map(|line| (line["level"].as_str().unwrap(), line["message"].as_str().unwrap())).collect();
    let expected = [("INFO", "import begins"), ("INFO", "no known result"), ("WARN", "rejected"), ("INFO", "import ends")];
    assert_eq!((output.status, told), (1, expected.to_vec()));
    assert_eq!((&lines[1]["path"], &lines[1]["taken_for"]), (&"results/no\x1bte.md".into(), &"Markdown".into()));
    assert_eq!(
        (&lines[2]["path"], &lines[2]["line"], &lines[2]["kind"]),
        (&"results/perf.csv".into(), &2.into(), &"row".into())
    );
    let end = &lines[3];
    assert_eq!(
        (&end["status"], &end["files"], &end["new"], &end["rejects"]),
        (&"done".into(), &2.into(), &1.into(), &1.into())
    );
    assert!(lines.iter().all(|line| line["timestamp"].as_str().unwrap().ends_with('Z')));

    let quiet = tree.import(&["--log-format", "json", "-q"]);
    assert_eq!((quiet.status, quiet.stdout.as_str(), quiet.stderr.as_str()), (0, "", ""));
}

#[test]
fn a_failure_is_a_log_line_too() {
    let tree = Tree::new();
    let output = tree.run(&["results", "--db", "results", "--log-format", "json", "--quiet"]);
    let lines = log(&output);
    assert_eq!((output.status, lines.len()), (3, 1));
    assert_eq!((&lines[0]["level"], &lines[0]["status"]), (&"ERROR".into(), &"failed".into()));
    assert!(lines[0]["error"].as_str().unwrap().contains("it is a directory"), "{lines:?}");
}

#[test]
fn the_level_switches_log_lines_on_and_names_in_them_steer_no_terminal() {
    let tree = Tree::new();
    tree.file("no\x1bte.md", "# Notes\n\n## More\n");
    let mut command = tree.command(&["results", "--db", "test.db"]);
    let output = tree::output(command.env("PRC_LOG", "info"));
    let lines: Vec<&str> = output.stderr.lines().collect();
    assert!(
        lines.len() == 3 && lines[1].contains(r#"no known result path="results/no\u{1b}te.md" taken_for="Markdown""#),
        "{output:?}"
    );
    assert_eq!(tree.import(&["--log-level", "error"]).stderr, "");
}
