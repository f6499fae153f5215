//! Runs the commands of README.md, so that the first thing a stranger types works.
//!
//! The blocks that are opened by three backticks and `sh` are one session, in a copy of the fixtures and with a home of its own. Lines
//! that begin with `cargo` build the program and are left out; a block opened by `sh ignore` is not run. perf is a script that prints a
//! real capture: few machines that run tests have counters.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Prints what perf 6.12 prints, as CSV when a separator is asked for.
const PERF: &str = r#"#!/bin/sh
case "$2" in
-x*) cat fixtures/perf/stat-csv/6.12-triple-units-names-semi.csv >&2 ;;
*) cat fixtures/perf/stat-text/6.12-triple-units-names.txt >&2 ;;
esac
"#;

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

#[test]
fn the_commands_of_the_readme_work_one_after_the_other() {
    let readme = fs::read_to_string(package().join("README.md")).expect("README.md");
    let commands = commands(&readme);
    assert!(commands.len() >= 2, "README.md shows how to load and how to look: {commands:?}");
    let home = tempfile::tempdir().expect("a temporary folder");
    copy(&package().join("fixtures"), &home.path().join("fixtures"));
    let program = Path::new(env!("CARGO_BIN_EXE_prc-etl"));
    let built = home.path().join("target/release");
    fs::create_dir_all(&built).expect("a temporary folder");
    std::os::unix::fs::symlink(program, built.join("prc-etl")).expect("a link in a temporary folder");
    let perf = built.join("perf");
    fs::write(&perf, PERF).expect("a temporary file");
    fs::set_permissions(&perf, fs::Permissions::from_mode(0o755)).expect("a temporary file");
    let path = std::env::var("PATH").expect("a PATH");
    for Shown { command, output: shown } in commands {
        let output = Command::new("sh")
            .args(["-c", &command])
            .current_dir(home.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", built.display()))
            .env("HOME", home.path())
            .output()
            .expect("a shell");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "`{command}`: {}\n{out}{err}", output.status);
        assert!(!(out.trim().is_empty() && err.trim().is_empty()), "`{command}` says nothing");
        for line in shown {
            assert!(out.lines().any(|printed| printed.trim_end() == line), "`{command}` does not print {line:?}:\n{out}");
        }
    }
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
