//! One output inside a text, and what its rows have shown so far.

use super::row::{Body, Row};
use crate::model::Kind;
use crate::parse::builder::Builder;
use crate::parse::notation::Notation;

/// One output.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the lines so far; every combination occurs")]
pub(super) struct Block<'a> {
    /// Its run.
    pub(super) run: u32,
    /// How it writes numbers.
    pub(super) notation: Notation,
    /// Whether its rows carry times.
    pub(super) interval: bool,
    /// Whether its rows are labelled with threads; unknown before the first row.
    pub(super) threads: Option<bool>,
    /// Number of counter rows.
    pub(super) counters: u32,
    /// Whether a blank line came since the header.
    pub(super) gap: bool,
    /// Whether text of another program came since the header.
    pub(super) foreign: bool,
    /// Whether the elapsed time closed it: only user and system time may follow.
    pub(super) closed: bool,
    /// The line of metric names in front of rows of bare numbers.
    pub(super) heading: Option<&'a str>,
    /// The counter that a continuation line belongs to.
    pub(super) counter: Option<u32>,
    /// The metric group that is being read, by its index in the reader.
    pub(super) group: Option<usize>,
    /// Cgroups seen in rows that show them apart.
    pub(super) cgroups: Vec<String>,
    /// Number of intervals since the last heading.
    pub(super) intervals: u32,
    last_time: Option<i64>,
    summary: bool,
}

impl<'a> Block<'a> {
    /// A block without rows.
    pub(super) fn new(run: u32, notation: Notation) -> Self {
        Self {
            run,
            notation,
            interval: false,
            threads: None,
            counters: 0,
            gap: false,
            foreign: false,
            closed: false,
            heading: None,
            counter: None,
            group: None,
            cgroups: Vec::new(),
            intervals: 0,
            last_time: None,
            summary: false,
        }
    }

    /// A block of interval rows.
    pub(super) fn of_intervals(run: u32, notation: Notation, heading: Option<&'a str>) -> Self {
        Self { interval: true, heading, ..Self::new(run, notation) }
    }

    /// Whether a row can be one of this block's.
    ///
    /// In interval mode, rows without time are the summary of 6.12 and later when they name events of the intervals; other text of
    /// that shape is not perf's. Elsewhere, rows end at a blank line, but typed-over outputs have blank lines between indented rows.
    pub(super) fn belongs(&self, row: &Row<'_>, content: &str, builder: &Builder) -> bool {
        match (self.interval, row.time) {
            (true, Some(_)) => true,
            (true, None) => match row.body {
                Body::Counter { name, unit, .. } => builder.has_spelling(name.split(&self.cgroups).0, unit, Kind::Count),
                Body::Continuation(_) | Body::Group { .. } => self.summary,
                Body::Numbers(_) => self.counters == 0,
                Body::Nameless => false,
            },
            (false, Some(_)) => false,
            (false, None) => self.counters == 0 || !self.gap || row.label.is_some() || content.starts_with([' ', '\t']),
        }
    }

    /// Whether a row begins another run of interval mode: its time lies before the last, or behind a summary.
    pub(super) fn restarts(&self, row: &Row<'_>) -> bool {
        let back = matches!((row.time, self.last_time), (Some(now), Some(last)) if now < last);
        self.interval && row.time.is_some() && (back || self.summary)
    }

    /// Remembers the time of a row.
    pub(super) fn passed(&mut self, row: &Row<'_>) {
        if row.time.is_some() && row.time != self.last_time {
            (self.intervals, self.last_time) = (self.intervals + 1, row.time);
        }
    }

    /// Whether a heading begins another run.
    ///
    /// perf repeats it after 25 intervals, 26 since 6.2 (stat-display.c, `num_print_interval`), and with `--interval-clear` after each.
    pub(super) fn ends_at_heading(&self) -> bool {
        const REPEATED_AFTER: u32 = 25;
        !self.interval || self.closed || (2..REPEATED_AFTER).contains(&self.intervals)
    }

    /// Remembers what a counter row shows.
    pub(super) fn saw(&mut self, row: &Row<'_>, cgroup: Option<&str>) {
        self.counters += 1;
        self.gap = false;
        self.summary = self.interval && row.time.is_none();
        self.group = None;
        let threads =
            row.label.is_some_and(|label| crate::parse::perf::scope::kind_of(label) == crate::model::ScopeKind::Thread);
        self.threads.get_or_insert(threads);
        if let Some(cgroup) = cgroup.filter(|cgroup| !self.cgroups.iter().any(|known| known == cgroup)) {
            self.cgroups.push(cgroup.to_owned());
        }
    }
}
