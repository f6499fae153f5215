//! The results, by run and their order in it.

use diesel::prelude::*;
use hashbrown::{HashMap, HashSet};

use super::Flow;
use super::names::{NameIds, Names};
use super::runs::{Pages, RunRecord};
use super::selection::Selection;
use super::wanted::{Single, Wanted};
use crate::model::{Flags, Scope, ScopeKind, Spelling, Status};
use crate::store::any::{Db, on_backend};
use crate::store::dictionary::{ScopeColumns, word};
use crate::store::rows::{ResultRow, value_of};
use crate::store::schema::{results, scopes};
use crate::store::{Store, StoreError};

/// Rows of one query.
const PAGE: u32 = 5000;

/// Scopes kept in memory before it is emptied.
const MOST_KEPT: usize = 50_000;

/// A result with its run and its names.
#[derive(Debug, Clone, Copy)]
pub struct ResultRecord<'a> {
    /// The run.
    pub run: &'a RunRecord,
    /// Position in the run, from 0.
    pub ordinal: i32,
    /// Line of the source.
    pub line: i32,
    /// Event, unit and kind.
    pub spelling: &'a Spelling,
    /// What it covers; `None` means the whole run.
    pub scope: Option<&'a Scope>,
    /// Whether there is a number.
    pub status: Status,
    /// The number.
    pub value: Option<f64>,
    /// The exact integer.
    pub count: Option<i64>,
    /// Remarks.
    pub flags: Flags,
    /// End of the interval, nanoseconds.
    pub interval_ns: Option<i64>,
    /// Share of the time on a counter, percent.
    pub running_percent: Option<f64>,
    /// Standard error over the repeats, percent.
    pub spread_percent: Option<f64>,
    /// Time on a counter, nanoseconds.
    pub runtime_ns: Option<i64>,
    /// Ordinal of the counter that a metric belongs to.
    pub metric_of: Option<i32>,
    /// How the spelling stands to the event: `same`, `subset`, `derived`.
    pub relation: Option<&'a str>,
    /// The canonical event, or the formula of a derived one.
    pub canonical: Option<&'a str>,
    /// Semantic class of the event.
    pub class: Option<&'a str>,
    /// Rings that the number covers.
    pub privilege: Option<&'a str>,
}

impl ResultRecord<'_> {
    /// Its identity in this database: its run and its position there.
    pub fn id(&self) -> (i64, i32) {
        (self.run.run_id, self.ordinal)
    }
}

impl Store {
    /// Every result, by path and content of its source, run, and position there.
    pub fn each_result(
        &mut self,
        selection: &Selection,
        mut each: impl FnMut(&ResultRecord<'_>) -> Flow,
    ) -> Result<(), StoreError> {
        let mut pages = Pages::new(selection);
        let mut wanted = Wanted::new(selection);
        let mut scopes = Scopes::default();
        let mut list = |db: &mut Db| -> QueryResult<()> {
            while let Some(runs) = pages.next(db) {
                let runs = runs?;
                let Some(names) = pages.names() else { continue };
                for segment in runs.chunk_by(|a, b| a.run_id < b.run_id) {
                    let mut list = Lister { names, wanted: &mut wanted, scopes: &mut scopes, each: &mut each };
                    if list.of_runs(db, segment)?.is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        };
        list(&mut self.db).map_err(|error| StoreError::database(&self.url, "list results", &error))
    }
}

struct Lister<'l, 's, F> {
    names: &'l Names,
    wanted: &'l mut Wanted<'s>,
    scopes: &'l mut Scopes,
    each: &'l mut F,
}

impl<F: FnMut(&ResultRecord<'_>) -> Flow> Lister<'_, '_, F> {
    /// The results of runs that ascend by id, page by page along the primary key.
    fn of_runs(&mut self, db: &mut Db, mut runs: &[RunRecord]) -> QueryResult<Flow> {
        let mut after = None;
        while let Some(first) = runs.first() {
            let rows = match after {
                Some(ordinal) => rest_of_run(db, first.run_id, ordinal)?,
                None => first_of_runs(db, runs)?,
            };
            self.scopes.learn(db, &rows)?;
            for row in &rows {
                while runs[0].run_id != row.run_id {
                    runs = &runs[1..];
                }
                if self.emit(&runs[0], row)?.is_break() {
                    return Ok(Flow::Break(()));
                }
            }
            match (rows.len() == PAGE as usize, after) {
                (true, _) => after = rows.last().map(|row| row.ordinal),
                (false, Some(_)) => (runs, after) = (&runs[1..], None),
                (false, None) => break,
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Gives a row on as the one or two results that it holds.
    fn emit(&mut self, run: &RunRecord, row: &ResultRow) -> QueryResult<Flow> {
        let Self { names, wanted, scopes, each } = self;
        if give(names, wanted, own(run, row, names, scopes)?, row.spelling_id, each).is_break() {
            return Ok(Flow::Break(()));
        }
        let Some(metric) = row.metric_spelling_id else { return Ok(Flow::Continue(())) };
        Ok(give(names, wanted, beside(run, row, names, scopes)?, metric, each))
    }
}

fn give<'r>(
    names: &'r Names,
    wanted: &mut Wanted<'_>,
    mut result: ResultRecord<'r>,
    spelling_id: i64,
    each: &mut impl FnMut(&ResultRecord<'_>) -> Flow,
) -> Flow {
    let name = NameIds { spelling_id, tool_id: result.run.tool_id, environment_id: result.run.environment_id };
    let single = Single {
        id: result.id(),
        status: result.status,
        value: result.value,
        running_percent: result.running_percent,
        scope: result.scope,
    };
    if !wanted.name(names, name) || !wanted.single(single) {
        return Flow::Continue(());
    }
    let binding = names.binding(name);
    let event = binding.and_then(|binding| names.event(binding.event_id?));
    result.relation = binding.and_then(|binding| binding.relation.as_deref());
    result.privilege = binding.and_then(|binding| binding.privilege.as_deref());
    result.canonical = event.map(|event| event.text.as_str()).or(binding.and_then(|binding| binding.formula.as_deref()));
    result.class = event.and_then(|event| event.class.as_deref());
    each(&result)
}

fn first_of_runs(db: &mut Db, runs: &[RunRecord]) -> QueryResult<Vec<ResultRow>> {
    let ids: Vec<i64> = runs.iter().map(|run| run.run_id).collect();
    let rows = results::table.filter(results::run_id.eq_any(&ids)).order((results::run_id, results::ordinal));
    on_backend!(db, c => rows.limit(PAGE.into()).load(c))
}

fn rest_of_run(db: &mut Db, run: i64, after: i32) -> QueryResult<Vec<ResultRow>> {
    let rows = results::table.filter(results::run_id.eq(run).and(results::ordinal.gt(after))).order(results::ordinal);
    on_backend!(db, c => rows.limit(PAGE.into()).load(c))
}

/// The counter of a row.
fn own<'r>(run: &'r RunRecord, row: &ResultRow, names: &'r Names, scopes: &'r Scopes) -> QueryResult<ResultRecord<'r>> {
    Ok(ResultRecord {
        run,
        ordinal: row.ordinal,
        line: row.line,
        spelling: spelling(names, row.spelling_id)?,
        scope: row.scope_id.map(|scope| scopes.get(scope)).transpose()?,
        status: status(row.status)?,
        value: value_of(row.value, row.count),
        count: row.count,
        flags: Flags(row.flags),
        interval_ns: row.interval_ns,
        running_percent: row.running_percent,
        spread_percent: row.spread_percent,
        runtime_ns: row.runtime_ns,
        metric_of: row.metric_of,
        relation: None,
        canonical: None,
        class: None,
        privilege: None,
    })
}

/// The metric in the row of its counter.
fn beside<'r>(run: &'r RunRecord, row: &ResultRow, names: &'r Names, scopes: &'r Scopes) -> QueryResult<ResultRecord<'r>> {
    Ok(ResultRecord {
        ordinal: row.ordinal + 1,
        spelling: spelling(names, row.metric_spelling_id.unwrap_or(row.spelling_id))?,
        status: Status::Counted,
        value: row.metric_value,
        count: None,
        flags: Flags::default(),
        running_percent: None,
        spread_percent: None,
        runtime_ns: None,
        metric_of: Some(row.ordinal),
        ..own(run, row, names, scopes)?
    })
}

fn spelling(names: &Names, id: i64) -> QueryResult<&Spelling> {
    names.spelling(id).ok_or(diesel::result::Error::NotFound)
}

pub(super) fn status(code: i16) -> QueryResult<Status> {
    let known = [Status::Counted, Status::NotCounted, Status::NotSupported].into_iter().find(|status| *status as i16 == code);
    known.ok_or_else(|| diesel::result::Error::DeserializationError(format!("unknown status {code}").into()))
}

/// Scopes by their ids, learnt page by page.
#[derive(Default)]
pub(super) struct Scopes(HashMap<i64, Scope>);

impl Scopes {
    /// Reads the scopes that a page refers to.
    fn learn(&mut self, db: &mut Db, rows: &[ResultRow]) -> QueryResult<()> {
        self.read(db, rows.iter().filter_map(|row| row.scope_id))
    }

    pub(super) fn read(&mut self, db: &mut Db, used: impl Iterator<Item = i64>) -> QueryResult<()> {
        if self.0.len() > MOST_KEPT {
            self.0.clear();
        }
        let new: HashSet<i64> = used.filter(|id| !self.0.contains_key(id)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let found: Vec<ScopeColumns> = on_backend!(db, c => scopes::table.filter(scopes::scope_id.eq_any(new)).load(c))?;
        for (id, kind, label, cgroup, members) in found {
            self.0.insert(id, Scope { kind: word(&kind, ScopeKind::from_word)?, label, cgroup, members });
        }
        Ok(())
    }

    pub(super) fn get(&self, id: i64) -> QueryResult<&Scope> {
        self.0.get(&id).ok_or(diesel::result::Error::NotFound)
    }
}
