//! The report at the end of an import.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use crate::pipeline::{Ending, LineCounts, SourceCounts, StatusCounts, Summary};

/// Version of the JSON report. Fields are added without notice; a field that changes its meaning or goes raises it.
const VERSION: u32 = 1;

/// How an import ended, in the words of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub(super) enum Status {
    /// Every source has its verdict.
    Done,
    /// Everything but the write was done.
    DryRun,
    /// More was rejected than `--max-rejects` bears; what was loaded stays.
    Stopped,
    /// The same with `--atomic`: nothing stays.
    TakenBack,
    /// The database failed.
    Failed,
}

impl Status {
    /// The word of the report.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DryRun => "dry-run",
            Self::Stopped => "stopped",
            Self::TakenBack => "taken-back",
            Self::Failed => "failed",
        }
    }

    pub(super) fn of<E>(ending: &Ending<E>, writes: bool, atomic: bool) -> Self {
        match ending {
            _ if !writes => Self::DryRun,
            Ending::Done => Self::Done,
            Ending::TooManyRejects if atomic => Self::TakenBack,
            Ending::TooManyRejects => Self::Stopped,
            Ending::Failed(_) => Self::Failed,
        }
    }
}

impl From<Status> for &'static str {
    fn from(status: Status) -> Self {
        status.as_str()
    }
}

/// The report; its JSON form is a public contract.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    /// Version of this form, for programs.
    #[serde(rename = "report_version")]
    version: u32,
    program_version: &'static str,
    pub(super) import: Option<i64>,
    pub(super) database: Option<&'a str>,
    pub(super) status: Status,
    /// Why it failed, in one line.
    pub(super) error: Option<String>,
    pub(super) seconds: f64,
    bytes: u64,
    pub(super) sources: &'a SourceCounts,
    /// Options that say where runs belong and do not reach what was already there.
    not_applied: &'a [&'static str],
    unknown: &'a BTreeMap<String, u64>,
    pub(super) lines: &'a LineCounts,
    pub(super) runs: u64,
    results: &'a BTreeMap<&'static str, StatusCounts>,
    pub(super) rejects: &'a BTreeMap<&'static str, u64>,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        summary: &'a Summary,
        status: Status,
        (import, database): (Option<i64>, Option<&'a str>),
        elapsed: Duration,
    ) -> Self {
        Self {
            version: VERSION,
            program_version: env!("CARGO_PKG_VERSION"),
            import,
            database,
            status,
            error: None,
            seconds: elapsed.as_secs_f64(),
            bytes: summary.bytes,
            sources: &summary.sources,
            not_applied: &[],
            unknown: &summary.unknown,
            lines: &summary.lines,
            runs: summary.runs,
            results: &summary.results,
            rejects: &summary.rejects,
        }
    }

    /// The report with the reason of a failure.
    pub(super) fn because(self, error: Option<String>) -> Self {
        Self { error, ..self }
    }

    /// The report of an import to which these options were given.
    pub(super) fn placed(self, options: &'a [&'static str]) -> Self {
        Self { not_applied: if self.sources.already_there > 0 { options } else { &[] }, ..self }
    }

    /// The report as JSON.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// Prints the report for people.
    pub(super) fn table(&self, out: &mut impl Write) -> io::Result<()> {
        self.heading(out)?;
        self.source_rows(out)?;
        let lines = self.lines;
        row(
            out,
            "lines",
            lines.total,
            &format!(
                "{} with results + {} without ({} of other programs) + {} rejected",
                lines.results, lines.furniture, lines.foreign, lines.rejected
            ),
        )?;
        row(out, "runs", self.runs, "")?;
        for (kind, counts) in self.results {
            row(
                out,
                &format!("{kind}s"),
                counts.total(),
                &format!(
                    "{} counted, {} not counted, {} not supported",
                    counts.counted, counts.not_counted, counts.not_supported
                ),
            )?;
        }
        let rejected: u64 = self.rejects.values().sum();
        row(out, "rejects", rejected, &listed(self.rejects))
    }

    fn heading(&self, out: &mut impl Write) -> io::Result<()> {
        let what = match (self.import, self.status) {
            (_, Status::DryRun) | (None, _) => "dry run, nothing written".to_owned(),
            (Some(import), Status::Done) => format!("import {import} done"),
            (Some(import), Status::Stopped) => format!("import {import} stopped: too many rejects; what was loaded stays"),
            (Some(import), Status::TakenBack) => format!("import {import} taken back: too many rejects; nothing was kept"),
            (Some(import), Status::Failed) => format!("import {import} failed"),
        };
        let rate = rate(self.sources.seen, self.seconds);
        writeln!(out, "{what}: {} files in {:.2} s ({rate} files/s)", self.sources.seen, self.seconds)
    }

    fn source_rows(&self, out: &mut impl Write) -> io::Result<()> {
        let sources = self.sources;
        row(out, "new", sources.new, &remark(sources.same_content, "with the same content as another file"))?;
        row(out, "replaced", sources.replaced, "")?;
        let stale = remark(sources.stale, "read by an older parser, or placed by other side files (--stale loads them anew)");
        let as_before = match self.not_applied {
            [] => String::new(),
            options => format!("placed as before: {} hold only for what is loaded now", options.join(", ")),
        };
        let remarks: Vec<&str> = [&*stale, &*as_before].into_iter().filter(|remark| !remark.is_empty()).collect();
        row(out, "already there", sources.already_there, &remarks.join("; "))?;
        row(out, "unknown", sources.unknown, &listed(self.unknown))?;
        row(out, "rejected files", sources.rejected, "")?;
        let rare = [
            ("elsewhere", sources.elsewhere, "same content as another file, not loaded"),
            ("too young", sources.too_young, "changed too short a time ago, left alone"),
            ("outside time", sources.outside_span, "last changed before --since or after --until, left alone"),
            ("older archives", sources.older_archives, "newer ones beside them, left alone (--follow-archives)"),
            ("not wanted", sources.excluded, "by side files, left alone"),
            ("held back", sources.held_back, "until the side file that speaks of them is mended"),
            ("off layout", sources.off_layout, "loaded, but no path template reads their path (-v names them)"),
            ("unfinished", sources.unfinished, "of recordings that are not complete, left alone"),
            ("contradicted", sources.contradicted, "loaded, but what was said of them does not agree (-v tells what)"),
            ("links", sources.links, "not followed"),
        ];
        rare.into_iter().filter(|(_, number, _)| *number > 0).try_for_each(|(name, number, what)| row(out, name, number, what))
    }
}

/// `3 with ...`, or nothing.
fn remark(number: u64, what: &str) -> String {
    if number > 0 { format!("{number} {what}") } else { String::new() }
}

fn row(out: &mut impl Write, name: &str, number: u64, remark: &str) -> io::Result<()> {
    let line = format!("  {name:<15} {number:>12}  {remark}");
    writeln!(out, "{}", line.trim_end())
}

/// Names of one row that are worth reading.
const NAMED: usize = 6;

/// `3 JSON, 1 text`, the most frequent first.
fn listed<K: AsRef<str>>(counts: &BTreeMap<K, u64>) -> String {
    let mut counts: Vec<(&str, u64)> = counts.iter().map(|(name, count)| (name.as_ref(), *count)).collect();
    counts.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    let others: u64 = counts.iter().skip(NAMED).map(|(_, count)| count).sum();
    let mut texts: Vec<String> = counts.iter().take(NAMED).map(|(name, count)| format!("{count} {name}")).collect();
    if others > 0 {
        texts.push(format!("{others} others"));
    }
    texts.join(", ")
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate for people")]
fn rate(count: u64, seconds: f64) -> u64 {
    (count as f64 / seconds.max(1e-6)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary() -> Summary {
        let mut summary = Summary { runs: 2, bytes: 100, ..Summary::default() };
        summary.sources = SourceCounts { seen: 5, new: 2, same_content: 1, unknown: 2, rejected: 1, ..SourceCounts::default() };
        summary.unknown = BTreeMap::from([("JSON".to_owned(), 1), ("PNG image".to_owned(), 1)]);
        summary.lines = LineCounts { total: 10, results: 4, furniture: 5, foreign: 1, rejected: 1 };
        summary.results = BTreeMap::from([("count", StatusCounts { counted: 3, not_counted: 1, not_supported: 0 })]);
        summary.rejects = BTreeMap::from([("row", 1), ("unreadable", 1)]);
        summary
    }

    #[test]
    fn the_table_holds_every_number() {
        let (summary, mut out) = (summary(), Vec::new());
        let report = Report::new(&summary, Status::Done, (Some(3), Some("x.db")), Duration::from_millis(500));
        report.table(&mut out).unwrap();
        let expected = "\
import 3 done: 5 files in 0.50 s (10 files/s)
  new                        2  1 with the same content as another file
  replaced                   0
  already there              0
  unknown                    2  1 JSON, 1 PNG image
  rejected files             1
  lines                     10  4 with results + 5 without (1 of other programs) + 1 rejected
  runs                       2
  counts                     4  3 counted, 1 not counted, 0 not supported
  rejects                    2  1 row, 1 unreadable
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn what_was_already_there_is_said_to_be_placed_as_before() {
        let mut summary = summary();
        let table = |summary: &Summary| {
            let report = Report::new(summary, Status::Done, (Some(3), Some("x.db")), Duration::from_millis(500));
            let mut out = Vec::new();
            report.placed(&["--host", "--label"]).table(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert!(!table(&summary).contains("--host"));
        (summary.sources.already_there, summary.sources.stale) = (2, 1);
        let expected = "  already there              2  1 read by an older parser, or placed by other side files (--stale loads them anew); \
                        placed as before: --host, --label hold only for what is loaded now\n";
        assert!(table(&summary).contains(expected), "{}", table(&summary));
    }

    #[test]
    fn many_names_are_cut_to_the_most_frequent() {
        let counts: BTreeMap<String, u64> = (1..=8).map(|i| (format!("n{i}"), i)).collect();
        assert_eq!(listed(&counts), "8 n8, 7 n7, 6 n6, 5 n5, 4 n4, 3 n3, 3 others");
    }

    #[test]
    fn the_json_report_names_its_version_and_status() {
        let summary = summary();
        let report = Report::new(&summary, Status::TakenBack, (None, None), Duration::from_secs(1));
        let json: serde_json::Value = serde_json::from_str(&report.json().unwrap()).unwrap();
        assert_eq!((&json["report_version"], &json["status"]), (&1.into(), &"taken-back".into()));
        assert_eq!(json["results"]["count"]["not_counted"], 1);
        assert_eq!(json["sources"]["seen"], 5);
    }
}
