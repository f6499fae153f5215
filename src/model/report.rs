//! What a parser found in one source.

use std::sync::Arc;

use super::{Context, Entry, Interner, Reject, Run, RunResult, Scope, Spelling, Support};

/// Where every line of a source went: `lines = results + furniture + rejected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Lines of the source; a last line without line end counts.
    pub lines: u32,
    /// Lines that gave at least one result, or a fact about an event.
    pub results: u32,
    /// Lines that carry no result: headings, blank lines, footers, notes and text of other programs.
    pub furniture: u32,
    /// The part of `furniture` that no format knows: output of the measured program, prose, shell messages.
    pub foreign: u32,
    /// Lines that should have given a result and did not.
    pub rejected: u32,
}

impl Tally {
    /// Whether the sum holds.
    pub fn adds_up(&self) -> bool {
        self.foreign <= self.furniture
            && u64::from(self.lines) == u64::from(self.results) + u64::from(self.furniture) + u64::from(self.rejected)
    }
}

/// Everything that a parser found in one source.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The executions, in order of the file.
    pub runs: Vec<Run>,
    /// The numbers, in order of the file.
    pub results: Vec<RunResult>,
    /// The rows of profiles, in order of the file.
    pub entries: Vec<Entry>,
    /// What is said of events that were not counted, in order of the file.
    pub supports: Vec<Support>,
    /// Images, applications, symbols and places that the rows of profiles refer to.
    pub names: Interner<Arc<str>>,
    /// The events that the results refer to.
    pub spellings: Interner<Arc<Spelling>>,
    /// The scopes that the results refer to.
    pub scopes: Interner<Scope>,
    /// Lines that could not be used.
    pub rejects: Vec<Reject>,
    /// What a reader should know about how the source was read, one sentence each; [`Report::note`] adds one.
    pub notes: Vec<String>,
    /// What the source says about its machine.
    pub context: Context,
    /// Where every line went.
    pub tally: Tally,
}

/// Notes of one source that are kept: a line of a million may each be worth one, and nobody reads them.
const MOST_NOTES: usize = 100;

impl Report {
    /// Says how the source was read; the same sentence is kept once. The last that there is room for says that there is more.
    pub fn note(&mut self, sentence: String) {
        if self.notes.len() == MOST_NOTES || self.notes.contains(&sentence) {
            return;
        }
        let is_last = self.notes.len() + 1 == MOST_NOTES;
        self.notes.push(if is_last { format!("further notes are left out: there are {MOST_NOTES} or more") } else { sentence });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_kept_once_and_the_last_says_that_there_are_more() {
        let mut report = Report::default();
        for number in 0..3 * MOST_NOTES {
            report.note(format!("line {}: odd", number / 2));
        }
        assert_eq!((report.notes.len(), report.notes[98].as_str()), (MOST_NOTES, "line 98: odd"));
        assert!(report.notes[99].contains("100 or more"));
    }
}
