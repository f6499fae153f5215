//! Options that choose rows of one listing alone.

use crate::model::RejectKind;
use crate::store::query::{EntryFilter, Glob, RejectFilter, SupportFilter};

/// Conditions on rows of profiles.
#[derive(Debug, clap::Args)]
pub(super) struct EntryArgs {
    /// Event as stated, NAME:period:mask
    #[arg(long, value_name = "PATTERN")]
    pub(super) event: Vec<String>,
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
        Self { kinds: args.kind, images: args.image, symbols: args.symbol }
    }
}

/// Conditions on what lists of events say.
#[derive(Debug, clap::Args)]
pub(super) struct SupportArgs {
    /// Event as printed, * and ? as in a shell
    #[arg(long, value_name = "GLOB")]
    event: Vec<Glob>,
    /// Whether the machine has it: yes, no
    #[arg(long, value_name = "ANSWER", value_parser = ["yes", "no"])]
    supported: Option<String>,
}

impl From<SupportArgs> for SupportFilter {
    fn from(args: SupportArgs) -> Self {
        Self { events: args.event, supported: args.supported.map(|answer| answer == "yes") }
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

fn reject_kind(word: &str) -> Result<RejectKind, String> {
    let words: Vec<&str> = RejectKind::WORDS.iter().map(|(_, word)| *word).collect();
    RejectKind::from_word(word).ok_or_else(|| format!("the kinds are: {}", words.join(", ")))
}
