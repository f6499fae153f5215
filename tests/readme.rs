//! Runs the commands of README.md, so that the first thing a stranger types works.
//!
//! The blocks that are opened by three backticks and `sh` are one session, in a copy of the fixtures and with a home of its own. Lines
//! that begin with `cargo` build the program and are left out; a block opened by `sh ignore` is not run. perf is a script that prints a
//! real capture: few machines that run tests have counters.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, SystemTime};

/// Prints what perf 6.12 prints, as CSV when a separator is asked for.
const PERF: &str = r#"#!/bin/sh
case "$2" in
-x*) cat fixtures/perf/stat-csv/6.12-triple-units-names-semi.csv >&2 ;;
*) cat fixtures/perf/stat-text/6.12-triple-units-names.txt >&2 ;;
esac
"#;

fn readme() -> String {
    fs::read_to_string(package().join("README.md")).expect("README.md")
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A command of the README, and the lines that the block below it shows of its output.
#[derive(Debug, PartialEq, Default)]
struct Shown {
    command: String,
    output: Vec<String>,
}

/// The commands of a Markdown text, a line each; a backslash at the end of a line continues it.
fn commands(markdown: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let (mut block, mut continued) = (None, false);
    for line in markdown.lines() {
        let text = line.trim_end();
        match (block, text.strip_prefix("```")) {
            (Some(_), Some(_)) => block = None,
            (None, Some(language)) => block = Some(language),
            (Some("sh"), None) if !text.is_empty() && !text.starts_with('#') => {
                match found.last_mut().filter(|_| continued) {
                    Some(last) => last.command.extend(["\n", text]),
                    None => found.push(Shown { command: text.to_owned(), ..Shown::default() }),
                }
                continued = text.ends_with('\\');
            }
            (Some(""), None) => found.last_mut().expect("output stands below a command").output.push(text.to_owned()),
            _ => {}
        }
    }
    found.retain(|shown| !shown.command.starts_with("cargo "));
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder");
    for entry in fs::read_dir(from).expect("a folder of fixtures") {
        let path = entry.expect("a fixture").path();
        let target = to.join(path.file_name().expect("a fixture has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a temporary file");
        }
    }
}

/// A home directory with the fixtures, and the program and perf in the path.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        copy(&package().join("fixtures"), &home.path().join("fixtures"));
        let built = home.path().join("target/release");
        fs::create_dir_all(&built).expect("a temporary folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_prc-etl"), built.join("prc-etl")).expect("a link in a temporary folder");
        let perf = built.join("perf");
        fs::write(&perf, PERF).expect("a temporary file");
        fs::set_permissions(&perf, fs::Permissions::from_mode(0o755)).expect("a temporary file");
        Self(home)
    }

    /// Runs a line of shell there; status, standard output and standard error.
    fn run(&self, line: &str) -> (ExitStatus, String, String) {
        let (home, path) = (self.0.path(), std::env::var("PATH").expect("a PATH"));
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(home).env_clear();
        shell.env("PATH", format!("{}:{path}", home.join("target/release").display())).env("HOME", home);
        let output = shell.output().expect("a shell");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status, text(&output.stdout), text(&output.stderr))
    }
}

#[test]
fn the_commands_of_the_readme_work_one_after_the_other() {
    let commands = commands(&readme());
    assert!(commands.len() >= 2, "README.md shows how to load and how to look: {commands:?}");
    let home = Home::new();
    for Shown { command, output: shown } in commands {
        let (status, out, err) = home.run(&command);
        assert!(status.success(), "`{command}`: {status}\n{out}{err}");
        assert!(!(out.trim().is_empty() && err.trim().is_empty()), "`{command}` says nothing");
        // A heading and a rule are no answer.
        let asks = ["compare", "stats", "stability", "trend", "suspects"]
            .iter()
            .any(|word| command.contains(&format!("prc-etl {word} ")));
        assert!(!asks || out.lines().count() > 2, "`{command}` has no rows:\n{out}{err}");
        for line in shown {
            assert!(out.lines().any(|printed| printed.trim_end() == line), "`{command}` does not print {line:?}:\n{out}");
        }
    }
}

/// The lines of the blocks of a language that are no comments.
fn lines<'a>(markdown: &'a str, language: &str) -> Vec<&'a str> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        match line.strip_prefix("```") {
            Some(opened) => inside = opened == language,
            None if inside && !line.is_empty() && !line.starts_with('#') => found.push(line),
            None => {}
        }
    }
    found
}

/// A home where the day has left an archive of logs, and a test a recording.
fn evening() -> Home {
    let home = Home::new();
    let logs = home.0.path().join("logs");
    fs::create_dir(&logs).expect("a temporary folder");
    let archive = fs::File::create(logs.join("2026-11-22.tar")).expect("a temporary file");
    let mut day = tar::Builder::new(archive);
    day.append_dir_all(".", package().join("fixtures/trees")).expect("an archive of fixtures");
    let an_hour_ago = SystemTime::now() - Duration::from_hours(1);
    day.into_inner().and_then(|archive| archive.set_modified(an_hour_ago)).expect("a whole archive");
    let (status, _, err) =
        home.run("prc-etl record --spool spool --db postgres://prc@localhost:1/away -- perf stat sort README.md");
    assert!(status.success(), "{err}");
    home
}

#[test]
fn the_jobs_of_the_crontab_load_all_and_say_nothing() {
    let (readme, home) = (readme(), evening());
    let is_variable = |line: &&str| line.split_whitespace().next().is_some_and(|word| word.contains('='));
    let jobs: Vec<&str> = lines(&readme, "crontab").into_iter().filter(|line| !is_variable(line)).collect();
    assert_eq!(jobs.len(), 2);
    for night in 1..=2 {
        for job in &jobs {
            let command = (0..5).fold(*job, |rest, _| rest.trim_start().split_once(' ').expect("five fields of time").1);
            let (status, out, err) = home.run(command);
            assert!(status.success() && out.is_empty() && err.is_empty(), "night {night}, `{command}`: {status}\n{out}{err}");
        }
        let report = fs::read_to_string(home.0.path().join("last-import.json")).expect("the report of the night");
        let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
        assert_eq!(report["status"], "done");
        let [new, known] = ["new", "already_there"].map(|field| report["sources"][field].as_u64().expect("a number"));
        assert!(if night == 1 { new > 0 && known == 0 } else { new == 0 && known > 0 }, "{report}");
    }
    let (_, runs, _) = home.run("prc-etl show sources --db results.db --format csv | grep -c /perf.txt");
    assert_ne!(runs.trim(), "0", "the recording came in");
}

/// The command of the unit, with places of the home for those of the example.
#[test]
fn the_unit_of_systemd_loads_all_and_logs_nothing() {
    let (readme, home) = (readme(), evening());
    let command = lines(&readme, "ini").into_iter().find_map(|line| line.strip_prefix("ExecStart=")).expect("a unit");
    let command = command.replace("/usr/local/bin/", "").replace("/srv/", "");
    let (status, out, err) = home.run(&format!("PRC_DATABASE_URL=results.db {command}"));
    assert!(status.success() && err.is_empty(), "`{command}`: {status}\n{out}{err}");
    let report: serde_json::Value = serde_json::from_str(&out).expect("one JSON object");
    assert_eq!((&report["status"], &report["database"]), (&"done".into(), &"results.db".into()));
}

#[test]
fn commands_are_the_lines_of_shell_blocks() {
    let markdown = "text\n```sh\ncargo build\nprc-etl a \\\n    --db b\n# why\nprc-etl show runs\n```\n```\none\n```\n```sh ignore\nno\n```\n\
        ```sql\nSELECT 1\n```\n";
    let shown = |command: &str, output: &[&str]| Shown {
        command: command.to_owned(),
        output: output.iter().map(|&line| line.to_owned()).collect(),
    };
    assert_eq!(commands(markdown), [shown("prc-etl a \\\n    --db b", &[]), shown("prc-etl show runs", &["one"])]);
}
