//! The command `import`.

mod choice;
mod console;
mod finding;
mod journal;
mod known;
mod lock;
mod options;
mod protocol;
mod recorded;
mod report;
mod target;
mod voice;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;

use super::Exit;
use super::database::DatabaseArgs;
use super::exit;
use super::input::InputArgs;
use crate::pipeline::{self, Ending, LoadOptions, MaxRejects, Observed, Summary, Wanted, Work};
use crate::place::Placer;
use crate::source::Arguments;
use crate::store::{ImportStatus, StoreError};
use choice::ChoiceArgs;
use console::Console;
use journal::{Journal, LogArgs};
use known::KnownArgs;
use lock::{Lock, LockArgs};
pub(super) use options::PlaceArgs;
use protocol::Protocol;
pub(super) use recorded::import_recorded;
use report::{Report, Status};
use target::Target;
pub(super) use target::quoted;
use voice::Voice;

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

    /// Leave the database as it was when --max-rejects stops the import, it fails or is killed; until it ends no other one can write
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
    lock: LockArgs,

    #[command(flatten)]
    log: LogArgs,

    #[command(flatten)]
    choice: ChoiceArgs,

    #[command(flatten)]
    place: PlaceArgs,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people
    Table,
    /// One JSON object
    Json,
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let (form, quiet) = (args.report, args.quiet);
    let mut protocol = Protocol::begin((!args.dry_run).then_some(&args.database));
    let journal = args.log.journal(args.quiet, args.verbose);
    let done = perform(args, journal.as_ref(), &mut protocol);
    let report = protocol.report(done.as_ref().copied());
    if let Some(journal) = &journal {
        journal.ended(&report);
    }
    let exit = match &done {
        Ok(Status::Done | Status::DryRun) if protocol.summary.rejected() == 0 => Exit::Success,
        Ok(_) => Exit::Rejected,
        Err(error) => exit::of(error),
    };
    let wanted = match form {
        Form::Json => true,
        Form::Table => done.is_ok() && !(quiet && exit == Exit::Success),
    };
    let printed = if wanted { print(&report, form) } else { Ok(()) };
    match done {
        Err(_) if journal.is_some() => return Ok(exit),
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("the import is complete, its report cannot be printed")
        }
        _ => Ok(exit),
    }
}

fn perform(args: Args, journal: Option<&Journal>, protocol: &mut Protocol) -> anyhow::Result<Status> {
    let (rules, wanted, atomic) = (args.known.rules(), args.choice.wanted(), args.atomic);
    let lock = args.lock.take(&args.database.url()?)?;
    let mut target =
        if args.dry_run { Target::rehearse(&args.database, rules)? } else { Target::begin(&args.database, rules)? };
    protocol.import = target.import().map(|import| import.0);
    if atomic {
        target.hold()?;
    }
    if let Some(journal) = journal {
        journal.begun(protocol.import, protocol.database.as_deref());
    }
    let excluded = lock.as_ref().and_then(Lock::location);
    let ending = load(args, (journal, wanted, excluded), &mut target, protocol)?;
    conclude(&mut target, ending, atomic, protocol)
}

fn load(
    args: Args,
    (journal, wanted, excluded): (Option<&Journal>, Wanted, Option<PathBuf>),
    target: &mut Target,
    protocol: &mut Protocol,
) -> anyhow::Result<Ending<StoreError>> {
    let mut voice = journal.map_or_else(|| Voice::Console(Console::new(args.quiet, args.verbose)), Voice::Journal);
    let arguments = Arguments::new(&args.input.paths).except(target.files().into_iter().chain(excluded).collect());
    arguments.covered.iter().for_each(|argument| voice.covered(argument));
    protocol.placing = args.place.given();
    let around = args.place.around();
    let work = Work { jobs: args.input.jobs(), placer: Placer::new(args.place.into()), around };
    let options = LoadOptions { strict: args.strict, max_rejects: args.max_rejects };
    let checks = args.known.checks(target, wanted);
    let loaded = checks.map_err(anyhow::Error::from).and_then(|checks| {
        let observe = |observed: &Observed<'_>| voice.observe(observed);
        Ok(pipeline::load(arguments, &work, (checks, options), |batch| target.load(batch), observe)?)
    });
    voice.finish(protocol.import);
    settle(loaded, target, protocol)
}

/// Notes what was done; an import that could not go on ends here.
fn settle(
    loaded: anyhow::Result<(Summary, Ending<StoreError>)>,
    target: &mut Target,
    protocol: &mut Protocol,
) -> anyhow::Result<Ending<StoreError>> {
    match loaded {
        Ok((summary, ending)) => {
            protocol.summary = summary;
            Ok(ending)
        }
        Err(error) => {
            target.finish(ImportStatus::Failed, &protocol.report(Err(&error)).json()?)?;
            Err(error)
        }
    }
}

/// Brings the import to its end in the database, and turns a failure into the error of the command.
fn conclude(target: &mut Target, ending: Ending<StoreError>, atomic: bool, protocol: &mut Protocol) -> anyhow::Result<Status> {
    protocol.stop_the_clock();
    let status = Status::of(&ending, target.import().is_some(), atomic);
    let stopped = if atomic { ImportStatus::Undone } else { ImportStatus::Stopped };
    match ending {
        Ending::Done => target.finish(ImportStatus::Done, &protocol.report(Ok(status)).json()?)?,
        Ending::TooManyRejects => target.finish(stopped, &protocol.report(Ok(status)).json()?)?,
        Ending::Failed(error) => {
            let error = anyhow::Error::from(error);
            let report = protocol.report(Err(&error)).json()?;
            // The first error is the one that matters; what fails after it leaves the import on record as running.
            let _ = target.finish(if atomic { ImportStatus::Undone } else { ImportStatus::Failed }, &report);
            return Err(error).context(if atomic {
                "the import failed and was taken back"
            } else {
                "the import failed half-way; what was loaded stays, run it again to load the rest"
            });
        }
    }
    target
        .bind()
        .context("everything is loaded, but not tied to its events; the next import or `prc-etl events bind` does that")?;
    Ok(status)
}

fn print(report: &Report<'_>, form: Form) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match form {
        Form::Json => writeln!(out, "{}", report.json()?)?,
        Form::Table => report.table(&mut out)?,
    }
    out.flush()
}
