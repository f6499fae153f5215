//! A tree of files, and the program run over it.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a fixture that fails must fail the test")]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What `perf stat ls` of perf 6.1 prints: two counters, one metric, 9 lines.
pub const PERF: &str = "
 Performance counter stats for 'ls':

         1,234,567      cycles                           #    1.500 GHz
     <not counted>      cache-misses

       0.000823045 seconds time elapsed


";

/// How a run of the program ended.
#[derive(Debug)]
pub struct Output {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A tree below a temporary directory, and a database beside it.
pub struct Tree {
    directory: TempDir,
}

impl Tree {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("results")).unwrap();
        Self { directory }
    }

    pub fn root(&self) -> PathBuf {
        self.directory.path().join("results")
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    /// Writes a file; the name may be no UTF-8.
    pub fn file(&self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(OsStr::from_bytes(name.as_ref())), content).unwrap();
        self
    }

    pub fn fifo(&self, name: &str) -> &Self {
        assert!(Command::new("mkfifo").arg(self.path(name)).status().unwrap().success());
        self
    }

    /// The program in the directory above the tree, with nothing of the environment that it would listen to.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prc-etl"));
        command.args(arguments).current_dir(self.directory.path());
        command.env_remove("PRC_DATABASE_URL").env("XDG_DATA_HOME", self.directory.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        output(&mut self.command(arguments))
    }

    /// Imports the tree.
    pub fn import(&self, options: &[&str]) -> Output {
        self.run(&[&["results", "--db", "test.db"], options].concat())
    }

    /// Imports the tree; the report as JSON.
    pub fn report(&self, options: &[&str]) -> (Output, serde_json::Value) {
        let output = self.import(&[options, &["--report", "json"]].concat());
        let report = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        (output, report)
    }

    /// Parses the tree; one value a line.
    pub fn parse(&self, options: &[&str]) -> (Output, Vec<serde_json::Value>) {
        let output = self.run(&[&["parse", "results"], options].concat());
        let lines = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (output, lines)
    }
}

pub fn output(command: &mut Command) -> Output {
    captured(command.output().unwrap())
}

pub fn captured(output: std::process::Output) -> Output {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Output { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}
