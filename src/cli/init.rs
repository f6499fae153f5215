//! The command `init`.

use std::convert::Infallible;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Exit;
use super::escape::escaped;
use super::exit::Usage;
use super::selection::tell as tell_one;
use crate::model::SourceState;
use crate::pipeline::{self, Checks, Item, PlainLookup, Work};
use crate::place::{PlaceOptions, Placer, SIDECAR_NAME};
use crate::propose::{Proposal, Sample, Seen, propose, side_file};
use crate::source::Arguments;

/// Most paths that a proposal is made from; what they cost in memory stays below 50 MB.
const MOST_PATHS: usize = 100_000;

/// How many of the paths that could not be read are named.
const SHOWN: usize = 6;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  prc-etl init ./results/ > prc.toml\n  prc-etl init ./results/ --write\n\n\
                             The proposal is a beginning: it finds dates, hosts, numbers and what never changes, and leaves the\n\
                             meaning of other names to you. Nothing is loaded.")]
pub(super) struct Args {
    /// Directory with results
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// Put the proposal into PATH/prc.toml, which must not exist yet
    #[arg(long)]
    write: bool,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    if !args.path.is_dir() {
        return Err(Usage(format!("{} is no directory", args.path.display())).into());
    }
    let (sample, left_out) = look(&args.path)?;
    anyhow::ensure!(sample.met() > 0, "no result of a known format is below {}", args.path.display());
    let proposal = propose(&sample);
    let text = side_file(&proposal, sample.met());
    if args.write {
        write(&args.path.join(SIDECAR_NAME), &text)?;
    } else {
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    tell_left_out(&left_out);
    Ok(match tell(&proposal)? {
        Exit::Success if left_out.number > 0 => Exit::Rejected,
        exit => exit,
    })
}

/// What could not be read, and so is not in a proposal.
#[derive(Default)]
struct LeftOut {
    number: usize,
    first: Vec<String>,
}

/// The result files of a tree, and what of it could not be looked at.
fn look(path: &Path) -> anyhow::Result<(Sample, LeftOut)> {
    let (mut sample, mut left_out) = (Sample::new(MOST_PATHS), LeftOut::default());
    let work = Work { jobs: pipeline::default_jobs(), placer: Placer::new(PlaceOptions::default()), around: None };
    let receive = |item| {
        let Item::Source(place, parsed) = item else { return ControlFlow::<Infallible>::Continue(()) };
        if let SourceState::Rejected(reject) = &parsed.state {
            left_out.number += 1;
            if left_out.first.len() < SHOWN {
                left_out.first.push(format!("{}: {}", place.shown(), reject.reason));
            }
        }
        if parsed.state == SourceState::Known && !parsed.report.runs.is_empty() {
            let parsed = parsed.into_source();
            let dated = parsed.report.runs.iter().any(|run| run.started_at.is_some());
            sample.meet(Seen { path: parsed.identity.path, host: parsed.report.context.host, dated });
        }
        ControlFlow::Continue(())
    };
    let checks = Checks::<PlainLookup<Infallible>>::none();
    let (ControlFlow::Continue(()), Ok(())) = pipeline::run(Arguments::new(&[path.to_owned()]), &work, checks, receive)?;
    Ok((sample, left_out))
}

fn tell_left_out(left_out: &LeftOut) {
    left_out.first.iter().for_each(|one| tell_one(&escaped(one)));
    let more = left_out.number - left_out.first.len();
    if more > 0 {
        tell_one(&format!("{more} more could not be read either"));
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

fn tell(proposal: &Proposal) -> anyhow::Result<Exit> {
    if proposal.unread == 0 {
        return Ok(Exit::Success);
    }
    let (unread, paths) = (proposal.unread, proposal.paths);
    writeln!(io::stderr().lock(), "prc-etl: {unread} of {paths} paths are not read by the proposal; its end shows some")?;
    Ok(Exit::Rejected)
}
