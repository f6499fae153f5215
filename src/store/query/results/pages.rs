//! Reads the results page by page.

use std::ops::Range;
use std::sync::Arc;

use diesel::prelude::*;

use super::Scopes;
use crate::ahead::Out;
use crate::store::any::{Db, on_backend};
use crate::store::query::Flow;
use crate::store::query::names::Names;
use crate::store::query::runs::{Pages, RunRecord};
use crate::store::query::selection::Selection;
use crate::store::rows::ResultRow;
use crate::store::schema::results;

/// Rows of one query.
const PAGE: u32 = 5000;

/// The rows of one query, with everything that they refer to.
pub(super) struct Page {
    pub(super) names: Arc<Names>,
    /// Some runs; those of the rows from here on, in their order.
    pub(super) runs: Arc<[RunRecord]>,
    pub(super) first_run: usize,
    pub(super) rows: Vec<ResultRow>,
    pub(super) scopes: Scopes,
}

/// Reads everything that is selected, until nobody takes it any more.
pub(super) fn read(db: &mut Db, selection: &Selection, out: &Out<Page>) -> QueryResult<()> {
    let mut pages = Pages::new(selection);
    let mut scopes = Scopes::default();
    while let Some(runs) = pages.next(db) {
        let runs: Arc<[RunRecord]> = runs?.into();
        let Some(names) = pages.names() else { continue };
        let mut start = 0;
        for segment in runs.chunk_by(|a, b| a.run_id < b.run_id) {
            let of = start..start + segment.len();
            start = of.end;
            let mut reader = Reader { names, runs: &runs, scopes: &mut scopes, out };
            if reader.of_runs(db, of)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

struct Reader<'r> {
    names: &'r Arc<Names>,
    runs: &'r Arc<[RunRecord]>,
    /// Those of the pages before, as pages name the same ones again and again.
    scopes: &'r mut Scopes,
    out: &'r Out<Page>,
}

impl Reader<'_> {
    /// The results of runs that ascend by id, page by page along the primary key; breaks when nobody takes them any more.
    fn of_runs(&mut self, db: &mut Db, mut of: Range<usize>) -> QueryResult<Flow> {
        let mut after = None;
        while let Some(first) = self.runs[of.clone()].first() {
            let rows = match after {
                Some(ordinal) => rest_of_run(db, first.run_id, ordinal)?,
                None => first_of_runs(db, &self.runs[of.clone()])?,
            };
            let (is_full, last) = (rows.len() == PAGE as usize, rows.last().map(|row| (row.run_id, row.ordinal)));
            if self.give(db, of.start, rows)?.is_break() {
                return Ok(Flow::Break(()));
            }
            match (is_full.then_some(last).flatten(), after) {
                (Some((run, ordinal)), _) => {
                    of.start += self.runs[of.clone()].iter().take_while(|known| known.run_id != run).count();
                    after = Some(ordinal);
                }
                (None, Some(_)) => (of.start, after) = (of.start + 1, None),
                (None, None) => break,
            }
        }
        Ok(Flow::Continue(()))
    }

    fn give(&mut self, db: &mut Db, first_run: usize, rows: Vec<ResultRow>) -> QueryResult<Flow> {
        let used = || rows.iter().filter_map(|row| row.scope_id);
        self.scopes.read(db, used())?;
        let scopes = self.scopes.only(used());
        let (names, runs) = (Arc::clone(self.names), Arc::clone(self.runs));
        Ok(self.out.give(Page { names, runs, first_run, rows, scopes }))
    }
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
