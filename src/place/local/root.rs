//! Files of the kernel below a directory, so that another machine's files can be looked at.

use std::fs;
use std::path::Path;

/// The directory in which `proc`, `sys`, `etc` and `run` lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'a>(&'a Path);

impl<'a> Root<'a> {
    /// The files below a directory.
    pub(super) fn new(directory: &'a Path) -> Self {
        Self(directory)
    }

    /// The content without blank ends and final NUL (strings of the device tree); `None` when there is none.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let bytes = fs::read(self.0.join(path)).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    /// Names in a directory; none when it cannot be read.
    pub(super) fn names(&self, path: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(path)).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}
