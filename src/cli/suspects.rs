//! The command `suspects`.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::ops::ControlFlow;

use super::Exit;
use super::database::DatabaseArgs;
use super::min_trust::trust;
use super::output::{Cell, Column, Format, Rows};
use super::selection::{SelectionArgs, tell, tell_unknown};
use super::weights::WeightsArgs;
use crate::judge::{self, Judged, ResultId};
use crate::stats::trust::{Band, VERSION, Weights};
use crate::store::query::{ResultRecord, Selection};
use crate::store::{Access, Store, StoreError};

/// Arguments of `suspects`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl suspects
  prc-etl suspects --experiment sort --below 0.7 --format csv
  prc-etl trust explain results/sort/perf.txt:12

A result is judged by all results of its experiment, also by those that are not chosen. What a person says of it (`prc-etl trust set`)
wins; the column `manual` has it. What no tool counted is not listed: see `prc-etl show results --status 'not counted'`.")]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    selection: SelectionArgs,

    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: Format,

    /// List what has less trust than this, in [0, 1]
    #[arg(long, value_name = "TRUST", default_value_t = 0.5, value_parser = trust)]
    below: f64,

    #[command(flatten)]
    weights: WeightsArgs,

    /// Print the first of them only
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

const COLUMNS: &[Column] = &[
    Column::main("trust"),
    Column::main("band"),
    Column::detail("auto"),
    Column::spare("manual", 1),
    Column::main("path"),
    Column::main("line"),
    Column::detail("run"),
    Column::main("experiment"),
    Column::main("tool"),
    Column::detail("tool_version"),
    Column::detail("host"),
    Column::main("event"),
    Column::main("value"),
    Column::detail("running_percent"),
    Column::main("reasons"),
];

/// A result that is listed: its coefficient, and its cells behind it.
struct Suspect {
    trust: f64,
    cells: Vec<Cell<'static>>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let selection = args.selection.selection()?;
    let weighing = args.weights.read()?;
    let mut store = args.database.open(Access::Read)?;
    tell_unknown(&mut store, &selection)?;
    let mut suspects = suspects(&mut store, &selection, args.below, &weighing.weights)?;
    if args.weights.is_given() {
        tell(&format!("trust is that of {}, not of {VERSION}", weighing.version));
    }
    // Equal ones stay in natural order.
    suspects.sort_by(|a, b| a.trust.total_cmp(&b.trust));
    let mut rows = Rows::begin(args.format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for suspect in suspects.iter().take(args.limit) {
        rows.row(&suspect.cells)?;
    }
    rows.finish()?;
    if suspects.len() > args.limit {
        tell(&format!("{} more below {}; --limit shows more", suspects.len() - args.limit, args.below));
    }
    Ok(Exit::Success)
}

fn suspects(store: &mut Store, selection: &Selection, below: f64, weights: &Weights) -> Result<Vec<Suspect>, StoreError> {
    let mut low: HashMap<ResultId, Judged> = HashMap::new();
    judge::judge_each(store, &judge::population(selection), |id, judged| {
        let judged = judged.weighed(weights);
        if judged.trust() < below && judged.band() != Band::Void {
            low.insert(id, judged);
        }
    })?;
    let mut found = Vec::new();
    store.each_result(selection, |result| {
        let judged = low.get(&result.id());
        found.extend(judged.map(|judged| Suspect { trust: judged.trust(), cells: cells(result, judged) }));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn cells(result: &ResultRecord<'_>, judged: &Judged) -> Vec<Cell<'static>> {
    let run = result.run;
    let text = |text: &str| Cell::from(text.to_owned());
    let known = |name: &Option<String>| name.as_deref().map_or(Cell::Empty, text);
    let said = judged.manual.as_ref();
    let by_hand = said.map(|verdict| format!("{} says: {}", verdict.author, verdict.reason));
    let reasons: Vec<String> = by_hand.into_iter().chain(judged.reasons.iter().map(ToString::to_string)).collect();
    vec![
        Cell::Computed(judged.trust()),
        text(judged.band().as_str()),
        Cell::Computed(judged.judgement.auto),
        said.map(|verdict| verdict.trust).into(),
        text(&run.path),
        Cell::from(result.line),
        Cell::from(run.run),
        known(&run.experiment),
        text(&run.tool),
        known(&run.tool_version),
        known(&run.host),
        text(&result.spelling.text),
        Cell::number_of(result),
        Cell::from(result.running_percent),
        Cell::from(reasons.join("; ")),
    ]
}
