//! The command `trust explain`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

use crate::cli::Exit;
use crate::cli::database::DatabaseArgs;
use crate::cli::escape::escaped;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::cli::weights::WeightsArgs;
use crate::judge::{self, Judged, ResultId};
use crate::store::query::Selection;
use crate::store::query::selection::{Field, Pattern};
use crate::store::{Access, Store, StoreError, TrustVerdict};

const COLUMNS: &[Column] = &[
    Column::main("line"),
    Column::main("event"),
    Column::main("value"),
    Column::main("item"),
    Column::main("number"),
    Column::main("text"),
];

/// A result on the line that was asked for.
struct Asked {
    event: String,
    number: Cell<'static>,
}

/// Runs the command.
pub(super) fn run(database: &DatabaseArgs, format: Format, result: &str, weights: &WeightsArgs) -> anyhow::Result<Exit> {
    let (path, line) = super::place(result)?;
    let weighing = weights.read()?;
    let mut store = database.open(Access::Read)?;
    let (asked, population) = asked(&mut store, path, line)?;
    if asked.is_empty() {
        writeln!(io::stderr().lock(), "prc-etl: error: there is no result on line {line} of '{}'", escaped(path))?;
        return Ok(Exit::Rejected);
    }
    let mut judged: BTreeMap<ResultId, Judged> = BTreeMap::new();
    judge::judge_each(&mut store, &population, |id, found| {
        if asked.contains_key(&id) {
            judged.insert(id, found.weighed(&weighing.weights));
        }
    })?;
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for (id, asked) in &asked {
        for (item, number, text) in judged.get(id).map(|judged| breakdown(judged, &weighing.version)).unwrap_or_default() {
            let value = asked.number.clone();
            rows.row(&[Cell::from(line), Cell::from(&asked.event), value, Cell::from(item), number, Cell::from(text)])?;
        }
    }
    rows.finish()?;
    Ok(Exit::Success)
}

/// The results of a line, and everything that they are judged by.
fn asked(store: &mut Store, path: &str, line: i32) -> Result<(BTreeMap<ResultId, Asked>, Selection), StoreError> {
    let mut selection = Selection::default();
    // Nothing is excluded, so that nothing contradicts it.
    let _ = selection.add(false, Field::Path, Pattern::exactly(path));
    let (mut asked, mut experiments, mut unknown) = (BTreeMap::new(), BTreeSet::new(), false);
    store.each_result(&selection, |result| {
        if result.line == line {
            let number = Cell::number_of(result);
            let event = result.spelling.text.clone();
            asked.insert(result.id(), Asked { event, number });
            unknown |= result.run.experiment.is_none();
            experiments.extend(result.run.experiment.clone());
        }
        ControlFlow::Continue(())
    })?;
    let mut population = Selection::default();
    for experiment in experiments.iter().filter(|_| !unknown) {
        let _ = population.add(false, Field::Experiment, Pattern::exactly(experiment));
    }
    Ok((asked, population))
}

/// Reason, author and time of a verdict.
fn by_whom(verdict: &TrustVerdict) -> String {
    format!("{} ({}, {})", verdict.reason, verdict.author, Cell::instant(verdict.given_at).plain())
}

/// Every step from the evidence to the coefficient: name, number, words.
fn breakdown(judged: &Judged, version: &str) -> Vec<(&'static str, Cell<'static>, String)> {
    let judgement = &judged.judgement;
    let said = judgement.limited_by.map_or_else(String::new, |cap| format!(", limited by {}", cap.as_str()));
    let auto = format!("{} ({version}){said}", judgement.band().as_str());
    let mut items = match &judged.manual {
        Some(verdict) => vec![
            ("trust", Cell::Float(judged.trust()), format!("{}, by hand", judged.band().as_str())),
            ("manual", Cell::Float(verdict.trust), by_whom(verdict)),
            ("auto", Cell::Float(judgement.auto), auto),
        ],
        None => vec![("trust", Cell::Float(judgement.auto), auto)],
    };
    items.extend(judgement.terms.iter().map(|(term, value)| (term.as_str(), Cell::Float(*value), String::new())));
    if judged.evidence.void.is_none() {
        items.push(("sum", Cell::Float(judgement.evidence), "log-odds".to_owned()));
    }
    items.extend(judgement.caps.iter().map(|(cap, limit)| (cap.as_str(), Cell::Float(*limit), "at most this".to_owned())));
    items.extend(judged.reasons.iter().map(|reason| ("reason", Cell::Empty, reason.to_string())));
    items
}
