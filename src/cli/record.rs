//! The command `record`: runs a command, and loads what it measured.

mod capture;
mod entry;
mod run;
mod side;
mod signals;
mod tee;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;

use super::Exit;
use super::database::DatabaseArgs;
use super::escape::escaped;
use super::exit::sentence;
use super::import::{PlaceArgs, import_recorded, quoted};
use crate::model::shortened;
use crate::place::{Around, Local, PlaceOptions};
use capture::Plan;
use entry::{Entry, Unfinished};
use run::Ran;

/// Arguments of `record`.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  prc-etl record --experiment sort -- perf stat -r 5 ./sort\n  prc-etl record --spool /var/spool/prc -- perf stat -o out.txt ./sort\n\n\
                       Exit status: that of the command (128 + N when signal N ended it, 127 when there is no such command, 126 when it cannot \
                       be started); 3 when the command went well and its results could be neither loaded nor spooled."
)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Keep the recording below this directory until it is loaded, and when it cannot be: `prc-etl import DIR` loads it later
    #[arg(long, value_name = "DIR")]
    spool: Option<PathBuf>,

    #[command(flatten)]
    place: PlaceArgs,

    /// The command: `perf stat`, ocount, or whatever prints their results, with its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command. Its status is the one of the process, whatever becomes of the recording.
pub(super) fn run(args: Args) -> ExitCode {
    let started = Timestamp::now();
    let around = args.place.around();
    let place = PlaceOptions { local: Some(Local::read()), ..args.place.into() };
    let begun = Unfinished::begin(args.spool.as_deref(), name(started, &place));
    let keeper = args.spool.clone().unwrap_or_else(std::env::temp_dir);
    let no_place = || format!("cannot record: there is no place to keep the output in {}", keeper.display());
    let unfinished = match begun.with_context(no_place) {
        Ok(unfinished) => unfinished,
        Err(error) => return fail(&error),
    };
    let ran = run::run(&args.command, &Plan::of(&args.command), &unfinished);
    let ran = match ran {
        Ok(ran) => ran,
        Err(refused) => {
            // The directory is empty, and a spool passes it over.
            let _ = unfinished.discard();
            say(&refused.to_string());
            return refused.code.into();
        }
    };
    let recorded = keep(unfinished, &ran, (started, &args.command, &place))
        .and_then(|entry| load(&args.database, around, entry, args.command.first()));
    match (ran.code, recorded) {
        (code, Ok(())) => code.into(),
        (0, Err(error)) => fail(&error),
        (code, Err(error)) => {
            say(&sentence(&error));
            code.into()
        }
    }
}

/// The name that a recording is known by: no two have the same.
fn name(started: Timestamp, place: &PlaceOptions) -> String {
    let host = place.given.host.as_ref().or(place.local.as_ref().and_then(|local| local.host.as_ref()));
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
    let host: String = host.map_or("unknown", String::as_str).chars().take(64).map(plain).collect();
    format!("{started:.6}-{host}-{}", std::process::id())
}

/// Completes the recording.
fn keep(
    unfinished: Unfinished,
    ran: &Ran,
    (started, command, place): (Timestamp, &[OsString], &PlaceOptions),
) -> anyhow::Result<Entry> {
    ran.kept.iter().for_each(|problem| say(problem));
    let words: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    let mut labels = vec![("recorded_command", shortened(&words.join(" ")).into_owned())];
    // Runs of a command that failed are no repetitions of those that did not.
    if ran.code != 0 {
        labels.push(("exit_status", ran.code.to_string()));
    }
    let date = started.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let entry = unfinished.finish(&side::side_file(place, &date, &labels)).context("the recording cannot be kept");
    ran.watch.release();
    entry
}

/// Loads a recording; what cannot be loaded is left where it can be found.
fn load(database: &DatabaseArgs, around: Option<Arc<Around>>, entry: Entry, command: Option<&OsString>) -> anyhow::Result<()> {
    match import_recorded(database, around, &entry.files) {
        Ok(summary) => {
            entry.discard().context("the recording is loaded, and its files cannot be taken away")?;
            let found = summary.sources.new + summary.sources.replaced + summary.sources.already_there;
            let word = command.map(|word| word.to_string_lossy()).unwrap_or_default();
            anyhow::ensure!(found > 0, "{word} printed no known result");
            Ok(())
        }
        Err(error) => {
            let (path, is_spool) = entry.keep();
            let recording = quoted(&path.display().to_string());
            let advice = format!("`prc-etl import {recording}{}` loads the recording later", database.option());
            if is_spool {
                say(&format!("{}; {advice}", sentence(&error)));
                return Ok(());
            }
            Err(error.context(format!("the results are not loaded; {advice}")))
        }
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    say(&sentence(error));
    Exit::Failure.into()
}

/// A closed standard error takes nothing away from the recording.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "prc-etl: record: {}", escaped(text));
}
