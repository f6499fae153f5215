//! The command `events`: what the catalogue knows, and what of the database is tied to it.

mod alias;
mod bind;
mod conflicts;
mod contradictions;
mod explain;
mod import;
mod list;
mod same;
mod sets;
mod support;
mod unresolved;

use super::Exit;
use super::database::DatabaseArgs;
use super::output::Format;
use crate::catalog::{self, Machine, Microarch, Spelling, Tool};
use crate::pipeline;
use crate::store::{Store, StoreError};

/// Arguments of `events`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl events explain --tool perf --microarch ivybridge cycles:u
  prc-etl events same --microarch ivybridge perf cycles papi PAPI_TOT_CYC --format json
  prc-etl events same --microarch 'ivybridge|zen2' perf cycles perf cycles
  prc-etl events list --microarch cortex-a53 --tool oprofile --format csv
  prc-etl events import sysfs ./devices --microarch ivybridge --kernel 6.1.0-13-amd64
  prc-etl events alias add --tool perf --microarch ivybridge my-cycles r3c --reason 'an alias of our wrapper'

Tools are perf, oprofile, papi and libpfm4. A microarchitecture has many names (IVB, 'Ivy Bridge', ivybridge): see
`prc-etl microarchs list`. Two spellings are the same event only when they program the same PMU with the same number; equal names of
two tools say nothing. The exit status is 0 whatever the answer is.")]
pub(super) struct Args {
    /// How to print: a list as rows, one answer as rows of field and value, or as one object in json
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    #[command(flatten)]
    database: DatabaseArgs,

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
    /// Names that two tools share for two different codes, and names of users that differ from tables
    Conflicts,
    /// Whether a microarchitecture has an event, and what says so
    ///
    /// Where there is a database, also what its lists and results say: how often the event was counted or refused.
    Support(support::Args),
    /// Where results, lists and tables disagree on whether a machine has an event: reads every result
    Contradictions,
    /// Ties every stored spelling to its event anew, under the catalogue of this program
    Bind,
    /// Stored spellings that are tied to no single event, with the reason and the number of results
    Unresolved,
    /// Reads names from files: what a machine tells of itself, or tables of a vendor
    Import(import::Args),
    /// Lists imports of names, or takes one back
    #[command(subcommand)]
    Imports(sets::Action),
    /// Says by hand what a name stands for: wins over everything, and can be taken back
    #[command(subcommand)]
    Alias(alias::Action),
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

/// A machine, with what the database, where there is one, has of its names.
fn machine(microarch: Microarch, store: Option<&mut Store>) -> Result<Machine, StoreError> {
    store.map_or_else(|| Ok(Machine::new(microarch)), |store| pipeline::machine(store, microarch))
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let (format, database) = (args.format, &args.database);
    match args.question {
        Question::Explain(asked) => explain::run(format, &asked, database)?,
        Question::Same(question) => same::run(format, &question, database)?,
        Question::List(question) => list::run(format, &question, database)?,
        Question::Conflicts => conflicts::run(format, database)?,
        Question::Support(question) => support::run(format, &question, database)?,
        Question::Contradictions => contradictions::run(format, database)?,
        Question::Bind => bind::run(format, database)?,
        Question::Unresolved => unresolved::run(format, database)?,
        Question::Import(given) => return import::run(format, &given, database),
        Question::Imports(action) => return sets::run(format, &action, database),
        Question::Alias(action) => return alias::run(format, &action, database),
    }
    Ok(Exit::Success)
}
