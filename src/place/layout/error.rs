//! What is wrong with a template.

use std::fmt;

/// Why a template cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutError {
    /// The template as it was given.
    pub template: String,
    /// Where in it, in bytes from 0; never beyond its end, always between two characters.
    pub at: usize,
    /// The reason, for people.
    pub reason: String,
}

impl LayoutError {
    pub(super) fn new(template: &str, at: usize, reason: impl Into<String>) -> Self {
        Self { template: template.to_owned(), at: template.floor_char_boundary(at), reason: reason.into() }
    }

    /// The template, and below it a mark under the place: two lines.
    pub fn caret(&self) -> String {
        let before = self.template[..self.at].chars().count();
        format!("{}\n{:before$}^", self.template, "")
    }
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is no template: at byte {}: {}", self.template, self.at, self.reason)
    }
}

impl std::error::Error for LayoutError {}
