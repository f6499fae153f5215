//! The command line: what was typed becomes a call into the library, what comes back becomes text and an exit status.

mod author;
mod bugs;
mod compare;
mod database;
mod db;
mod errata;
mod escape;
mod events;
mod exit;
mod experiments;
mod findings;
mod implied;
mod import;
mod imports;
mod init;
mod input;
mod microarchs;
mod min_trust;
mod output;
mod parse;
mod question;
mod record;
mod selection;
mod show;
mod stability;
mod stats;
mod suspects;
mod time;
mod trend;
mod trust;
mod weights;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use exit::Exit;

/// Collects performance-counter results (perf stat, OProfile, PAPI) in one database.
///
/// `prc-etl ./results/` is short for `prc-etl import ./results/`; only a path that is named like a command needs the long form.
#[derive(Debug, Parser)]
#[command(name = "prc-etl", version, max_term_width = 120, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Loads result files into the database (the default command)
    Import(import::Args),
    /// Runs a command that measures, and loads what it prints
    Record(record::Args),
    /// Reads result files and prints what is in them, without a database
    Parse(parse::Args),
    /// Proposes a side file that tells what the names in a tree mean
    Init(init::Args),
    /// Lists what the database holds
    Show(Box<show::Args>),
    /// Compares two sides, event by event: tools, kernels, machines, builds, whatever tells them apart
    Compare(Box<compare::Args>),
    /// Describes the distribution of each group of numbers
    Stats(Box<stats::Args>),
    /// Grades how steady repetitions are, and says how many runs a precision needs
    Stability(Box<stability::Args>),
    /// Shows when numbers changed over time, and which merely stand out
    Trend(Box<trend::Args>),
    /// Explains events: what a spelling means, and whether two spellings are one event
    Events(events::Args),
    /// Lists the microarchitectures that the catalogue of events knows
    Microarchs(microarchs::Args),
    /// Says what experiments are: command, description, whether the whole system is counted
    Experiments(experiments::Args),
    /// Lists the results that are hard to believe, with what speaks against each
    Suspects(Box<suspects::Args>),
    /// Lists everything that speaks against results: contradictions, silent zeros, errata, outliers, other tools
    Findings(Box<findings::Args>),
    /// Reports findings that many runs share, by tool, version, event, microarchitecture and kernel
    Bugs(Box<bugs::Args>),
    /// Explains how far a result can be believed
    Trust(trust::Args),
    /// Takes imports back
    Imports(imports::Args),
    /// Looks after the database
    Db(db::Args),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match implied::with_import(&Cli::command(), std::env::args_os().collect()) {
        Ok(arguments) => Cli::parse_from(arguments),
        Err(error) => return exit::report(Err(error.into())),
    };
    if let Err(error) = errata::take_own() {
        return exit::report(Err(error.into()));
    }
    let outcome = match cli.command {
        Command::Import(args) => import::run(args),
        Command::Record(args) => return record::run(args),
        Command::Parse(args) => parse::run(args),
        Command::Init(args) => init::run(&args),
        Command::Show(args) => show::run(*args),
        Command::Compare(args) => compare::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Stability(args) => stability::run(&args),
        Command::Trend(args) => trend::run(&args),
        Command::Events(args) => events::run(args),
        Command::Microarchs(args) => microarchs::run(args),
        Command::Experiments(args) => experiments::run(args),
        Command::Suspects(args) => suspects::run(&args),
        Command::Findings(args) => findings::run(&args),
        Command::Bugs(args) => bugs::run(&args),
        Command::Trust(args) => trust::run(&args),
        Command::Imports(args) => imports::run(args),
        Command::Db(args) => db::run(args),
    };
    exit::report(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
