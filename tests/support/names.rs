//! Calls of the program about names, and the files that they read.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::Db;

pub fn prc(db: &Db, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).env("PRC_DATABASE_URL", &db.text).args(words).output().unwrap()
}

/// What a call that must succeed prints.
pub fn printed(db: &Db, words: &[&str]) -> String {
    let output = prc(db, words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub fn json(db: &Db, words: &[&str]) -> Value {
    serde_json::from_str(&printed(db, &[words, &["--format", "json"]].concat())).unwrap()
}

/// The error of a call that must fail.
pub fn refused(db: &Db, words: &[&str]) -> String {
    let output = prc(db, words);
    assert!(matches!(output.status.code(), Some(2 | 3)), "{words:?} was not refused");
    String::from_utf8(output.stderr).unwrap()
}

pub fn event(db: &Db, microarch: &str, tool: &str, spelling: &str, kernel: &str) -> (String, String) {
    let found = json(db, &["events", "explain", "--microarch", microarch, "--tool", tool, "--kernel", kernel, spelling]);
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("event"), text("method"))
}

/// Files below a folder.
pub fn tree(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
