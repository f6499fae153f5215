//! The command `stability`: how steady repetitions are, and how many runs a precision needs.

use super::Exit;
use super::output::{Cell, Column};
use super::question::{KeyColumns, QuestionArgs};
use crate::question::{Group, grade};
use crate::stats::Sample;
use crate::stats::sketch::Ordered;
use crate::stats::stability::{Grade, runs_needed};
use crate::store::query::selection::Field;

/// Arguments of `stability`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl stability --experiment sort
  prc-etl stability --class cycles --precision 0.5 --format csv

The grade holds the robust coefficient of variation (1.4826 MAD / median) against what the class of the event tolerates: A at most a
tenth of it, B a third, C all of it, D three times, E more, ? of fewer than three numbers. An event of no known class is judged like
those that vary most. runs_needed is (1.96 cov / precision)^2: after so many runs the 95 % interval of the mean is within the precision.
Of more than 65536 numbers only the coefficients that sums and quartiles give are known, and the grade is ?.")]
pub(super) struct Args {
    #[command(flatten)]
    question: QuestionArgs,

    /// Wanted precision of the mean, percent
    #[arg(long, value_name = "PERCENT", default_value = "1", value_parser = precision)]
    precision: f64,
}

/// What is grouped by unless something else was asked for.
fn by() -> Vec<Field> {
    [Field::Experiment].into_iter().chain(Field::ENVIRONMENT).chain([Field::Tool, Field::Event]).collect()
}

fn precision(text: &str) -> Result<f64, String> {
    let read = text.parse().ok().filter(|percent: &f64| percent.is_finite() && *percent > 0.0);
    read.ok_or_else(|| "a precision is a positive number of percent".to_owned())
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let options = args.question.options(&by(), false)?;
    let found = args.question.ask(&options)?;
    let key = KeyColumns::new(&options.by, &found.groups.iter().map(|group| &group.key));
    let mut columns = key.columns();
    columns.extend(NUMBERS.iter().cloned());
    args.question.print(columns, &found.groups, |group, cells| {
        key.cells(&group.key, &group.names, cells);
        cells.extend(numbers(group, args.precision / 100.0));
    })?;
    Ok(Exit::Success)
}

const NUMBERS: &[Column] = &[
    Column::main("grade"),
    Column::spare("event_class", 2),
    Column::spare("grade_class", 4),
    Column::main("n"),
    Column::main("robust_cov"),
    Column::spare("cov", 1),
    Column::spare("qcd", 3),
    Column::main("runs_needed"),
];

fn numbers(group: &Group, precision: f64) -> [Cell<'_>; NUMBERS.len()] {
    let class = grade(group.class.as_deref());
    let ordered = group.values.ordered();
    let sample = ordered.sample();
    let letter = sample.map_or(Grade::Unknown, |sample| Grade::of(sample, class));
    // The spread of one number is unknown, not 0.
    let several = sample.filter(|sample| sample.len() > 1);
    let cov = group.values.summary().and_then(|sums| sums.cov());
    let needed = cov.and_then(|cov| runs_needed(cov, precision));
    [
        letter.as_str().into(),
        group.class.as_deref().map_or(Cell::Empty, Cell::from),
        class.as_str().into(),
        Cell::Int(i64::try_from(group.values.count()).unwrap_or(i64::MAX)),
        Cell::computed(several.and_then(Sample::robust_cov)),
        Cell::computed(cov),
        Cell::computed(qcd(&ordered).filter(|_| group.values.count() > 1)),
        needed.map_or(Cell::Empty, |runs| Cell::Int(runs.into())),
    ]
}

/// Quartile coefficient of dispersion; of a large group from its sketch.
fn qcd(ordered: &Ordered<'_>) -> Option<f64> {
    let (q1, q3) = (ordered.quantile(0.25)?, ordered.quantile(0.75)?);
    Some((q3 - q1) / (q3 + q1)).filter(|qcd| qcd.is_finite())
}
