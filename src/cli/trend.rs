//! The command `trend`: when the numbers of a group changed, and which merely stand out.

use std::mem::ManuallyDrop;

use super::Exit;
use super::output::{Cell, Column};
use super::question::{KeyColumns, QuestionArgs};
use super::selection::tell;
use crate::model::Kind;
use crate::question::Key;
use crate::question::series::{Over, Place, Series, series};
use crate::stats::outlier::Floor;
use crate::stats::trend::{Trend, trend};
use crate::store::Access;
use crate::store::query::selection::Field;

/// Arguments of `trend`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl trend --experiment sort --event cycles
  prc-etl trend --over kernel --class instructions
  prc-etl trend --by experiment,event --started '>=2024-06' --format csv

A row for each segment: the series is cut where three numbers in a row lie on one side of median ± 5 deviations of the 10 to 50 numbers
before them, never within one time or version; step is the median as a multiple of the one before. Fewer than three are outliers, which
are counted and, in csv and json, listed by their times or versions. Numbers are in the order of the starts of their runs by the clock of
their machine, or with --over in the order of versions (5.4 before 5.10) and within one version of time, those of one time in that of
their files; those whose time or version is not known are left out, and that is told.")]
pub(super) struct Args {
    #[command(flatten)]
    question: QuestionArgs,

    /// The order that numbers are looked at in
    #[arg(long, value_enum, default_value = "time")]
    over: Order,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Order {
    /// When their runs began
    Time,
    /// The version of the tool
    ToolVersion,
    /// The release of the kernel
    Kernel,
}

impl Order {
    fn over(self) -> Over {
        match self {
            Self::Time => Over::Time,
            Self::ToolVersion => Over::Field(Field::ToolVersion),
            Self::Kernel => Over::Field(Field::Kernel),
        }
    }

    /// What a number has to have.
    fn of(self) -> &'static str {
        match self {
            Self::Time => "runs that are not known to have begun at some time",
            Self::ToolVersion => "tools of an unknown version",
            Self::Kernel => "runs on an unknown kernel",
        }
    }
}

/// What is grouped by unless something else was asked for. Not the kernel: a change that it made is what is looked for.
const BY: [Field; 5] = [Field::Experiment, Field::Host, Field::Microarch, Field::Tool, Field::Event];

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let over = args.over.over();
    let options = args.question.options(&BY, true)?;
    let forming = over.forming(&options.by, options.clone());
    let groups = ManuallyDrop::into_inner(args.question.ask(&forming)?);
    let found = series(&mut args.question.database.open(Access::Read)?, groups, &over)?;
    if found.without > 0 {
        tell(&format!("left out: {} numbers of {}", found.without, args.over.of()));
    }
    let judged = |series| Some((series, judged(series)?));
    let judged: Vec<(&Series, Trend)> = found.series.iter().filter_map(judged).collect();
    let by = match &over {
        Over::Time => options.by,
        Over::Field(field) => options.by.without(&[field]),
    };
    let key = KeyColumns::new(&by, &judged.iter().map(|(series, _)| &series.key));
    let mut columns = key.columns();
    columns.extend(NUMBERS.iter().cloned());
    let rows: Vec<(&Series, &Trend, usize)> =
        judged.iter().flat_map(|(series, trend)| (0..trend.segments.len()).map(move |at| (*series, trend, at))).collect();
    args.question.print(columns, &rows, |(series, trend, at), cells| {
        key.cells(&series.key, &series.names, cells);
        cells.extend(numbers(series, trend, *at));
    })?;
    Ok(Exit::Success)
}

fn judged(series: &Series) -> Option<Trend> {
    trend(&series.values, |at| series.is_new_place(at), floor(&series.key))
}

const NUMBERS: &[Column] = &[
    Column::spare("segment", 2),
    Column::main("from"),
    Column::spare("until", 1),
    Column::main("n"),
    Column::main("median"),
    Column::main("step"),
    Column::main("outliers"),
    Column::detail("outliers_at"),
];

fn numbers<'s>(series: &'s Series, trend: &Trend, at: usize) -> [Cell<'s>; NUMBERS.len()] {
    let segment = &trend.segments[at];
    let count = |number: usize| Cell::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let step = trend.steps().into_iter().find(|(start, _)| *start == segment.start).and_then(|(_, ratio)| ratio);
    let outliers = trend.outliers.iter().filter(|at| (segment.start..segment.end).contains(at));
    let places: Vec<String> = outliers.map(|at| place(&series.places[*at]).plain().into_owned()).collect();
    [
        count(at + 1),
        place(&series.places[segment.start]),
        place(&series.places[segment.end - 1]),
        count(segment.end - segment.start),
        Cell::Computed(segment.median),
        Cell::computed(step),
        count(places.len()),
        Cell::Text(places.join(" ").into()),
    ]
}

fn place(place: &Place) -> Cell<'_> {
    match place {
        Place::Time(micros) => Cell::wall_clock(*micros),
        Place::Value(value) => Cell::from(value),
    }
}

/// One more or less is no change of a count; of a number with a unit it may be.
fn floor(key: &Key) -> Floor {
    if key.aspects.kind == Kind::Count && key.aspects.unit.is_none() { Floor::COUNT } else { Floor::MEASURE }
}
