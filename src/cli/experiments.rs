//! The command `experiments`.

use std::io::{self, BufWriter, Write};

use super::Exit;
use super::database::DatabaseArgs;
use super::escape::escaped;
use super::exit::Usage;
use super::output::{Cell, Column, Format, Rows};
use crate::store::{Access, ExperimentChange, ExperimentError, ExperimentRecord};

/// Arguments of `experiments`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl experiments add sort --command 'sort -o /dev/null big.txt' --description 'text, 4 GiB'
  prc-etl experiments edit sort --description 'text, 8 GiB'
  prc-etl experiments list --format csv

An import adds the experiments that it meets; `add` is for saying something before, `edit` after. Exit status: 1 when nothing was done
because the name is there already (add) or is not there (edit).")]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// How to print the list
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Adds an experiment
    Add(Named),
    /// Changes an experiment; what is not given stays as it is
    Edit(Named),
    /// Lists all, with the number of their runs
    List,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Name of the experiment
    #[arg(value_name = "NAME")]
    name: String,

    /// The command that its runs execute; an empty text takes it away
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    command: Option<String>,

    /// What it is for; an empty text takes it away
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,

    /// Its runs count the whole system: true or false; without a value true
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    system_wide: Option<bool>,
}

impl Named {
    fn split(self) -> (String, ExperimentChange) {
        let Self { name, command, description, system_wide } = self;
        (name, ExperimentChange { command, description, system_wide })
    }
}

const COLUMNS: &[Column] = &[
    Column::main("experiment"),
    Column::main("command"),
    Column::main("description"),
    Column::main("system_wide"),
    Column::main("runs"),
];

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    match args.action {
        Action::Add(named) => {
            let (name, change) = named.split();
            settle(args.database.open(Access::Write)?.add_experiment(&name, &change), &name, "added")
        }
        Action::Edit(named) => {
            let (name, change) = named.split();
            if change == ExperimentChange::default() {
                writeln!(
                    io::stderr().lock(),
                    "prc-etl: error: nothing to change; give --command, --description or --system-wide"
                )?;
                return Ok(Exit::Usage);
            }
            settle(args.database.open(Access::Existing)?.edit_experiment(&name, &change), &name, "changed")
        }
        Action::List => list(args.format, &args.database.open(Access::Read)?.experiments()?),
    }
}

/// A name that does not fit is told and is no failure of the database.
fn settle(outcome: Result<(), ExperimentError>, name: &str, done: &str) -> anyhow::Result<Exit> {
    match outcome {
        Ok(()) => {
            writeln!(io::stdout().lock(), "experiment '{}' {done}", escaped(name))?;
            Ok(Exit::Success)
        }
        Err(ExperimentError::Store(error)) => Err(error.into()),
        Err(refused @ ExperimentError::Name) => Err(Usage(refused.to_string()).into()),
        Err(refused) => {
            writeln!(io::stderr().lock(), "prc-etl: error: {}", escaped(&refused.to_string()))?;
            Ok(Exit::Rejected)
        }
    }
}

fn list(format: Format, records: &[ExperimentRecord]) -> anyhow::Result<Exit> {
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for record in records {
        rows.row(&[
            Cell::from(&record.name),
            Cell::from(&record.command),
            Cell::from(&record.description),
            Cell::from(if record.system_wide { "yes" } else { "no" }),
            Cell::from(record.runs),
        ])?;
    }
    rows.finish()?;
    Ok(Exit::Success)
}
