//! The results, by run and their order in it.

use diesel::prelude::*;
use hashbrown::{HashMap, HashSet};

use super::filter::wants;
use super::glob::any_matches;
use super::runs::{Pages, RunRecord};
use super::{Flow, PlaceFilter, ResultFilter, SourceFilter};
use crate::model::{Flags, Kind, Scope, ScopeKind, Spelling, Status};
use crate::store::any::{Db, on_backend};
use crate::store::dictionary::{ScopeColumns, word};
use crate::store::rows::ResultRow;
use crate::store::schema::{results, scopes, spellings};
use crate::store::{Store, StoreError};

/// Rows of one query.
const PAGE: u32 = 5000;

/// Names kept in memory before it is emptied.
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
}

impl Store {
    /// Every result, by path and content of its source, run, and position there.
    pub fn each_result(
        &mut self,
        source: &SourceFilter,
        place: &PlaceFilter,
        result: &ResultFilter,
        mut each: impl FnMut(&ResultRecord<'_>) -> Flow,
    ) -> Result<(), StoreError> {
        let mut pages = Pages::new(source, place);
        let mut names = Names::default();
        let mut list = |db: &mut Db| -> QueryResult<()> {
            while let Some(runs) = pages.next(db) {
                for segment in runs?.chunk_by(|a, b| a.run_id < b.run_id) {
                    if of_runs(db, segment, &mut names, result, &mut each)?.is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        };
        list(&mut self.db).map_err(|error| StoreError::database(&self.url, "list results", &error))
    }
}

/// The results of runs that ascend by id, page by page along the primary key.
fn of_runs(
    db: &mut Db,
    mut runs: &[RunRecord],
    names: &mut Names,
    filter: &ResultFilter,
    each: &mut impl FnMut(&ResultRecord<'_>) -> Flow,
) -> QueryResult<Flow> {
    let mut after = None;
    while let Some(first) = runs.first() {
        let rows = match after {
            Some(ordinal) => rest_of_run(db, first.run_id, ordinal)?,
            None => first_of_runs(db, runs)?,
        };
        names.learn(db, &rows)?;
        for row in &rows {
            while runs[0].run_id != row.run_id {
                runs = &runs[1..];
            }
            if emit(&runs[0], row, names, filter, each)?.is_break() {
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

fn first_of_runs(db: &mut Db, runs: &[RunRecord]) -> QueryResult<Vec<ResultRow>> {
    let ids: Vec<i64> = runs.iter().map(|run| run.run_id).collect();
    let rows = results::table.filter(results::run_id.eq_any(&ids)).order((results::run_id, results::ordinal));
    on_backend!(db, c => rows.limit(PAGE.into()).load(c))
}

fn rest_of_run(db: &mut Db, run: i64, after: i32) -> QueryResult<Vec<ResultRow>> {
    let rows = results::table.filter(results::run_id.eq(run).and(results::ordinal.gt(after))).order(results::ordinal);
    on_backend!(db, c => rows.limit(PAGE.into()).load(c))
}

/// Gives a row on as the one or two results that it holds.
fn emit(
    run: &RunRecord,
    row: &ResultRow,
    names: &Names,
    filter: &ResultFilter,
    each: &mut impl FnMut(&ResultRecord<'_>) -> Flow,
) -> QueryResult<Flow> {
    let own = ResultRecord {
        run,
        ordinal: row.ordinal,
        line: row.line,
        spelling: names.spelling(row.spelling_id)?,
        scope: row.scope_id.map(|scope| names.scope(scope)).transpose()?,
        status: status(row.status)?,
        value: row.value,
        count: row.count,
        flags: Flags(row.flags),
        interval_ns: row.interval_ns,
        running_percent: row.running_percent,
        spread_percent: row.spread_percent,
        runtime_ns: row.runtime_ns,
        metric_of: row.metric_of,
    };
    if is_wanted(filter, &own) && each(&own).is_break() {
        return Ok(Flow::Break(()));
    }
    let Some(metric) = row.metric_spelling_id else { return Ok(Flow::Continue(())) };
    let metric = ResultRecord {
        ordinal: row.ordinal + 1,
        spelling: names.spelling(metric)?,
        status: Status::Counted,
        value: row.metric_value,
        count: None,
        flags: Flags::default(),
        running_percent: None,
        spread_percent: None,
        runtime_ns: None,
        metric_of: Some(row.ordinal),
        ..own
    };
    Ok(if is_wanted(filter, &metric) { each(&metric) } else { Flow::Continue(()) })
}

fn status(code: i16) -> QueryResult<Status> {
    let known = [Status::Counted, Status::NotCounted, Status::NotSupported].into_iter().find(|status| *status as i16 == code);
    known.ok_or_else(|| diesel::result::Error::DeserializationError(format!("unknown status {code}").into()))
}

fn is_wanted(filter: &ResultFilter, result: &ResultRecord<'_>) -> bool {
    wants(&filter.statuses, &result.status)
        && wants(&filter.kinds, &result.spelling.kind)
        && any_matches(&filter.events, &result.spelling.text)
}

/// Names by their ids.
#[derive(Default)]
struct Names {
    spellings: HashMap<i64, Spelling>,
    scopes: HashMap<i64, Scope>,
}

impl Names {
    /// Reads the names that a page refers to.
    fn learn(&mut self, db: &mut Db, rows: &[ResultRow]) -> QueryResult<()> {
        if self.spellings.len() + self.scopes.len() > MOST_KEPT {
            *self = Self::default();
        }
        let used = rows.iter().flat_map(|row| [Some(row.spelling_id), row.metric_spelling_id]).flatten();
        let new: HashSet<i64> = used.filter(|id| !self.spellings.contains_key(id)).collect();
        if !new.is_empty() {
            let found = on_backend!(db, c => spellings::table.filter(spellings::spelling_id.eq_any(new)).load(c))?;
            self.add_spellings(found)?;
        }
        let new: HashSet<i64> = rows.iter().filter_map(|row| row.scope_id).filter(|id| !self.scopes.contains_key(id)).collect();
        if !new.is_empty() {
            let found = on_backend!(db, c => scopes::table.filter(scopes::scope_id.eq_any(new)).load(c))?;
            self.add_scopes(found)?;
        }
        Ok(())
    }

    fn add_spellings(&mut self, rows: Vec<(i64, String, Option<String>, String)>) -> QueryResult<()> {
        for (id, text, unit, kind) in rows {
            self.spellings.insert(id, Spelling { text, unit, kind: word(&kind, Kind::from_word)? });
        }
        Ok(())
    }

    fn add_scopes(&mut self, rows: Vec<ScopeColumns>) -> QueryResult<()> {
        for (id, kind, label, cgroup, members) in rows {
            self.scopes.insert(id, Scope { kind: word(&kind, ScopeKind::from_word)?, label, cgroup, members });
        }
        Ok(())
    }

    fn spelling(&self, id: i64) -> QueryResult<&Spelling> {
        self.spellings.get(&id).ok_or(diesel::result::Error::NotFound)
    }

    fn scope(&self, id: i64) -> QueryResult<&Scope> {
        self.scopes.get(&id).ok_or(diesel::result::Error::NotFound)
    }
}
