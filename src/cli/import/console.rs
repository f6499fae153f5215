//! What a person sees while an import runs: lines about single files, and a progress bar on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::finding::{Finding, findings};
use crate::cli::escape::escaped;
use crate::model::Reject;
use crate::pipeline::{Observed, Why};
use crate::source::Place;

/// Lines of one sort that are printed before the rest is only counted.
const SHOWN: u64 = 20;

/// Standard error of an import.
pub(super) struct Console {
    progress: ProgressBar,
    quiet: bool,
    verbose: bool,
    rejects: u64,
    unknown: u64,
}

impl Console {
    /// Nobody who said `--quiet` sees anything but rejects.
    pub(super) fn new(quiet: bool, verbose: bool) -> Self {
        let progress = if quiet || !io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} files, {per_sec}, {elapsed}") {
            progress.set_style(style);
        }
        progress.enable_steady_tick(Duration::from_millis(200));
        Self { progress, quiet, verbose, rejects: 0, unknown: 0 }
    }

    /// Says what is worth a line of an argument that is not read by itself.
    pub(super) fn covered(&self, argument: &str) {
        if self.verbose {
            self.say(argument, "lies within another argument, read once");
        }
    }

    /// Says what is worth a line.
    pub(super) fn observe(&mut self, observed: &Observed<'_>) {
        match observed {
            Observed::Link(place) => {
                if self.verbose {
                    let member = "a link or special file in an archive, not read";
                    self.say(&place.shown(), if place.is_member() { member } else { "symbolic link, not followed" });
                }
            }
            Observed::Known(_) => self.progress.inc(1),
            Observed::LeftAlone(place, why) => {
                self.progress.inc(1);
                if self.verbose {
                    self.say(&place.shown(), left_alone(*why));
                }
            }
            Observed::Source(place, parsed, verdict) => {
                self.progress.inc(1);
                for finding in findings(parsed, verdict) {
                    self.source(place, &finding);
                }
            }
        }
    }

    fn source(&mut self, place: &Place, finding: &Finding<'_>) {
        let remark = match finding {
            Finding::Rejected(reject) => return self.reject(place, reject),
            Finding::Unknown(taken_for) => return self.unknown(place, taken_for),
            Finding::Elsewhere(path) => format!("same content as {path}, not loaded"),
            Finding::SameContent(path) => format!("same content as {path}"),
            Finding::Note(note) => (*note).to_owned(),
        };
        if self.verbose {
            self.say(&place.shown(), &remark);
        }
    }

    fn unknown(&mut self, place: &Place, taken_for: &str) {
        self.unknown += 1;
        if !self.quiet && (self.verbose || self.unknown <= SHOWN) {
            self.say(&place.shown(), &format!("no known result, taken for {taken_for}"));
        }
    }

    fn reject(&mut self, place: &Place, reject: &Reject) {
        self.rejects += 1;
        if !self.verbose && self.rejects > SHOWN {
            return;
        }
        let place = match (reject.line, reject.column) {
            (0, _) => place.shown(),
            (line, 0) => format!("{}:{line}", place.shown()),
            (line, column) => format!("{}:{line}:{column}", place.shown()),
        };
        self.say(&place, &format!("rejected ({}): {}", reject.kind.as_str(), reject.reason));
    }

    /// Says what was only counted.
    pub(super) fn finish(&self, import: Option<i64>) {
        self.progress.finish_and_clear();
        let more = |shown: u64| if self.verbose { 0 } else { shown.saturating_sub(SHOWN) };
        if more(self.rejects) > 0 {
            let command = import.map(|import| format!(", see `prc-etl show rejects --import {import}`")).unwrap_or_default();
            self.line(&format!("... and {} more rejected lines and files{command}", more(self.rejects)));
        }
        if more(self.unknown) > 0 && !self.quiet {
            self.line(&format!("... and {} more files without a known result (-v names them)", more(self.unknown)));
        }
    }

    fn say(&self, place: &str, what: &str) {
        self.line(&format!("{}: {}", escaped(place), escaped(what)));
    }

    /// A closed standard error takes nothing away from the import.
    fn line(&self, text: &str) {
        self.progress.suspend(|| {
            let _ = writeln!(io::stderr().lock(), "{text}");
        });
    }
}

/// Why a file was left alone.
pub(super) fn left_alone(why: Why) -> &'static str {
    match why {
        Why::TooYoung => "changed too short a time ago, left alone (--min-age)",
        Why::OutsideSpan => "last changed before --since or after --until, left alone",
        Why::Unfinished => "of a recording that goes on or was killed, left alone",
        Why::OlderArchive => "newer archives lie beside it, left alone (--follow-archives)",
        Why::Excluded => "not wanted by a side file, left alone",
        Why::BrokenSidecar => "left alone until the side file that speaks of it is mended",
    }
}
