//! The numbers of an import.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Why;
use crate::model::{Kind, Parsed, SourceState, Tally};
use crate::store::{Storable, Verdict};

/// Everything that an import can say of itself in numbers. Its JSON form is part of the public report.
///
/// Lines, runs and results are those of sources that were new to the database: what is already there was counted when it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What became of the sources.
    pub sources: SourceCounts,
    /// The unknown sources by what they were taken for.
    pub unknown: BTreeMap<String, u64>,
    /// Where the lines went.
    pub lines: LineCounts,
    /// Runs that were read.
    pub runs: u64,
    /// Results that were read, by kind and status.
    pub results: BTreeMap<&'static str, StatusCounts>,
    /// Rejected lines and sources by the class of the reason.
    pub rejects: BTreeMap<&'static str, u64>,
    /// Bytes of the sources that were read, in any state.
    pub bytes: u64,
}

/// What became of the sources; `seen` is the sum of all but `same_content` (a part of `new`), `stale` (of `already_there`) and `links`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceCounts {
    /// Files and streams that were met.
    pub seen: u64,
    /// Loaded for the first time.
    pub new: u64,
    /// The part of `new` whose content was known under another path.
    pub same_content: u64,
    /// Loaded in place of what the same file held before.
    pub replaced: u64,
    /// Known already; nothing was written.
    pub already_there: u64,
    /// The part of `already_there` that an older parser had read than that of its format now.
    pub stale: u64,
    /// Content known under another path and not loaded, as content was to be loaded once.
    pub elsewhere: u64,
    /// Changed too short a time before the import, and left alone.
    pub too_young: u64,
    /// Last changed outside the time that was asked for, and left alone; members of archives that were opened too.
    pub outside_span: u64,
    /// Archives with enough newer ones beside them, left alone.
    pub older_archives: u64,
    /// Not wanted by a side file, and left alone.
    pub excluded: u64,
    /// Left alone because a side file that speaks of them cannot be used.
    pub held_back: u64,
    /// The part of `new` and `replaced` with a path that no path template reads.
    pub off_layout: u64,
    /// The part of `new` and `replaced` of which two things were said that stand against each other.
    pub contradicted: u64,
    /// Files of recordings that are not complete, or were killed before they were, left alone.
    pub unfinished: u64,
    /// No known result.
    pub unknown: u64,
    /// Rejected as a whole.
    pub rejected: u64,
    /// Symbolic links that were not followed.
    pub links: u64,
}

/// Where the lines went; `total` = `results` + `furniture` + `rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LineCounts {
    /// All lines.
    pub total: u64,
    /// Lines that gave at least one result.
    pub results: u64,
    /// Lines that carry no result.
    pub furniture: u64,
    /// The part of `furniture` that no format knows.
    pub foreign: u64,
    /// Lines that should have given a result and did not.
    pub rejected: u64,
}

/// Results by status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StatusCounts {
    /// With a number.
    pub counted: u64,
    /// Never on a counter.
    pub not_counted: u64,
    /// Not known to the machine.
    pub not_supported: u64,
}

impl Summary {
    /// Counts a file that was not opened because it is known.
    pub(super) fn add_known(&mut self, stale: bool) {
        self.sources.seen += 1;
        self.sources.already_there += 1;
        self.sources.stale += u64::from(stale);
    }

    /// Counts a file or member that was left alone.
    pub(super) fn add_left_alone(&mut self, why: Why) {
        self.sources.seen += 1;
        *match why {
            Why::TooYoung => &mut self.sources.too_young,
            Why::OutsideSpan => &mut self.sources.outside_span,
            Why::OlderArchive => &mut self.sources.older_archives,
            Why::Excluded => &mut self.sources.excluded,
            Why::BrokenSidecar => &mut self.sources.held_back,
            Why::Unfinished => &mut self.sources.unfinished,
        } += 1;
    }

    /// Counts a source that was read, with what became of it.
    pub fn add(&mut self, parsed: &Storable, verdict: &Verdict) {
        self.bytes += parsed.bytes;
        self.sources.seen += 1;
        let counter = match (verdict, &parsed.state) {
            (Verdict::AlreadyThere | Verdict::Stale, _) => {
                self.sources.already_there += 1;
                self.sources.stale += u64::from(*verdict == Verdict::Stale);
                return;
            }
            (Verdict::Elsewhere { .. }, _) => {
                self.sources.elsewhere += 1;
                return;
            }
            (Verdict::Rejected(reject), _) => {
                self.sources.rejected += 1;
                *self.rejects.entry(reject.kind.as_str()).or_default() += 1;
                self.add_rejects(parsed);
                return;
            }
            (_, SourceState::Unknown(taken_for)) => {
                *self.unknown.entry(taken_for.clone()).or_default() += 1;
                &mut self.sources.unknown
            }
            (Verdict::Replaced, _) => &mut self.sources.replaced,
            (Verdict::Loaded { same_content_as }, _) => {
                self.sources.same_content += u64::from(same_content_as.is_some());
                &mut self.sources.new
            }
        };
        *counter += 1;
        self.sources.off_layout += u64::from(parsed.off_layout);
        self.sources.contradicted += u64::from(parsed.contradicted);
        self.lines.add(&parsed.tally());
        self.add_rejects(parsed);
        self.add_results(parsed);
    }

    /// Lines and sources that were rejected.
    pub fn rejected(&self) -> u64 {
        self.rejects.values().sum()
    }

    fn add_rejects(&mut self, parsed: &Parsed) {
        for reject in &parsed.report.rejects {
            *self.rejects.entry(reject.kind.as_str()).or_default() += 1;
        }
    }

    fn add_results(&mut self, parsed: &Storable) {
        self.runs += parsed.report.runs.len() as u64;
        for kind in [Kind::Count, Kind::Metric, Kind::Estimate] {
            let of_kind = parsed.counts()[kind as usize];
            if of_kind != [0; 3] {
                self.results.entry(kind.as_str()).or_default().add(of_kind);
            }
        }
    }
}

impl LineCounts {
    fn add(&mut self, tally: &Tally) {
        self.total += u64::from(tally.lines);
        self.results += u64::from(tally.results);
        self.furniture += u64::from(tally.furniture);
        self.foreign += u64::from(tally.foreign);
        self.rejected += u64::from(tally.rejected);
    }
}

impl StatusCounts {
    fn add(&mut self, of_kind: [u32; 3]) {
        let [counted, not_counted, not_supported] = of_kind.map(u64::from);
        self.counted += counted;
        self.not_counted += not_counted;
        self.not_supported += not_supported;
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.counted + self.not_counted + self.not_supported
    }
}
