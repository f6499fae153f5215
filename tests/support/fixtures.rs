//! The captures under `fixtures` that `MANIFEST.csv` lists: one folder a tool.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder that the paths of the manifest are below.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Every capture, as a path below [`folder`], sorted.
pub(crate) fn captures() -> Vec<String> {
    let mut pending: Vec<PathBuf> = ["ocount", "papi", "perf"].iter().map(|tool| folder().join(tool)).collect();
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder of fixtures can be read");
            pending.extend(entries.map(|entry| entry.expect("a fixture has a name").path()));
        } else {
            let below = path.strip_prefix(folder()).expect("the walk began there");
            found.push(below.to_str().expect("fixtures have plain names").to_owned());
        }
    }
    found.sort();
    found
}

/// The bytes of a capture.
pub(crate) fn read(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
