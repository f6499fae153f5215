//! Runs the commands of README.md, so that the first thing a stranger types works.
//!
//! The blocks that are opened by three backticks and `sh` are one session, in a copy of the fixtures and with a home of its own. Lines
//! that begin with `cargo` build the program and are left out; a block opened by `sh ignore` is not run.

use std::fs;
use std::path::Path;
use std::process::Command;

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The commands of a Markdown text, a line each; a backslash at the end of a line continues it.
fn commands(markdown: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut inside, mut continued) = (false, false);
    for line in markdown.lines() {
        match line.trim_end() {
            "```sh" => inside = true,
            "```" => inside = false,
            text if inside && !text.is_empty() && !text.starts_with('#') => {
                match found.last_mut().filter(|_| continued) {
                    Some(last) => last.extend(["\n", text]),
                    None => found.push(text.to_owned()),
                }
                continued = text.ends_with('\\');
            }
            _ => {}
        }
    }
    found.retain(|command| !command.starts_with("cargo "));
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
    let path = std::env::var("PATH").expect("a PATH");
    for command in commands {
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
    }
}

#[test]
fn commands_are_the_lines_of_shell_blocks() {
    let markdown = "text\n```sh\ncargo build\nprc-etl a \\\n    --db b\n# why\nprc-etl show runs\n```\n```sh ignore\nno\n```\n```sql\nSELECT 1\n```\n";
    assert_eq!(commands(markdown), ["prc-etl a \\\n    --db b", "prc-etl show runs"]);
}
