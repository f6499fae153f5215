//! The numbers for questions: ids instead of names, run by run, in the order of the primary key.
//!
//! A listing walks the ledger to be in natural order; a question does not care, so it reads the fact table from end to end. Names are
//! looked up in [`Names`] once for each group, not once for each number.

mod pages;

use diesel::prelude::*;

use self::pages::Page;
use super::Flow;
use super::names::{NameIds, Names, PlaceIds};
use super::results::{Scopes, status};
use super::selection::{Field, Selection, Value};
use super::wanted::{Single, Wanted};
use crate::ahead;
use crate::model::{Scope, Status};
use crate::store::rows::{Form, value_of};
use crate::store::schema::{results, runs};
use crate::store::{Store, StoreError};

/// A run without its names.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = runs)]
pub struct RunFacts {
    /// Identity in this database.
    pub run_id: i64,
    /// Its source.
    pub source_id: i64,
    experiment_id: Option<i64>,
    tool_id: i64,
    host_id: Option<i64>,
    environment_id: i64,
    label_set_id: Option<i64>,
    /// Start by the clock of the measured machine, microseconds since 1970-01-01 of that clock.
    pub started_at: Option<i64>,
    /// Which repetition of its experiment it is.
    pub repetition: Option<i64>,
    /// Number of repeats that its numbers are the means of.
    pub repeats: Option<i32>,
    /// The command that was measured; `None` when it was something else, or is not known.
    pub command: Option<String>,
    /// Elapsed time, seconds.
    pub wall_seconds: Option<f64>,
    /// User time, seconds.
    pub user_seconds: Option<f64>,
    /// System time, seconds.
    pub sys_seconds: Option<f64>,
}

/// A number of a run.
#[derive(Debug, Clone, Copy)]
pub struct Fact<'s> {
    /// Position in the run, from 0.
    pub ordinal: i32,
    /// Event, unit and kind.
    pub spelling_id: i64,
    /// Identity of its scope in this database.
    pub scope_id: Option<i64>,
    /// What it covers; `None` means the whole run.
    pub scope: Option<&'s Scope>,
    /// Whether there is a number.
    pub status: Status,
    /// The number.
    pub value: Option<f64>,
    /// The exact integer.
    pub count: Option<i64>,
    /// End of the interval, nanoseconds.
    pub interval_ns: Option<i64>,
    /// Share of the time on a counter, percent.
    pub running_percent: Option<f64>,
    /// Standard error over the repeats, percent.
    pub spread_percent: Option<f64>,
    /// Time on a counter, nanoseconds.
    pub runtime_ns: Option<i64>,
    /// Spelling of the counter that a metric belongs to: perf calls the rate of every counter `/sec`.
    pub of_spelling: Option<i64>,
}

/// Some or all numbers of a run.
#[derive(Debug)]
pub struct Facts<'f> {
    /// The run.
    pub run: &'f RunFacts,
    /// Every spelling of the run that is no metric, wanted or not, ascending: what was counted together.
    pub together: &'f [i64],
    /// The numbers that are wanted, ascending by ordinal. A run of very many numbers comes in several pieces.
    pub facts: &'f [Fact<'f>],
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = results)]
struct Row {
    run_id: i64,
    ordinal: i32,
    form_id: i64,
    scope_id: Option<i64>,
    value: Option<f64>,
    count: Option<i64>,
    interval_ns: Option<i64>,
    running_percent: Option<f64>,
    spread_percent: Option<f64>,
    runtime_ns: Option<i64>,
    metric_of: Option<i32>,
    metric_value: Option<f64>,
}

impl RunFacts {
    /// Where it belongs.
    pub fn place(&self) -> PlaceIds {
        PlaceIds {
            experiment_id: self.experiment_id,
            tool_id: self.tool_id,
            host_id: self.host_id,
            environment_id: self.environment_id,
            label_set_id: self.label_set_id,
        }
    }

    /// A name of one of its numbers.
    pub fn name(&self, spelling_id: i64) -> NameIds {
        NameIds { spelling_id, tool_id: self.tool_id, environment_id: self.environment_id }
    }

    #[expect(clippy::cast_precision_loss, reason = "microseconds of a date are exact in a float until the year 2255")]
    fn is_wanted(&self, selection: &Selection, names: &Names) -> bool {
        let place = self.place();
        let number = |number: Option<i64>| Some(vec![number.map_or(Value::Unknown, |number| Value::Number(number as f64))]);
        selection.admits(|field| match field {
            Field::Started => number(self.started_at),
            Field::Repetition => number(self.repetition),
            Field::Command => Some(vec![super::names::known(self.command.as_deref())]),
            _ => names.of_place(&place, field),
        })
    }
}

impl Store {
    /// The numbers that are wanted, by the key of their run and their position there.
    pub fn each_fact(
        &mut self,
        names: &Names,
        selection: &Selection,
        mut each: impl FnMut(&Facts<'_>) -> Flow,
    ) -> Result<(), StoreError> {
        let Self { db, url, .. } = self;
        let mut giver = Giver { names, wanted: Wanted::new(selection), each: &mut each };
        ahead::run(|out| pages::read(db, names, selection, out), |page| giver.page(&page))
            .map_err(|error| StoreError::database(url, "read the results", &error))
    }
}

struct Giver<'n, 's, F> {
    names: &'n Names,
    wanted: Wanted<'s>,
    each: &'n mut F,
}

impl<F: FnMut(&Facts<'_>) -> Flow> Giver<'_, '_, F> {
    fn page(&mut self, page: &Page) -> QueryResult<Flow> {
        for rows in page.rows.chunk_by(|a, b| a.run_id == b.run_id) {
            let run = &page.runs[index_of(&page.runs, rows[0].run_id)];
            let given = match &page.together {
                Some(together) => self.give(page, run, rows, together)?,
                None => self.give(page, run, rows, &together(self.names, rows.iter().map(|row| row.form_id))?)?,
            };
            if given.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    fn give(&mut self, page: &Page, run: &RunFacts, rows: &[Row], together: &[i64]) -> QueryResult<Flow> {
        let Self { names, wanted, each } = self;
        let mut facts = Vec::with_capacity(rows.len());
        for row in rows {
            let form = names.form(row.form_id)?;
            let of_spelling = row.metric_of.map(|ordinal| spelling_at(names, page, rows, ordinal)).transpose()?.flatten();
            let fact = Fact { of_spelling, ..fact((row, form), &page.scopes)? };
            let metric = form.metric_spelling_id.map(|spelling_id| beside(&fact, spelling_id, row.metric_value));
            facts.extend(
                [Some(fact), metric]
                    .into_iter()
                    .flatten()
                    .filter(|fact| wanted.name(names, run.name(fact.spelling_id)) && wanted.single(fact.single(run.run_id))),
            );
        }
        Ok(if facts.is_empty() { Flow::Continue(()) } else { each(&Facts { run, together, facts: &facts }) })
    }
}

impl<'s> Fact<'s> {
    fn single(&self, run_id: i64) -> Single<'s> {
        Single {
            id: (run_id, self.ordinal),
            status: self.status,
            value: self.value,
            running_percent: self.running_percent,
            scope: self.scope,
        }
    }
}

/// The spelling of the number at a position of a run, if there is one.
fn spelling_at(names: &Names, page: &Page, rows: &[Row], ordinal: i32) -> QueryResult<Option<i64>> {
    let form = match rows.binary_search_by_key(&ordinal, |row| row.ordinal) {
        Ok(at) => Some(rows[at].form_id),
        Err(_) => page.elsewhere.get(&ordinal).copied(),
    };
    form.map(|form| Ok(names.form(form)?.spelling_id)).transpose()
}

fn fact<'s>((row, form): (&Row, &Form), scopes: &'s Scopes) -> QueryResult<Fact<'s>> {
    Ok(Fact {
        ordinal: row.ordinal,
        spelling_id: form.spelling_id,
        scope_id: row.scope_id,
        scope: row.scope_id.map(|scope| scopes.get(scope)).transpose()?,
        status: status(form.status)?,
        value: value_of(row.value, row.count),
        count: row.count,
        interval_ns: row.interval_ns,
        running_percent: row.running_percent,
        spread_percent: row.spread_percent,
        runtime_ns: row.runtime_ns,
        of_spelling: None,
    })
}

/// The metric in the row of its counter.
fn beside<'s>(counter: &Fact<'s>, spelling_id: i64, value: Option<f64>) -> Fact<'s> {
    Fact {
        ordinal: counter.ordinal + 1,
        spelling_id,
        status: Status::Counted,
        value,
        count: None,
        running_percent: None,
        spread_percent: None,
        runtime_ns: None,
        of_spelling: Some(counter.spelling_id),
        ..*counter
    }
}

/// The spellings of forms that are no metrics, ascending.
fn together(names: &Names, forms: impl Iterator<Item = i64>) -> QueryResult<Vec<i64>> {
    let spellings: Vec<i64> = forms.map(|form| Ok(names.form(form)?.spelling_id)).collect::<QueryResult<_>>()?;
    let mut together: Vec<i64> = spellings.into_iter().filter(|id| !names.is_metric(*id)).collect();
    together.sort_unstable();
    together.dedup();
    Ok(together)
}

fn index_of(runs: &[RunFacts], id: i64) -> usize {
    runs.partition_point(|run| run.run_id < id)
}
