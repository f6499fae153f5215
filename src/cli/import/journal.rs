//! What a machine reads while an import runs: log lines on standard error, one for each finding, none of them cut short.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, debug, dispatcher, error, info, warn};

use super::console::left_alone;
use super::finding::{Finding, findings};
use super::report::Report;
use crate::model::Reject;
use crate::pipeline::Observed;

/// Options on log lines.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "Log lines")]
pub(super) struct LogArgs {
    /// Write log lines to standard error, with a time and every finding, in place of what is for people
    #[arg(long, value_enum, value_name = "FORM")]
    log_format: Option<LogFormat>,

    /// Least weight of a log line (the option switches log lines on) [default: info; warn with --quiet, debug with --verbose]
    ///
    /// error: the import failed. warn: what was rejected. info: begin, end, files without a known result. debug: remarks, and what was
    /// left alone.
    #[arg(long, value_enum, value_name = "LEVEL", env = "PRC_LOG")]
    log_level: Option<LogLevel>,
}

/// Forms of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LogFormat {
    /// Words with `key=value`
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
        }
    }
}

impl LogArgs {
    /// The log, when one is wanted.
    pub(super) fn journal(self, quiet: bool, verbose: bool) -> Option<Journal> {
        let form = self.log_format.or(self.log_level.map(|_| LogFormat::Text))?;
        let usual = match (quiet, verbose) {
            (true, _) => LogLevel::Warn,
            (false, true) => LogLevel::Debug,
            (false, false) => LogLevel::Info,
        };
        Some(Journal::new(form, self.log_level.unwrap_or(usual).into()))
    }
}

/// The log of an import. What libraries may say goes elsewhere.
pub(super) struct Journal {
    lines: Dispatch,
}

impl Journal {
    fn new(form: LogFormat, level: LevelFilter) -> Self {
        let lines = tracing_subscriber::fmt().with_max_level(level).with_writer(io::stderr).with_target(false).with_ansi(false);
        let lines = match form {
            LogFormat::Text => Dispatch::new(lines.finish()),
            LogFormat::Json => Dispatch::new(lines.json().flatten_event(true).finish()),
        };
        Self { lines }
    }

    /// The import has a number now.
    pub(super) fn begun(&self, import: Option<i64>, database: Option<&str>) {
        dispatcher::with_default(&self.lines, || info!(import, database, "import begins"));
    }

    /// An argument is not read by itself.
    pub(super) fn covered(&self, argument: &str) {
        dispatcher::with_default(&self.lines, || debug!(argument, "lies within another argument, read once"));
    }

    /// The end, however it came.
    pub(super) fn ended(&self, report: &Report<'_>) {
        dispatcher::with_default(&self.lines, || ended(report));
    }

    /// Says what was found.
    pub(super) fn observe(&self, observed: &Observed<'_>) {
        dispatcher::with_default(&self.lines, || match observed {
            Observed::Known(_) => {}
            Observed::Link(place) => debug!(path = place.shown(), "link, not followed"),
            Observed::LeftAlone(place, why) => debug!(path = place.shown(), why = left_alone(*why), "left alone"),
            Observed::Source(place, parsed, verdict) => {
                let path = place.shown();
                for finding in findings(parsed, verdict) {
                    source(&path, &finding);
                }
            }
        });
    }
}

fn ended(report: &Report<'_>) {
    let Report { import, database, seconds, runs, .. } = *report;
    let (status, sources, lines) = (report.status.as_str(), report.sources, report.lines);
    let rejects: u64 = report.rejects.values().sum();
    if let Some(error) = report.error.as_deref() {
        error!(import, database, status, error, seconds, "import ends");
    } else {
        info!(
            import,
            database,
            status,
            seconds,
            runs,
            rejects,
            files = sources.seen,
            new = sources.new,
            replaced = sources.replaced,
            already_there = sources.already_there,
            unknown = sources.unknown,
            rejected_files = sources.rejected,
            lines = lines.total,
            rejected_lines = lines.rejected,
            "import ends"
        );
    }
}

fn source(path: &str, finding: &Finding<'_>) {
    match finding {
        Finding::Rejected(Reject { line, column, kind, reason, .. }) => {
            warn!(path, line, column, kind = kind.as_str(), reason, "rejected");
        }
        Finding::Unknown(taken_for) => info!(path, taken_for, "no known result"),
        Finding::Elsewhere(same_content_as) => debug!(path, same_content_as, "not loaded"),
        Finding::SameContent(same_content_as) => debug!(path, same_content_as, "loaded"),
        Finding::Note(note) => debug!(path, note, "remark"),
    }
}
