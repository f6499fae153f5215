//! The command `import`.

mod choice;
mod console;
mod known;
mod options;
mod report;
mod target;

use std::io::{self, Write};
use std::time::Instant;

use anyhow::Context;

use super::Exit;
use super::database::DatabaseArgs;
use super::input::InputArgs;
use crate::pipeline::{self, Ending, LoadOptions, MaxRejects, Observed, Summary, Wanted, Work};
use crate::place::Placer;
use crate::source::Arguments;
use crate::store::{ImportStatus, StoreError};
use choice::ChoiceArgs;
use console::Console;
use known::KnownArgs;
use options::PlaceArgs;
use report::{Report, Status};
use target::Target;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(
    after_long_help = "Examples:\n  prc-etl import ./results/\n  perf stat -x';' ls 2>&1 >/dev/null | prc-etl import - --experiment ls --local\n\n\
                             Exit status: 0 all good, 1 something was rejected, 2 wrong usage, 3 the database or the system failed."
)]
pub(super) struct Args {
    #[command(flatten)]
    input: InputArgs,

    #[command(flatten)]
    database: DatabaseArgs,

    /// Do everything but the write
    #[arg(long)]
    dry_run: bool,

    /// Reject a whole file when a line of it is rejected
    #[arg(long)]
    strict: bool,

    /// Stop when more lines and files than this are rejected: a number, or percent of the lines
    #[arg(long, value_name = "N|P%")]
    max_rejects: Option<MaxRejects>,

    /// Take the import back when --max-rejects stops it or the database fails
    #[arg(long)]
    atomic: bool,

    /// Form of the report at the end, on standard output
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Table)]
    report: Form,

    /// Print nothing unless something is rejected
    #[arg(short, long)]
    quiet: bool,

    /// Name every unknown file, link and remark
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,

    #[command(flatten)]
    known: KnownArgs,

    #[command(flatten)]
    choice: ChoiceArgs,

    #[command(flatten)]
    place: PlaceArgs,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    Table,
    /// One JSON object
    Json,
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let (rules, wanted) = (args.known.rules(), args.choice.wanted());
    let mut target =
        if args.dry_run { Target::rehearse(&args.database, rules)? } else { Target::begin(&args.database, rules)? };
    let import = target.import();
    let (form, atomic, only_rejects) = (args.report, args.atomic, args.quiet && args.report == Form::Table);
    let (summary, ending) = load(args, wanted, &mut target)?;

    let good = matches!(ending, Ending::Done) && summary.rejected() == 0;
    let exit = if good { Exit::Success } else { Exit::Rejected };
    let database = target.database();
    let status = Status::of(&ending, import.is_some(), atomic);
    let report = Report::new(&summary, status, (import.map(|import| import.0), database.as_deref()), started.elapsed());
    let json = report.json()?;
    conclude(&mut target, ending, atomic, &json)?;
    if only_rejects && exit == Exit::Success {
        return Ok(exit);
    }
    match print(&report, &json, form) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("the import is complete, its report cannot be printed")
        }
        _ => Ok(exit),
    }
}

fn load(args: Args, wanted: Wanted, target: &mut Target) -> anyhow::Result<(Summary, Ending<StoreError>)> {
    let mut console = Console::new(args.quiet, args.verbose);
    let arguments = Arguments::new(&args.input.paths).except(target.files());
    arguments.covered.iter().for_each(|argument| console.covered(argument));
    let work = Work { jobs: args.input.jobs(), placer: Placer::new(args.place.into()) };
    let options = LoadOptions { strict: args.strict, max_rejects: args.max_rejects };
    let checks = args.known.checks(target, wanted);
    let loaded = checks.map_err(anyhow::Error::from).and_then(|checks| {
        let observe = |observed: &Observed<'_>| console.observe(observed);
        Ok(pipeline::load(arguments, &work, (checks, options), |batch| target.load(batch), observe)?)
    });
    console.finish(target.import().map(|import| import.0));
    if loaded.is_err() {
        target.finish(ImportStatus::Failed, "{}")?;
    }
    loaded
}

/// Brings the import to its end in the database, and turns a failure into the error of the command.
fn conclude(target: &mut Target, ending: Ending<StoreError>, atomic: bool, report: &str) -> anyhow::Result<()> {
    match ending {
        Ending::Done => target.finish(ImportStatus::Done, report)?,
        Ending::TooManyRejects if atomic => target.undo()?,
        Ending::TooManyRejects => target.finish(ImportStatus::Stopped, report)?,
        Ending::Failed(error) => {
            // The first error is the one that matters; what fails after it can be done by hand.
            let ended = if atomic { target.undo() } else { target.finish(ImportStatus::Failed, report) };
            return Err(error).context(match (atomic, ended) {
                (true, Ok(())) => "the import failed and was taken back",
                (true, Err(_)) => "the import failed and could not be taken back (`prc-etl imports undo` can do that later)",
                (false, _) => "the import failed half-way; what was loaded stays, run it again to load the rest",
            });
        }
    }
    Ok(())
}

fn print(report: &Report<'_>, json: &str, form: Form) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match form {
        Form::Json => writeln!(out, "{json}")?,
        Form::Table => report.table(&mut out)?,
    }
    out.flush()
}
