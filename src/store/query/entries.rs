//! The rows of profiles, by run and their order in it.

use diesel::prelude::*;

use super::filter::wants;
use super::glob::any_matches;
use super::runs::{Pages, RunRecord};
use super::selection::{Field, Selection, Value};
use super::{EntryFilter, Flow};
use crate::store::any::{Db, on_backend};
use crate::store::schema::v_entries;
use crate::store::{Store, StoreError};

/// Rows of one query.
const PAGE: i64 = 5000;

/// A row of a profile, for one event.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_entries)]
pub struct EntryRecord {
    run_id: i64,
    /// Position in the run, from 0.
    pub ordinal: i32,
    /// Line of the source.
    pub line: i32,
    /// What the row counts.
    pub kind: String,
    /// The event, `NAME:period:mask`.
    pub event: String,
    /// Binary, library or module.
    pub image: Option<String>,
    /// The application that the image ran for.
    pub app: Option<String>,
    /// The symbol.
    pub symbol: Option<String>,
    /// The symbol whose callers and callees these are.
    pub of_symbol: Option<String>,
    /// Source file and line.
    pub location: Option<String>,
    /// Address, hexadecimal.
    pub address: Option<String>,
    /// Number of samples.
    pub samples: i64,
    /// The share that is printed beside them, percent.
    pub percent: Option<f64>,
    /// Change of the share since the first profile, percent.
    pub diff_percent: Option<f64>,
    /// CPU.
    pub cpu: Option<i32>,
    /// Thread group.
    pub process: Option<i64>,
    /// Thread.
    pub thread: Option<i64>,
}

impl Store {
    /// Every row of every profile, by path and content of its source, run, and position there.
    pub fn each_entry(
        &mut self,
        selection: &Selection,
        filter: &EntryFilter,
        mut each: impl FnMut(&RunRecord, &EntryRecord) -> Flow,
    ) -> Result<(), StoreError> {
        let mut pages = Pages::new(selection);
        let mut list = |db: &mut Db| -> QueryResult<()> {
            while let Some(runs) = pages.next(db) {
                for segment in runs?.chunk_by(|a, b| a.run_id < b.run_id) {
                    if of_runs(db, segment, (selection, filter), &mut each)?.is_break() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        };
        list(&mut self.db).map_err(|error| StoreError::database(&self.url, "list rows of profiles", &error))
    }
}

/// The rows of runs that ascend by id, page by page along the primary key.
fn of_runs(
    db: &mut Db,
    runs: &[RunRecord],
    wanted: (&Selection, &EntryFilter),
    each: &mut impl FnMut(&RunRecord, &EntryRecord) -> Flow,
) -> QueryResult<Flow> {
    let mut after = None;
    loop {
        let mut rows = page(db, runs, after)?;
        for row in rows.iter().filter(|row| is_wanted(wanted, row)) {
            let Ok(at) = runs.binary_search_by_key(&row.run_id, |run| run.run_id) else { continue };
            if each(&runs[at], row).is_break() {
                return Ok(Flow::Break(()));
            }
        }
        if (rows.len() as u64) < PAGE.unsigned_abs() {
            return Ok(Flow::Continue(()));
        }
        after = rows.pop().map(|row| (row.run_id, row.ordinal));
    }
}

fn page(db: &mut Db, runs: &[RunRecord], after: Option<(i64, i32)>) -> QueryResult<Vec<EntryRecord>> {
    use v_entries::{ordinal, run_id};
    let (last_run, last) = after.unwrap_or((i64::MIN, i32::MIN));
    let ids: Vec<i64> = runs.iter().map(|run| run.run_id).filter(|&id| id >= last_run).collect();
    let behind = run_id.gt(last_run).or(run_id.eq(last_run).and(ordinal.gt(last)));
    on_backend!(db, c => {
        v_entries::table
            .select(EntryRecord::as_select())
            .filter(run_id.eq_any(&ids).and(behind))
            .order((run_id, ordinal))
            .limit(PAGE)
            .load(c)
    })
}

fn is_wanted((selection, filter): (&Selection, &EntryFilter), row: &EntryRecord) -> bool {
    let named =
        |globs: &[super::Glob], name: Option<&String>| globs.is_empty() || name.is_some_and(|name| any_matches(globs, name));
    wants(&filter.kinds, &row.kind)
        && selection.admits(|field| matches!(field, Field::Event | Field::Spelling).then(|| vec![Value::Text(&row.event)]))
        && named(&filter.images, row.image.as_ref())
        && named(&filter.symbols, row.symbol.as_ref())
}
