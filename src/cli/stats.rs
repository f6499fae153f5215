//! The command `stats`: how the numbers of each group are distributed.

mod histogram;

use std::io::{self, BufWriter, Write};

use super::Exit;
use super::output::{Cell, Column};
use super::question::{KeyColumns, QuestionArgs};
use crate::question::Group;
use crate::stats::Sample;
use crate::stats::histogram::Histogram;
use crate::stats::sketch::Ordered;
use crate::store::query::selection::Field;

/// Arguments of `stats`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl stats --experiment sort
  prc-etl stats --by experiment,tool,event --event cycles --percentile 95 --percentile 99
  prc-etl stats --experiment sort --event cycles --histogram
  prc-etl stats --class instructions --format csv

Numbers that differ in kind, unit, rings, scope, part (CPU3, S0), control group, interval, repeats or the events counted with them are
never in one group unless --mix says so; threads are, for their labels differ from run to run. Quartiles and percentiles are of type 7,
linear between the neighbours. Of more than 65536 numbers they are within 0.05 %, and the median absolute deviation, the skewness and the
shape are not computed: `exact` says no. cov is a share of the mean, and mad is not scaled.")]
pub(super) struct Args {
    #[command(flatten)]
    question: QuestionArgs,

    /// Print this percentile too
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    percentile: Vec<f64>,

    /// Print the shape of each group as bars instead of a table
    #[arg(long, conflicts_with_all = ["format", "percentile"])]
    histogram: bool,
}

/// What is grouped by unless something else was asked for.
const BY: [Field; 5] = [Field::Experiment, Field::Microarch, Field::Kernel, Field::Tool, Field::Event];

/// Bins of the shape in a table.
const BINS: usize = 12;

fn percent(text: &str) -> Result<f64, String> {
    let read = text.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
    read.ok_or_else(|| "a percentile is a number from 0 to 100".to_owned())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let options = args.question.options(&BY, false)?;
    let found = args.question.ask(&options)?;
    let key = KeyColumns::new(&options.by, &found.groups.iter().map(|group| &group.key));
    if args.histogram {
        return histograms(&key, found.groups.iter().take(args.question.limit.unwrap_or(usize::MAX)));
    }
    let mut columns = key.columns();
    columns.extend(NUMBERS.iter().cloned());
    columns.extend(args.percentile.iter().map(|percent| Column::main("").named(format!("p{percent}"))));
    args.question.print(columns, &found.groups, |group, cells| {
        key.cells(&group.key, &group.names, cells);
        let ordered = group.values.ordered();
        cells.extend(numbers(group, &ordered));
        cells.extend(args.percentile.iter().map(|percent| Cell::computed(ordered.quantile(percent / 100.0))));
    })?;
    Ok(Exit::Success)
}

/// Prints each group as a heading, of the columns that tell it from the others, and its bars.
fn histograms<'g>(key: &KeyColumns, groups: impl Iterator<Item = &'g Group>) -> anyhow::Result<Exit> {
    let columns = key.columns();
    let mut out = BufWriter::new(io::stdout().lock());
    for group in groups {
        let mut cells = Vec::new();
        key.cells(&group.key, &group.names, &mut cells);
        let told = columns.iter().zip(&cells).filter(|(_, cell)| **cell != Cell::Empty);
        let named = told.filter_map(|(column, cell)| Some(format!("{}={}", column.main_name()?, cell.plain())));
        histogram::print(&mut out, &named.collect::<Vec<_>>().join("  "), &group.values)?;
    }
    out.flush()?;
    Ok(Exit::Success)
}

const NUMBERS: &[Column] = &[
    Column::main("n"),
    Column::spare("mean", 1),
    Column::spare("sd", 5),
    Column::main("cov"),
    Column::main("median"),
    Column::spare("mad", 4),
    Column::spare("q1", 7),
    Column::spare("q3", 6),
    Column::spare("min", 3),
    Column::spare("max", 2),
    Column::spare("skew", 9),
    Column::spare("shape", 8),
    Column::spare("not_counted", 11),
    Column::spare("not_supported", 12),
    Column::detail("beyond"),
    Column::spare("least_running", 10),
    Column::spare("exact", 13),
];

fn numbers(group: &Group, ordered: &Ordered<'_>) -> [Cell<'static>; NUMBERS.len()] {
    let sample = ordered.sample();
    let sums = group.values.summary();
    let quantile = |share| Cell::computed(ordered.quantile(share));
    let (mean, sd, cov) = (sums.map(|sums| sums.mean), sums.and_then(|sums| sums.sd()), sums.and_then(|sums| sums.cov()));
    let exact = if sample.is_some() || group.values.count() == 0 { "yes" } else { "no" };
    [
        count(group.values.count()),
        Cell::computed(mean),
        Cell::computed(sd),
        Cell::computed(cov),
        quantile(0.5),
        Cell::computed(sample.map(Sample::mad)),
        quantile(0.25),
        quantile(0.75),
        quantile(0.0),
        quantile(1.0),
        Cell::computed(sample.and_then(Sample::skew)),
        sample.map_or(Cell::Empty, |sample| Cell::Text(Histogram::new(sample, BINS).sparkline().into())),
        count(group.missing.not_counted),
        count(group.missing.not_supported),
        count(group.missing.beyond),
        Cell::computed(group.least_running),
        exact.into(),
    ]
}

fn count(number: u64) -> Cell<'static> {
    Cell::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
