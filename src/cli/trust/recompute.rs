//! The command `trust recompute`.

use std::io::{self, Write};

use crate::cli::Exit;
use crate::cli::database::DatabaseArgs;
use crate::cli::words::number_of;
use crate::judge;
use crate::pipeline;

/// Arguments of `trust recompute`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Coefficients are stored experiment by experiment. What an import, an undo or another catalogue touches has none from then on until it is
recomputed, so that no column ever shows an old one; without --all only that is done, and what another version of the program computed.
Exit status: 1 when an import touched experiments while they were judged; nothing of these is stored then.")]
pub(super) struct RecomputeArgs {
    /// Also the experiments that nothing touched since
    #[arg(long)]
    all: bool,

    /// Number of workers, each with a connection of its own [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

/// Runs the command.
pub(super) fn run(database: &DatabaseArgs, args: &RecomputeArgs) -> anyhow::Result<Exit> {
    let jobs = args.jobs.map_or_else(pipeline::default_jobs, usize::from);
    let done = judge::recompute(&database.url()?, args.all, jobs)?;
    let experiments = number_of(done.experiments as u64, "experiment");
    let results = number_of(done.results as u64, "result");
    writeln!(io::stdout().lock(), "judged {results} of {experiments}; nothing touched {} others", done.up_to_date)?;
    if done.touched == 0 {
        return Ok(Exit::Success);
    }
    let touched = number_of(done.touched as u64, "experiment");
    writeln!(io::stderr().lock(), "prc-etl: error: {touched} changed meanwhile and have no stored trust; recompute again")?;
    Ok(Exit::Rejected)
}
