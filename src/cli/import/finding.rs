//! What there is to say of a source that was read, whoever is told.

use crate::model::{Parsed, Reject, SourceState};
use crate::store::Verdict;

/// One thing worth saying.
pub(super) enum Finding<'a> {
    /// A line, or the source as a whole, could not be used.
    Rejected(&'a Reject),
    /// No known result; what it was taken for.
    Unknown(&'a str),
    /// The same content is known under this path, and was not to be loaded twice.
    Elsewhere(&'a str),
    /// Loaded, though the same content is known under this path.
    SameContent(&'a str),
    /// What a reader should know about how it was read.
    Note(&'a str),
}

/// The findings, the weightiest first; none for a source that is already there: it was told when it came.
pub(super) fn findings<'a>(parsed: &'a Parsed, verdict: &'a Verdict) -> Vec<Finding<'a>> {
    let mut found = Vec::new();
    match verdict {
        Verdict::AlreadyThere | Verdict::Stale => return found,
        Verdict::Elsewhere { path } => return vec![Finding::Elsewhere(path)],
        Verdict::Rejected(reject) => found.push(Finding::Rejected(reject)),
        Verdict::Loaded { .. } | Verdict::Replaced => {}
    }
    found.extend(parsed.report.rejects.iter().map(Finding::Rejected));
    if let SourceState::Unknown(taken_for) = &parsed.state
        && !parsed.state.is_aside()
    {
        found.push(Finding::Unknown(taken_for));
    }
    if let Verdict::Loaded { same_content_as: Some(other) } = verdict {
        found.push(Finding::SameContent(other));
    }
    found.extend(parsed.report.notes.iter().map(|note| Finding::Note(note)));
    found
}
