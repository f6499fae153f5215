//! The command `findings`.

use std::collections::HashMap;
use std::io::{self, BufWriter};
use std::ops::ControlFlow;

use super::Exit;
use super::database::DatabaseArgs;
use super::output::{Cell, Column, Format, Rows};
use super::selection::{SelectionArgs, tell, tell_unknown};
use crate::judge::{self, ResultId, Sort, Told};
use crate::store::query::{ResultRecord, Selection};
use crate::store::{Access, Store, StoreError};

/// Arguments of `findings`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl findings --what hard,zero
  prc-etl findings --rule I21 --tool perf --format csv
  prc-etl bugs

A result has as many rows as speak against it. Results are judged by all of their experiment, also by those that are not chosen.
`docs/findings.md` explains the rules and the sorts.")]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    selection: SelectionArgs,

    #[command(flatten)]
    which: Which,

    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: Format,

    /// Print the first of them only
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Which findings are meant.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Choose findings")]
pub(super) struct Which {
    /// Rule: I4, Z1, a sort that has none, or the name of an erratum
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule)]
    rule: Vec<String>,

    /// What sort of finding: hard, zero, errata, outlier, soft, tool, multiplexed, spread, way
    #[arg(long, value_name = "SORT", value_delimiter = ',', value_parser = sort)]
    what: Vec<Sort>,
}

fn sort(word: &str) -> Result<Sort, String> {
    let known = Sort::WORDS.into_iter().find(|(_, known)| *known == word);
    let words: Vec<&str> = Sort::WORDS.iter().map(|(_, word)| *word).collect();
    known.map(|(sort, _)| sort).ok_or_else(|| format!("it is one of {}", words.join(", ")))
}

fn rule(word: &str) -> Result<String, String> {
    let rules = judge::rules();
    let known = rules.contains(&word).then(|| word.to_owned());
    known.ok_or_else(|| format!("it is one of {}", rules.join(", ")))
}

impl Which {
    fn wants(&self, told: &Told) -> bool {
        (self.rule.is_empty() || self.rule.contains(&told.rule)) && (self.what.is_empty() || self.what.contains(&told.sort))
    }
}

/// Something that speaks against a result.
pub(super) struct Found {
    /// In columns.
    pub(super) told: Told,
    /// In words.
    pub(super) text: String,
}

/// What is found of the results of a selection, in natural order: `each` gets every result that was looked at, with its findings.
pub(super) fn each_found(
    store: &mut Store,
    selection: &Selection,
    which: &Which,
    mut each: impl FnMut(&ResultRecord<'_>, &[Found]),
) -> Result<(), StoreError> {
    let mut found: HashMap<ResultId, Vec<Found>> = HashMap::new();
    judge::judge_each(store, &judge::population(selection), |id, judged| {
        let told = judged.reasons.iter().filter_map(|reason| Some(Found { told: reason.told()?, text: reason.to_string() }));
        let wanted: Vec<Found> = told.filter(|found| which.wants(&found.told)).collect();
        if !wanted.is_empty() {
            found.insert(id, wanted);
        }
    })?;
    store.each_result(selection, |result| {
        each(result, found.get(&result.id()).map_or(&[], Vec::as_slice));
        ControlFlow::Continue(())
    })
}

const COLUMNS: &[Column] = &[
    Column::main("rule"),
    Column::main("what"),
    Column::main("path"),
    Column::main("line"),
    Column::detail("run"),
    Column::spare("experiment", 2),
    Column::main("tool"),
    Column::spare("tool_version", 1),
    Column::detail("microarch"),
    Column::detail("kernel"),
    Column::detail("host"),
    Column::main("event"),
    Column::main("value"),
    Column::detail("events"),
    Column::detail("found"),
    Column::detail("low"),
    Column::detail("high"),
    Column::detail("effect"),
    Column::detail("source"),
    Column::main("text"),
];

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let selection = args.selection.selection()?;
    let mut store = args.database.open(Access::Read)?;
    tell_unknown(&mut store, &selection)?;
    let mut listed: Vec<(Sort, Vec<Cell<'static>>)> = Vec::new();
    each_found(&mut store, &selection, &args.which, |result, found| {
        listed.extend(found.iter().map(|found| (found.told.sort, cells(result, found))));
    })?;
    // Those of a sort stay in natural order.
    listed.sort_by_key(|(sort, _)| *sort);
    let mut rows = Rows::begin(args.format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for (_, cells) in listed.iter().take(args.limit) {
        rows.row(cells)?;
    }
    rows.finish()?;
    if listed.len() > args.limit {
        tell(&format!("{} more findings; --limit shows more", listed.len() - args.limit));
    }
    Ok(Exit::Success)
}

fn cells(result: &ResultRecord<'_>, found: &Found) -> Vec<Cell<'static>> {
    let run = result.run;
    let text = |text: &str| Cell::from(text.to_owned());
    let known = |name: &Option<String>| name.as_deref().map_or(Cell::Empty, text);
    let told = &found.told;
    vec![
        text(&told.rule),
        text(told.sort.as_str()),
        text(&run.path),
        Cell::from(result.line),
        Cell::from(run.run),
        known(&run.experiment),
        text(&run.tool),
        known(&run.tool_version),
        known(&run.microarch),
        known(&run.kernel),
        known(&run.host),
        text(&result.spelling.text),
        Cell::number_of(result),
        Cell::from(told.events.join(", ")),
        Cell::from(told.found),
        Cell::from(told.low),
        Cell::from(told.high),
        told.effect.map_or(Cell::Empty, Cell::Computed),
        text(&told.source),
        text(&found.text),
    ]
}
