//! What counts as known, and what replaces what.

/// What an import may take for known and what it replaces, beyond the rule that holds always: a source is known by its content and its
/// logical path, and new content of the same file replaces its rows.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Content that is known under any path is not loaded again.
    pub content_once: bool,
    /// New content under a known logical path replaces the rows of that path, wherever that file lies. Of streams it replaces none.
    pub replace: bool,
    /// A known source that an older parser read is read again, and its rows are replaced.
    pub stale: bool,
    /// The version that the parser of a format has now; of no format, that of the recognition.
    pub current_version: fn(Option<&str>) -> i32,
}

impl Default for Rules {
    /// The rule that holds always; nothing is out of date.
    fn default() -> Self {
        Self { content_once: false, replace: false, stale: false, current_version: |_| i32::MIN }
    }
}

impl Rules {
    /// Whether an older parser read a source than that of its format now.
    pub(super) fn is_stale(&self, format: Option<&str>, parser_version: i32) -> bool {
        parser_version < (self.current_version)(format)
    }
}
