//! The command `trust`.

mod explain;
mod fit;
mod give;
mod list;
mod recompute;

use super::Exit;
use super::database::DatabaseArgs;
use super::exit::Usage;
use super::output::Format;
use super::weights::WeightsArgs;

/// Arguments of `trust`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// How to print
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Shows the terms of the coefficient of each result on a line of a source, and what a person says of it
    Explain {
        /// Logical path of the source and number of the line, as `suspects` and `show results` print them
        #[arg(value_name = "PATH:LINE", allow_hyphen_values = true)]
        result: String,

        #[command(flatten)]
        weights: WeightsArgs,
    },
    /// Says how far results can be believed, whatever the program finds
    Set(Box<give::SetArgs>),
    /// Takes back what was said; it stays on record
    Clear(Box<give::ClearArgs>),
    /// Lists what was said, with author, time and reason
    List {
        /// Also what was cleared, and what fits no result now
        #[arg(long)]
        all: bool,
    },
    /// Stores what the program finds, for `trust_auto` of `v_results`; commands compute it when they need it
    Recompute(recompute::RecomputeArgs),
    /// Learns weights of the evidence from what people said, and how good they are; applies nothing
    Fit(fit::FitArgs),
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.action {
        Action::Explain { result, weights } => explain::run(&args.database, args.format, result, weights),
        Action::Set(set) => give::set(&args.database, set),
        Action::Clear(clear) => give::clear(&args.database, clear),
        Action::List { all } => list::run(&args.database, args.format, *all),
        Action::Recompute(recompute) => recompute::run(&args.database, recompute),
        Action::Fit(fit) => fit::run(&args.database, args.format, fit),
    }
}

/// A path and a line, written `PATH:LINE`.
fn place(written: &str) -> Result<(&str, i32), Usage> {
    let parts = written.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
    parts.ok_or_else(|| Usage(format!("'{written}' is no result; write PATH:LINE, as `prc-etl suspects` prints them")))
}
