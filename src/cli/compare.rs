//! The command `compare`: two sides, event by event.

use std::mem::ManuallyDrop;

use super::Exit;
use super::exit::Usage;
use super::output::{Cell, Column};
use super::question::{KeyColumns, QuestionArgs};
use super::selection::{self, tell, tell_unknown};
use crate::question::compare::{self, Outcome, Question, Row, Side};
use crate::stats::adjust::Correction as Adjust;
use crate::store::Access;
use crate::store::query::Selection;

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl compare --a tool=perf --b tool=oprofile --experiment sort
  prc-etl compare --a 'kernel=5.*' --b 'kernel=6.*' --class cycles --format csv
  prc-etl compare --a event=cycles --b event=ref-cycles --by experiment
  prc-etl compare --a label.build=base --b label.build=new --floor 0 --threshold 1

A row is about equal numbers on both sides: same event (whatever the tools call it), unit, rings, scope (CPU3 is not CPU4, and no control
group another, unless the sides are told apart by it), repeats, and the same set of events counted together. What has no equal on the
other side is listed as 'one side only', or as 'not comparable' with the reason; --mix ASPECT compares it nevertheless. Without --by, rows
are about everything that the sides do not differ in.

different: the corrected p is below 5 %, and the difference is larger than --threshold and larger than --floor.
same:      all that the 95 % intervals allow is smaller than one of them.
unclear:   neither; the remark says whether there is a shift, and how many runs may tell.")]
pub(super) struct Args {
    #[command(flatten)]
    question: QuestionArgs,

    /// First side; given twice for one field: either; different fields: all
    #[arg(long, value_name = "FIELD=PATTERN", help_heading = "Sides")]
    a: Vec<String>,
    /// Second side
    #[arg(long, value_name = "FIELD=PATTERN", help_heading = "Sides")]
    b: Vec<String>,
    /// Not on the first side: what fits any of these
    #[arg(long, value_name = "FIELD=PATTERN", help_heading = "Sides")]
    not_a: Vec<String>,
    /// Not on the second side
    #[arg(long, value_name = "FIELD=PATTERN", help_heading = "Sides")]
    not_b: Vec<String>,
    /// Difference that matters, percent of the first side [default: by class of event: 0.1 for instructions, branches; 2 for cycles; else 5]
    #[arg(long, value_name = "PERCENT", value_parser = not_negative, allow_hyphen_values = true, help_heading = "Verdict")]
    threshold: Option<f64>,
    /// Difference that matters, in the unit of the numbers [default: 1000 instructions or cycles, 1 of other counts]
    #[arg(long, value_name = "N", value_parser = not_negative, allow_hyphen_values = true, help_heading = "Verdict")]
    floor: Option<f64>,
    /// How p values are corrected for the number of rows
    #[arg(long, value_enum, default_value = "bh", help_heading = "Verdict")]
    correction: Correction,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Correction {
    /// Benjamini and Hochberg: the share of wrong findings
    Bh,
    /// Holm: the chance of any wrong finding
    Holm,
}

fn not_negative(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "write a number that is not negative".to_owned())
}

/// Values of a row, after its key.
const VALUES: [Column; 21] = [
    Column::spare("n_a", 1),
    Column::spare("n_b", 1),
    Column::main("median_a"),
    Column::main("median_b"),
    Column::detail("robust_cov_a_percent"),
    Column::detail("robust_cov_b_percent"),
    Column::detail("ratio"),
    Column::detail("ratio_low"),
    Column::detail("ratio_high"),
    Column::spare("shift", 4),
    Column::spare("shift_percent", 2),
    Column::detail("shift_low"),
    Column::detail("shift_high"),
    Column::detail("p"),
    Column::spare("adjusted_p", 3),
    Column::detail("welch_p"),
    Column::detail("cliffs_delta"),
    Column::detail("threshold_percent"),
    Column::detail("floor"),
    Column::main("verdict"),
    Column::main("remark"),
];

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let (mut question, common, sides) = args.question()?;
    let mut store = args.question.database.open(Access::Read)?;
    for selection in [&common, &sides.0, &sides.1] {
        tell_unknown(&mut store, selection)?;
    }
    let doubted = args.question.trust.of_question(&mut store, &common)?;
    for side in [&mut question.a, &mut question.b] {
        *side = doubted.taken_from(std::mem::take(side));
    }
    // As many as groups: see `ask`.
    let rows = ManuallyDrop::new(compare::compare(&mut store, &question)?);
    doubted.tell();
    if rows.is_empty() {
        tell(&format!("no result is {} or {}", question.a, question.b));
    }
    let key = KeyColumns::new(&question.by, &rows.iter().map(|row| &row.key));
    let mut columns = key.columns();
    columns.extend(VALUES.iter().cloned());
    args.question.print(columns, &rows, |row, cells| {
        key.cells(&row.key, &row.names, cells);
        cells.extend(values(row));
    })?;
    Ok(Exit::Success)
}

impl Args {
    /// The question, what both sides have in common, and what each has of its own.
    fn question(&self) -> Result<(Question, Selection, (Selection, Selection)), Usage> {
        let common = self.question.selection.selection()?;
        let side = |name: &str, wanted: &[String], excluded: &[String]| {
            if wanted.is_empty() && excluded.is_empty() {
                return Err(Usage(format!(
                    "nothing says what belongs to side {name}; write --{name} FIELD=PATTERN, for example --{name} tool=perf"
                )));
            }
            let mut side = Selection::default();
            for (negated, texts, option) in [(false, wanted, ""), (true, excluded, "not-")] {
                for text in texts {
                    selection::add(&mut side, negated, text)
                        .map_err(|reason| Usage(format!("--{option}{name} {text}: {reason}")))?;
                }
            }
            Ok(side)
        };
        let (a, b) = (side("a", &self.a, &self.not_a)?, side("b", &self.b, &self.not_b)?);
        let question = Question {
            by: compare::named(self.question.by(|| Ok(compare::default_by(&a, &b)))?, &a, &b),
            mixed: compare::mixed(&self.question.mix, &a, &b),
            a: common.and(&a),
            b: common.and(&b),
            correction: match self.correction {
                Correction::Bh => Adjust::BenjaminiHochberg,
                Correction::Holm => Adjust::Holm,
            },
            relative: self.threshold.map(|percent| percent / 100.0),
            absolute: self.floor,
        };
        Ok((question, common, (a, b)))
    }
}

fn values(row: &Row) -> Vec<Cell<'static>> {
    let (a, b) = (row.sides.0.as_ref(), row.sides.1.as_ref());
    let count = |side: Option<&Side>| side.map_or(Cell::Empty, |side| Cell::Int(side.n.try_into().unwrap_or(i64::MAX)));
    let median = |side: Option<&Side>| side.map_or(Cell::Empty, |side| Cell::computed(Some(side.median)));
    let spread = |side: Option<&Side>| side.and_then(|side| side.spread).map(|spread| spread * 100.0).into();
    let mut cells = vec![count(a), count(b), median(a), median(b), spread(a), spread(b)];
    cells.extend(compared(&row.outcome));
    cells.push(row.outcome.as_str().into());
    cells.push(row.remark().map_or(Cell::Empty, |remark| Cell::Text(remark.into())));
    cells
}

/// From the ratio to the floor.
fn compared(outcome: &Outcome) -> [Cell<'static>; 13] {
    let Outcome::Compared { comparison, adjusted_p, threshold, .. } = outcome else { return [const { Cell::Empty }; 13] };
    let (ratio, shift) = (comparison.ratio_interval, comparison.shift_interval);
    let relative = (comparison.medians.0 != 0.0).then(|| comparison.shift / comparison.medians.0.abs());
    [
        comparison.ratio.into(),
        ratio.map(|ends| ends.0).into(),
        ratio.map(|ends| ends.1).into(),
        Cell::computed(Some(comparison.shift)),
        Cell::computed(relative.map(|share| share * 100.0)),
        shift.map(|ends| ends.low).into(),
        shift.map(|ends| ends.high).into(),
        comparison.p.into(),
        Cell::computed(Some(*adjusted_p)),
        comparison.welch.as_ref().map(|welch| welch.p).into(),
        comparison.cliffs_delta.into(),
        (threshold.relative * 100.0).into(),
        threshold.absolute.into(),
    ]
}
