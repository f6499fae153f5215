//! The command `db`: looks after the database.

mod import_seed;

use std::io::{self, Write};

use super::Exit;
use super::database::DatabaseArgs;
use crate::store::{Access, Store};

/// Arguments of `db`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Creates the tables, or brings them up to date
    Migrate,
    /// Prints back end, schema, size and row counts
    Info,
    /// Holds the tables against the ledger and against each other; status 1 when something is wrong
    Check,
    /// Takes over a PostgreSQL database of the old collector (perfevents-result-collector); a second time adds nothing
    ImportSeed(import_seed::Args),
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    match args.action {
        Action::Migrate => migrate(&args.database),
        Action::Info => info(&args.database),
        Action::Check => check(&args.database),
        Action::ImportSeed(seed) => import_seed::run(&args.database, &seed),
    }
}

fn migrate(database: &DatabaseArgs) -> anyhow::Result<Exit> {
    let applied = Store::migrate(&database.url()?)?;
    let mut out = io::stdout().lock();
    if applied.is_empty() {
        writeln!(out, "the schema is up to date")?;
    }
    for version in applied {
        writeln!(out, "applied migration {version}")?;
    }
    Ok(Exit::Success)
}

fn info(database: &DatabaseArgs) -> anyhow::Result<Exit> {
    let info = database.open(Access::Read)?.info()?;
    let mut out = io::stdout().lock();
    writeln!(out, "database  {}", info.database)?;
    writeln!(out, "back end  {}", info.back_end)?;
    writeln!(out, "schema    {}", info.schema)?;
    writeln!(out, "bytes     {}", info.bytes)?;
    for (table, rows) in info.rows {
        writeln!(out, "{table:<12}  {rows:>12} rows")?;
    }
    Ok(Exit::Success)
}

fn check(database: &DatabaseArgs) -> anyhow::Result<Exit> {
    let problems = database.open(Access::Read)?.check()?;
    let mut out = io::stdout().lock();
    if problems.is_empty() {
        writeln!(out, "no problem found")?;
        return Ok(Exit::Success);
    }
    for problem in problems {
        writeln!(out, "{problem}")?;
    }
    Ok(Exit::Rejected)
}
