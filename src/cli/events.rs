//! The command `events`: what the catalogue knows, and what of the database is tied to it.

mod bind;
mod explain;
mod list;
mod same;
mod support;
mod unresolved;

use super::Exit;
use super::database::DatabaseArgs;
use super::output::Format;
use crate::catalog::{self, Microarch, Spelling, Tool};

/// Arguments of `events`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl events explain --tool perf --microarch ivybridge cycles:u
  prc-etl events same --microarch ivybridge perf cycles papi PAPI_TOT_CYC --format json
  prc-etl events same --microarch 'ivybridge|zen2' perf cycles perf cycles
  prc-etl events list --microarch cortex-a53 --tool oprofile --format csv

Tools are perf, oprofile, papi and libpfm4. A microarchitecture has many names (IVB, 'Ivy Bridge', ivybridge): see
`prc-etl microarchs list`. Two spellings are the same event only when they program the same PMU with the same number; equal names of
two tools say nothing. The exit status is 0 whatever the answer is.")]
pub(super) struct Args {
    /// How to print: a list as rows, one answer as rows of field and value, or as one object in json
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    /// What a spelling means, and every other name of that event
    Explain(Asked),
    /// Whether two spellings are one event, and may be compared
    Same(same::Args),
    /// Every name that the tables have for a microarchitecture
    List(list::Args),
    /// Names that two tools share for two different codes: suspects for a bug of a tool
    Conflicts,
    /// Whether a microarchitecture has an event, and what says so
    ///
    /// With a database (--db, or its variable) also what its results say: how often the event was counted or refused.
    Support(support::Args),
    /// Ties every stored spelling to its event anew, under the catalogue of this program
    Bind(DatabaseArgs),
    /// Stored spellings that are tied to no single event, with the reason and the number of results
    Unresolved(DatabaseArgs),
}

/// One spelling on one microarchitecture.
#[derive(Debug, clap::Args)]
struct Asked {
    /// The tool that wrote the spelling
    #[arg(long)]
    tool: Tool,

    /// The microarchitecture, by any of its names
    #[arg(long, value_name = "NAME", value_parser = microarch)]
    microarch: Microarch,

    /// Release of the kernel, as `uname -r` prints it; some generic names depend on it
    #[arg(long, value_name = "RELEASE")]
    kernel: Option<String>,

    /// The event as the tool wrote it
    #[arg(value_name = "SPELLING", allow_hyphen_values = true)]
    spelling: String,
}

impl Asked {
    fn spelling(&self) -> Spelling {
        Spelling::read(self.tool, &self.spelling)
    }
}

/// A microarchitecture by any of its names.
pub(super) fn microarch(name: &str) -> Result<Microarch, catalog::UnknownName> {
    catalog::named(name)
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    match args.question {
        Question::Explain(asked) => explain::run(args.format, &asked)?,
        Question::Same(question) => same::run(args.format, &question)?,
        Question::List(question) => list::run(args.format, &question)?,
        Question::Conflicts => list::conflicts(args.format)?,
        Question::Support(question) => support::run(args.format, &question)?,
        Question::Bind(database) => bind::run(args.format, &database)?,
        Question::Unresolved(database) => unresolved::run(args.format, &database)?,
    }
    Ok(Exit::Success)
}
