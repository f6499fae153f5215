//! The command line: what was typed becomes a call into the library, what comes back becomes text and an exit status.

mod database;
mod db;
mod exit;
mod import;
mod imports;
mod input;
mod output;
mod parse;
mod show;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;

/// Collects performance-counter results (perf stat, OProfile, PAPI) in one database.
///
/// `prc-etl ./results/` is short for `prc-etl import ./results/`.
#[derive(Debug, Parser)]
#[command(name = "prc-etl", version, max_term_width = 120)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it for each invocation")]
enum Command {
    /// Loads result files into the database (the default command)
    Import(import::Args),
    /// Reads result files and prints what is in them, without a database
    Parse(parse::Args),
    /// Lists what the database holds
    Show(show::Args),
    /// Takes imports back
    Imports(imports::Args),
    /// Looks after the database
    Db(db::Args),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse_from(with_default_command(std::env::args_os().collect()));
    let outcome = match cli.command {
        Command::Import(args) => import::run(args),
        Command::Parse(args) => parse::run(args),
        Command::Show(args) => show::run(args),
        Command::Imports(args) => imports::run(args),
        Command::Db(args) => db::run(args),
    };
    exit::report(outcome)
}

/// Puts `import` before arguments that name no command.
fn with_default_command(arguments: Vec<OsString>) -> Vec<OsString> {
    arguments
}
