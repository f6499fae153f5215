//! The command `bugs`.

use std::io::{self, BufWriter};

use super::Exit;
use super::database::DatabaseArgs;
use super::findings::{Which, each_found};
use super::output::{Cell, Column, Format, Rows};
use super::selection::{SelectionArgs, tell, tell_unknown};
use crate::judge::bugs::{Bug, Gatherer, Place};
use crate::store::Access;
use crate::store::query::ResultRecord;

/// Arguments of `bugs`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl bugs --limit 10
  prc-etl bugs --what hard,tool --tool 'perf-6.*' --format json
  prc-etl findings --rule I21 --event 'insn per cycle'

Findings of one rule about one event, tool with version, microarchitecture and kernel are one row. `runs` of `looked_at` have them. A row
says that numbers disagree and by how much, not who is right; `prc-etl findings` lists them one by one.")]
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

const COLUMNS: &[Column] = &[
    Column::main("rule"),
    Column::main("what"),
    Column::main("tool"),
    Column::main("tool_version"),
    Column::main("event"),
    Column::spare("microarch", 1),
    Column::spare("kernel", 2),
    Column::main("findings"),
    Column::main("runs"),
    Column::main("looked_at"),
    Column::main("effect"),
    Column::main("examples"),
    Column::detail("text"),
    Column::detail("source"),
];

/// Runs the command.
pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let selection = args.selection.selection()?;
    let mut store = args.database.open(Access::Read)?;
    tell_unknown(&mut store, &selection)?;
    let mut gatherer = Gatherer::default();
    each_found(&mut store, &selection, &args.which, |result, found| {
        let example = || format!("{}:{}", result.run.path, result.line);
        gatherer.add(&place(result), result.id().0, example, found.iter().map(|found| (&found.told, found.text.as_str())));
    })?;
    let bugs = gatherer.finish();
    let mut rows = Rows::begin(args.format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for bug in bugs.iter().take(args.limit) {
        rows.row(&cells(bug))?;
    }
    rows.finish()?;
    if bugs.len() > args.limit {
        tell(&format!("{} more rows; --limit shows more", bugs.len() - args.limit));
    }
    Ok(Exit::Success)
}

fn place(result: &ResultRecord<'_>) -> Place {
    let run = result.run;
    let known = |name: &Option<String>| name.clone().unwrap_or_default();
    Place {
        tool: run.tool.clone(),
        tool_version: known(&run.tool_version),
        event: result.spelling.text.clone(),
        microarch: known(&run.microarch),
        kernel: known(&run.kernel),
    }
}

fn cells(bug: &Bug) -> Vec<Cell<'_>> {
    let known = |name: &'_ str| if name.is_empty() { Cell::Empty } else { Cell::from(name.to_owned()) };
    let number = |number: usize| Cell::Int(i64::try_from(number).unwrap_or(i64::MAX));
    vec![
        Cell::from(&bug.rule),
        Cell::from(bug.told.sort.as_str()),
        Cell::from(&bug.place.tool),
        known(&bug.place.tool_version),
        Cell::from(&bug.place.event),
        known(&bug.place.microarch),
        known(&bug.place.kernel),
        number(bug.findings),
        number(bug.runs),
        number(bug.looked_at),
        bug.effect.map_or(Cell::Empty, Cell::Computed),
        Cell::from(bug.examples.join(" ")),
        Cell::from(&bug.text),
        Cell::from(&bug.told.source),
    ]
}
