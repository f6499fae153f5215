//! Options that choose rows.

use crate::cli::input::label;
use crate::model::{Kind, RejectKind, Status, ToolName};
use crate::store::query::{EntryFilter, Glob, PlaceFilter, RejectFilter, ResultFilter, SourceFilter};

/// Conditions on sources.
#[derive(Debug, clap::Args)]
pub(super) struct SourceArgs {
    /// Logical path of the source, * and ? as in a shell
    #[arg(long, value_name = "GLOB")]
    path: Vec<Glob>,
    /// Format that the source was read as: perf-stat-text, perf-stat-csv, ...
    #[arg(long = "source-format", value_name = "NAME")]
    source_format: Vec<String>,
    /// Number of the import that loaded the source
    #[arg(long, value_name = "N")]
    import: Vec<i64>,
}

impl From<SourceArgs> for SourceFilter {
    fn from(args: SourceArgs) -> Self {
        Self { paths: args.path, formats: args.source_format, imports: args.import }
    }
}

/// Conditions on where a run belongs.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArgs {
    /// Experiment
    #[arg(long, value_name = "NAME")]
    experiment: Vec<String>,
    /// Tool, with or without version: perf, perf-6.1.0
    #[arg(long, value_name = "NAME[-VERSION]")]
    tool: Vec<ToolName>,
    /// Host
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// Label; values of one key are alternatives
    #[arg(long, value_name = "KEY=VALUE", value_parser = label)]
    label: Vec<(String, String)>,
    /// Architecture as `uname -m` prints it
    #[arg(long, value_name = "ARCH")]
    arch: Vec<String>,
    /// Microarchitecture
    #[arg(long, value_name = "NAME")]
    microarch: Vec<String>,
    /// Kernel release
    #[arg(long, value_name = "RELEASE")]
    kernel: Vec<String>,
}

impl From<PlaceArgs> for PlaceFilter {
    fn from(args: PlaceArgs) -> Self {
        Self {
            experiments: args.experiment,
            tools: args.tool,
            hosts: args.host,
            labels: args.label,
            archs: args.arch,
            microarchs: args.microarch,
            kernels: args.kernel,
        }
    }
}

/// Conditions on results.
#[derive(Debug, clap::Args)]
pub(super) struct ResultArgs {
    /// Event as printed, * and ? as in a shell
    #[arg(long, value_name = "GLOB")]
    event: Vec<Glob>,
    /// Kind of number: count, metric, estimate
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<Kind>,
    /// Status: counted, 'not counted', 'not supported'
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<Status>,
}

impl From<ResultArgs> for ResultFilter {
    fn from(args: ResultArgs) -> Self {
        Self { events: args.event, kinds: args.kind, statuses: args.status }
    }
}

/// Conditions on rows of profiles.
#[derive(Debug, clap::Args)]
pub(super) struct EntryArgs {
    /// Event as stated, NAME:period:mask, * and ? as in a shell
    #[arg(long, value_name = "GLOB")]
    event: Vec<Glob>,
    /// What a row counts: image, symbol, address, caller, callee, self, application
    #[arg(long, value_name = "KIND", value_parser = ["image", "symbol", "address", "caller", "callee", "self", "application"])]
    kind: Vec<String>,
    /// Binary, library or module
    #[arg(long, value_name = "GLOB")]
    image: Vec<Glob>,
    /// Symbol
    #[arg(long, value_name = "GLOB")]
    symbol: Vec<Glob>,
}

impl From<EntryArgs> for EntryFilter {
    fn from(args: EntryArgs) -> Self {
        Self { events: args.event, kinds: args.kind, images: args.image, symbols: args.symbol }
    }
}

/// Conditions on rejects.
#[derive(Debug, clap::Args)]
pub(super) struct RejectArgs {
    /// Logical path of the source, * and ? as in a shell
    #[arg(long, value_name = "GLOB")]
    path: Vec<Glob>,
    /// Number of the import
    #[arg(long, value_name = "N")]
    import: Vec<i64>,
    /// Class of the reason: row, number, name, 'long line', json, unreadable, ...
    #[arg(long, value_name = "KIND", value_parser = reject_kind)]
    kind: Vec<RejectKind>,
}

impl From<RejectArgs> for RejectFilter {
    fn from(args: RejectArgs) -> Self {
        Self { paths: args.path, imports: args.import, kinds: args.kind }
    }
}

/// Conditions on imports.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// Status: running, done, stopped, failed, undone
    #[arg(long, value_name = "STATUS", value_parser = ["running", "done", "stopped", "failed", "undone"])]
    pub(super) status: Vec<String>,
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::from_word(word).ok_or_else(|| "the kinds are count, metric and estimate".to_owned())
}

fn status(word: &str) -> Result<Status, String> {
    Status::from_word(word).ok_or_else(|| "the statuses are 'counted', 'not counted' and 'not supported'".to_owned())
}

fn reject_kind(word: &str) -> Result<RejectKind, String> {
    let words: Vec<&str> = RejectKind::WORDS.iter().map(|(_, word)| *word).collect();
    RejectKind::from_word(word).ok_or_else(|| format!("the kinds are: {}", words.join(", ")))
}
