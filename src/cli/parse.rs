//! The command `parse`.

mod record;

use std::convert::Infallible;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

use super::Exit;
use super::input::InputArgs;
use crate::model::{Parsed, SourceState};
use crate::pipeline::{self, Checks, Item, PlainLookup, Work};
use crate::place::{PlaceOptions, Placer};
use crate::source::Arguments;
use record::Record;

/// Arguments of `parse`.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Example:\n  prc-etl parse ./results/ --format ndjson | jq -r 'select(.type == \"result\") | .event'\n\n\
                             docs/ndjson.md describes every field."
)]
pub(super) struct Args {
    #[command(flatten)]
    input: InputArgs,

    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
}

/// Forms of the output.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Ndjson,
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let Args { input, format: Format::Ndjson } = args;
    let work = Work { jobs: input.jobs(), placer: Placer::new(PlaceOptions::default()), around: None };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut exit = Exit::Success;
    let receive = |item| {
        let Item::Source(place, parsed) = item else { return ControlFlow::Continue(()) };
        if is_rejected(&parsed) {
            exit = Exit::Rejected;
        }
        write(&mut out, &place.shown(), &parsed).map_or_else(ControlFlow::Break, ControlFlow::Continue)
    };
    let checks = Checks::<PlainLookup<Infallible>>::none();
    let (flow, Ok(())) = pipeline::run(Arguments::new(&input.paths), &work, checks, receive)?;
    if let ControlFlow::Break(error) = flow {
        return Err(error.into());
    }
    out.flush()?;
    Ok(exit)
}

fn is_rejected(parsed: &Parsed) -> bool {
    matches!(parsed.state, SourceState::Rejected(_)) || !parsed.report.rejects.is_empty()
}

fn write(out: &mut impl Write, path: &str, parsed: &Parsed) -> io::Result<()> {
    record::each(path, parsed, |record: &Record<'_>| {
        serde_json::to_writer(&mut *out, record)?;
        out.write_all(b"\n")
    })
}
