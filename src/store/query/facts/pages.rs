//! Reads the numbers page by page along the primary key.

use std::sync::Arc;

use diesel::prelude::*;
use hashbrown::HashMap;

use super::{Row, RunFacts, index_of, together};
use crate::ahead::Out;
use crate::store::any::{Db, on_backend};
use crate::store::query::Flow;
use crate::store::query::names::Names;
use crate::store::query::results::Scopes;
use crate::store::query::selection::{Level, Selection};
use crate::store::query::sources;
use crate::store::schema::{results, runs};

/// Runs of one query.
const RUNS: i64 = 2_000;

/// Rows of one query.
const ROWS: i64 = 20_000;

/// Counters of one query.
const COUNTERS: usize = 5_000;

/// Rows with everything that they refer to.
pub(super) struct Page {
    /// Some runs, ascending by id, among them those of the rows.
    pub(super) runs: Arc<[RunFacts]>,
    /// All rows of their runs, or some of a run of very many.
    pub(super) rows: Vec<Row>,
    /// What was counted together in a run of which only some rows are here.
    pub(super) together: Option<Arc<[i64]>>,
    /// Forms of the counters whose metrics are here while they are in another page of their run, by their positions.
    pub(super) elsewhere: HashMap<i32, i64>,
    pub(super) scopes: Scopes,
}

/// What a run of which only some rows are in a page has beside them.
#[derive(Default)]
struct Beside {
    together: Option<Arc<[i64]>>,
    elsewhere: HashMap<i32, i64>,
}

/// Reads the numbers of all runs that are wanted, until nobody takes them any more.
pub(super) fn read(db: &mut Db, names: &Names, selection: &Selection, out: &Out<Page>) -> QueryResult<()> {
    let sources = selection.asks(Level::Source).then(|| sources::wanted(db, selection)).transpose()?;
    let mut reader = Reader { names, scopes: Scopes::default(), out };
    let mut after = i64::MIN;
    loop {
        let page = runs_after(db, after)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.run_id;
        let is_wanted = |run: &RunFacts| {
            sources.as_ref().is_none_or(|sources| sources.contains(&run.source_id)) && run.is_wanted(selection, names)
        };
        let all = page.len();
        let wanted: Arc<[RunFacts]> = page.into_iter().filter(is_wanted).collect();
        if reader.of_runs(db, &wanted, wanted.len() == all)?.is_break() {
            return Ok(());
        }
    }
}

fn runs_after(db: &mut Db, after: i64) -> QueryResult<Vec<RunFacts>> {
    let behind = runs::run_id.gt(after);
    on_backend!(db, c => runs::table.select(RunFacts::as_select()).filter(behind).order(runs::run_id).limit(RUNS).load(c))
}

struct Reader<'r> {
    names: &'r Names,
    /// Those of the pages before, as pages name the same ones again and again.
    scopes: Scopes,
    out: &'r Out<Page>,
}

impl Reader<'_> {
    /// The numbers of runs that ascend by id. `gapless`: between the first and the last there are no runs but these.
    fn of_runs(&mut self, db: &mut Db, all: &Arc<[RunFacts]>, gapless: bool) -> QueryResult<Flow> {
        let mut runs = &all[..];
        while !runs.is_empty() {
            let mut rows = first_rows(db, runs, gapless)?;
            let is_full = rows.len() as u64 == ROWS.unsigned_abs();
            // The last run of a full page may go on behind it: it is read again, unless it fills the page alone.
            let last = rows.last().map_or(i64::MAX, |row| row.run_id);
            let given = if is_full && rows.first().is_some_and(|row| row.run_id == last) {
                let long = index_of(runs, last);
                let given = self.long_run(db, all, runs[long].run_id, rows)?;
                runs = &runs[long + 1..];
                given
            } else {
                runs = if is_full { &runs[index_of(runs, last)..] } else { &[] };
                rows.retain(|row| !is_full || row.run_id != last);
                self.give(db, all, rows, Beside::default())?
            };
            if given.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// A run with more numbers than a page, of which `rows` are the first. Pages end between intervals, as rules hold inside of one; an
    /// interval that is larger than a page is cut.
    fn long_run(&mut self, db: &mut Db, runs: &Arc<[RunFacts]>, run_id: i64, mut rows: Vec<Row>) -> QueryResult<Flow> {
        let all = results::table.filter(results::run_id.eq(run_id)).select(results::form_id).distinct();
        let forms: Vec<i64> = on_backend!(db, c => all.load(c))?;
        let together: Arc<[i64]> = together(self.names, forms.into_iter())?.into();
        while let Some(last) = rows.last() {
            let rest = rest_of_run(db, run_id, last.ordinal)?;
            let begun = if rest.is_empty() { Vec::new() } else { rows.split_off(whole_intervals(&rows)) };
            let beside = Beside { together: Some(Arc::clone(&together)), elsewhere: elsewhere(db, run_id, &rows)? };
            if self.give(db, runs, rows, beside)?.is_break() {
                return Ok(Flow::Break(()));
            }
            rows = begun;
            rows.extend(rest);
        }
        Ok(Flow::Continue(()))
    }

    fn give(&mut self, db: &mut Db, runs: &Arc<[RunFacts]>, rows: Vec<Row>, beside: Beside) -> QueryResult<Flow> {
        let used = || rows.iter().filter_map(|row| row.scope_id);
        self.scopes.read(db, used())?;
        let scopes = self.scopes.only(used());
        let Beside { together, elsewhere } = beside;
        Ok(self.out.give(Page { runs: Arc::clone(runs), rows, together, elsewhere, scopes }))
    }
}

fn first_rows(db: &mut Db, runs: &[RunFacts], gapless: bool) -> QueryResult<Vec<Row>> {
    let (first, last) = (runs[0].run_id, runs[runs.len() - 1].run_id);
    let order = (results::run_id, results::ordinal);
    if gapless {
        let between = results::run_id.between(first, last);
        return on_backend!(db, c => results::table.select(Row::as_select()).filter(between).order(order).limit(ROWS).load(c));
    }
    let ids: Vec<i64> = runs.iter().map(|run| run.run_id).collect();
    let chosen = results::run_id.eq_any(ids);
    on_backend!(db, c => results::table.select(Row::as_select()).filter(chosen).order(order).limit(ROWS).load(c))
}

/// Rows before the last interval, or all when there is no other.
fn whole_intervals(rows: &[Row]) -> usize {
    let last = rows.last().map(|row| row.interval_ns);
    rows.iter().rposition(|row| Some(row.interval_ns) != last).map_or(rows.len(), |before| before + 1)
}

/// Forms by position of the counters that metrics of these rows belong to, and that are not among them.
fn elsewhere(db: &mut Db, run: i64, rows: &[Row]) -> QueryResult<HashMap<i32, i64>> {
    let is_here = |ordinal: &i32| rows.binary_search_by_key(ordinal, |row| row.ordinal).is_ok();
    let ordinals: Vec<i32> = rows.iter().filter_map(|row| row.metric_of).filter(|ordinal| !is_here(ordinal)).collect();
    let mut all = HashMap::new();
    for ordinals in ordinals.chunks(COUNTERS) {
        let counters = results::run_id.eq(run).and(results::ordinal.eq_any(ordinals));
        let columns = (results::ordinal, results::form_id);
        let found: Vec<(i32, i64)> = on_backend!(db, c => results::table.select(columns).filter(counters).load(c))?;
        all.extend(found);
    }
    Ok(all)
}

fn rest_of_run(db: &mut Db, run: i64, after: i32) -> QueryResult<Vec<Row>> {
    let rest = results::run_id.eq(run).and(results::ordinal.gt(after));
    let order = results::ordinal;
    on_backend!(db, c => results::table.select(Row::as_select()).filter(rest).order(order).limit(ROWS).load(c))
}
