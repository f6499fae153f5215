//! The command `trend`: when the numbers of a group changed, and which merely stand out.

use super::Exit;
use super::output::{Cell, Column};
use super::question::{KeyColumns, QuestionArgs};
use super::selection::tell;
use crate::model::Kind;
use crate::question::{Group, Key};
use crate::stats::outlier::Floor;
use crate::stats::trend::{Segment, Trend, trend};
use crate::store::query::selection::Field;

/// Arguments of `trend`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl trend --experiment sort --event cycles
  prc-etl trend --by experiment,event --started '>=2024-06' --format csv

A row for each segment: the series is cut where three numbers in a row lie on one side of median ± 5 deviations of the 10 to 50 numbers
before them; step is the median as a multiple of the one before. Fewer than three are outliers, which are counted and, in csv and json,
listed by their times. Numbers are in the order of the starts of their runs by the clock of their machine; those of runs that are not
known to have begun at some time are left out, and that is told.")]
pub(super) struct Args {
    #[command(flatten)]
    question: QuestionArgs,
}

/// What is grouped by unless something else was asked for. Not the kernel: a change that it made is what is looked for.
const BY: [Field; 5] = [Field::Experiment, Field::Host, Field::Microarch, Field::Tool, Field::Event];

/// A group in the order of time.
struct Series<'g> {
    group: &'g Group,
    times: Vec<i64>,
    trend: Trend,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let options = args.question.options(&BY, true)?;
    let found = args.question.ask(&options)?;
    let without = found.groups.iter().flat_map(|group| &group.points).filter(|point| point.started_at.is_none()).count();
    if without > 0 {
        tell(&format!("left out: {without} numbers of runs that are not known to have begun at some time"));
    }
    let series: Vec<Series<'_>> = found.groups.iter().filter_map(Series::of).collect();
    let key = KeyColumns::new(&options.by, &series.iter().map(|series| &series.group.key));
    let mut columns = key.columns();
    columns.extend(NUMBERS.iter().cloned());
    let rows = series.iter().flat_map(|series| {
        let segments = series.trend.segments.iter().enumerate();
        segments.map(|(at, segment)| {
            let mut cells = key.cells(&series.group.key, &series.group.names);
            cells.extend(series.numbers(at, segment));
            cells
        })
    });
    args.question.print(columns, rows)?;
    Ok(Exit::Success)
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

impl<'g> Series<'g> {
    /// The series of a group; `None` when none of its numbers has a time.
    fn of(group: &'g Group) -> Option<Self> {
        let timed = group.points.iter().filter_map(|point| Some((point.started_at?, point.ordinal, point.value)));
        let mut points: Vec<(i64, i32, f64)> = timed.collect();
        // Not by the number of the run: it depends on the order of imports.
        points.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        let values: Vec<f64> = points.iter().map(|(_, _, value)| *value).collect();
        let trend = trend(&values, floor(&group.key))?;
        Some(Self { group, times: points.into_iter().map(|(time, ..)| time).collect(), trend })
    }

    fn numbers(&self, at: usize, segment: &Segment) -> Vec<Cell<'static>> {
        let count = |number: usize| Cell::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let step = self.trend.steps().into_iter().find(|(start, _)| *start == segment.start).and_then(|(_, ratio)| ratio);
        let outliers = self.trend.outliers.iter().filter(|at| (segment.start..segment.end).contains(at));
        let times: Vec<String> = outliers.map(|at| Cell::wall_clock(self.times[*at]).plain().into_owned()).collect();
        vec![
            count(at + 1),
            Cell::wall_clock(self.times[segment.start]),
            Cell::wall_clock(self.times[segment.end - 1]),
            count(segment.end - segment.start),
            Cell::Computed(segment.median),
            Cell::computed(step),
            count(times.len()),
            Cell::Text(times.join(" ").into()),
        ]
    }
}

/// One more or less is no change of a count; of a number with a unit it may be.
fn floor(key: &Key) -> Floor {
    if key.aspects.kind == Kind::Count && key.aspects.unit.is_none() { Floor::COUNT } else { Floor::MEASURE }
}
