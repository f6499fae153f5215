//! Who is told what an import does: a person, or a log.

use super::console::Console;
use super::journal::Journal;
use crate::pipeline::Observed;

/// Standard error of an import.
pub(super) enum Voice<'a> {
    Console(Console),
    Journal(&'a Journal),
}

impl Voice<'_> {
    /// An argument is not read by itself.
    pub(super) fn covered(&self, argument: &str) {
        match self {
            Self::Console(console) => console.covered(argument),
            Self::Journal(journal) => journal.covered(argument),
        }
    }

    /// Something was met.
    pub(super) fn observe(&mut self, observed: &Observed<'_>) {
        match self {
            Self::Console(console) => console.observe(observed),
            Self::Journal(journal) => journal.observe(observed),
        }
    }

    /// Nothing more will be met.
    pub(super) fn finish(&self, import: Option<i64>) {
        match self {
            Self::Console(console) => console.finish(import),
            // It has told everything.
            Self::Journal(_) => {}
        }
    }
}
