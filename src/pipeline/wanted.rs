//! Which files are left alone whatever the ledger knows of them.

use super::Item;
use crate::model::Stamp;

/// What an import leaves alone by the time of the last change; microseconds since the epoch, each limit within the span.
///
/// The default leaves nothing alone. A stream has no such time and is always read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Files that changed later may still be written to.
    pub at_rest_since: Option<i64>,
    /// Files that changed earlier are not asked for.
    pub since: Option<i64>,
    /// Files that changed later are not asked for.
    pub until: Option<i64>,
    /// How many archives of each directory are read, the newest first; archives are told by the suffix of their name.
    pub newest_archives: Option<usize>,
}

/// Why a file was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It changed too short a time ago.
    TooYoung,
    /// It did not change within the time that was asked for.
    OutsideSpan,
    /// Enough newer archives lie beside it.
    OlderArchive,
    /// A side file does not want it.
    Excluded,
    /// A side file that cannot be used speaks of it.
    BrokenSidecar,
    /// It belongs to a recording that is not complete.
    Unfinished,
}

impl Wanted {
    /// Whether anything is left alone.
    pub(super) fn is_choosy(&self) -> bool {
        *self != Self::default()
    }

    /// Why a file of this last change is not opened. An archive is younger than what it holds, so that one of after the span is
    /// opened and its members are judged.
    pub(super) fn refusal(&self, stamp: Stamp, is_archive: bool) -> Option<Why> {
        let at = stamp.modified_at;
        if self.at_rest_since.is_some_and(|limit| at > limit) {
            return Some(Why::TooYoung);
        }
        let early = self.since.is_some_and(|since| at < since);
        let late = self.until.is_some_and(|until| at > until) && !is_archive;
        (early || late).then_some(Why::OutsideSpan)
    }

    /// The item, or that it was left alone: a member of an archive outside the span, by its own time or else by that of the archive.
    pub(super) fn judged(&self, item: Item) -> Item {
        match item {
            Item::Source(place, parsed) if self.has_span() && place.is_member() => {
                let own = parsed.modified_at.or_else(|| place.stamp().map(|stamp| stamp.modified_at));
                if own.is_none_or(|at| self.spans(at)) {
                    Item::Source(place, parsed)
                } else {
                    Item::LeftAlone(place, Why::OutsideSpan)
                }
            }
            item => item,
        }
    }

    fn has_span(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    fn spans(&self, at: i64) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(wanted: Wanted, is_archive: bool) -> [Option<Why>; 4] {
        [9, 10, 20, 21].map(|modified_at| wanted.refusal(Stamp { bytes: 0, modified_at }, is_archive))
    }

    #[test]
    fn both_ends_of_the_span_belong_to_it_and_a_later_archive_is_opened() {
        let wanted = Wanted { since: Some(10), until: Some(20), ..Wanted::default() };
        assert_eq!(refusals(wanted, false), [Some(Why::OutsideSpan), None, None, Some(Why::OutsideSpan)]);
        assert_eq!(refusals(wanted, true), [Some(Why::OutsideSpan), None, None, None]);
    }

    #[test]
    fn a_file_that_may_still_be_written_to_is_too_young_before_all_else() {
        let wanted = Wanted { at_rest_since: Some(20), until: Some(9), ..Wanted::default() };
        assert_eq!(refusals(wanted, false), [None, Some(Why::OutsideSpan), Some(Why::OutsideSpan), Some(Why::TooYoung)]);
    }
}
