//! Takes rows back: of replaced sources, and of whole imports.

use diesel::prelude::*;

use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::ledger::RejectKey;
use super::schema::{entries, rejects, results, runs, sources, supports};
use super::{ImportId, Store, imports, judgements};

/// Ids of one statement.
const CHUNK: usize = 1000;

/// What an undone import had loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undone {
    /// Sources.
    pub sources: u64,
    /// Runs.
    pub runs: u64,
    /// Rows of results; a metric beside its counter shares the counter's row.
    pub result_rows: u64,
    /// Rows of profiles.
    pub entries: u64,
    /// Facts about events.
    pub supports: u64,
    /// Rejected lines and sources.
    pub rejects: u64,
}

impl Store {
    /// Deletes everything that an import loaded and marks it undone. What it had replaced does not come back.
    pub fn undo_import(&mut self, import: ImportId) -> Result<Undone, StoreError> {
        let fail = |error| StoreError::database(&self.url, "undo the import", &error);
        match imports::status(&mut self.db, import).map_err(fail)?.as_deref() {
            None => Err(StoreError::NoSuchImport(import.0)),
            Some("undone") => Err(StoreError::AlreadyUndone(import.0)),
            Some(_) => any::write(&mut self.db, |db| undo(db, import)).map_err(fail),
        }
    }
}

fn undo(db: &mut Db, import: ImportId) -> QueryResult<Undone> {
    let mut undone = Undone::default();
    let mut last = 0;
    // One walk along the key: an index on imports would make every load dearer for what is rare.
    loop {
        let theirs = sources::table.select(sources::source_id).filter(sources::import_id.eq(import.0));
        let next = theirs.filter(sources::source_id.gt(last)).order(sources::source_id).limit(1000);
        let some: Vec<i64> = on_backend!(db, c => next.load(c))?;
        let Some(&highest) = some.last() else { break };
        undone.add(self::sources(db, &some)?);
        last = highest;
    }
    let whole = on_backend!(db, c => diesel::delete(rejects::table.filter(rejects::import_id.eq(import.0))).execute(c))?;
    undone.rejects += whole as u64;
    imports::mark_undone(db, import)?;
    Ok(undone)
}

impl Undone {
    fn add(&mut self, other: Self) {
        self.sources += other.sources;
        self.runs += other.runs;
        self.result_rows += other.result_rows;
        self.entries += other.entries;
        self.supports += other.supports;
        self.rejects += other.rejects;
    }
}

/// Deletes all rows of sources.
pub(super) fn sources(db: &mut Db, ids: &[i64]) -> QueryResult<Undone> {
    let mut removed = Undone::default();
    for chunk in ids.chunks(CHUNK) {
        judgements::forget_sources(db, chunk)?;
        removed.add(on_backend!(db, c => {
            let run_ids: Vec<i64> = runs::table.select(runs::run_id).filter(runs::source_id.eq_any(chunk)).load(c)?;
            let (mut rows, mut entries) = (0, 0);
            for some in run_ids.chunks(CHUNK) {
                rows += diesel::delete(results::table.filter(results::run_id.eq_any(some))).execute(c)?;
                entries += diesel::delete(entries::table.filter(entries::run_id.eq_any(some))).execute(c)?;
            }
            let runs = diesel::delete(runs::table.filter(runs::source_id.eq_any(chunk))).execute(c)?;
            let supports = diesel::delete(supports::table.filter(supports::source_id.eq_any(chunk))).execute(c)?;
            let rejects = diesel::delete(rejects::table.filter(rejects::source_id.eq_any(chunk))).execute(c)?;
            let sources = diesel::delete(sources::table.filter(sources::source_id.eq_any(chunk))).execute(c)?;
            Undone {
                sources: sources as u64,
                runs: runs as u64,
                result_rows: rows as u64,
                entries: entries as u64,
                supports: supports as u64,
                rejects: rejects as u64,
            }
        }));
    }
    Ok(removed)
}

/// Takes the places of sources away: what they held lies elsewhere now.
pub(super) fn places(db: &mut Db, ids: &[i64]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let displaced = diesel::update(sources::table.filter(sources::source_id.eq_any(chunk)));
        on_backend!(db, c => displaced.set(sources::root_id.eq(None::<i64>)).execute(c))?;
    }
    Ok(())
}

/// Deletes single rejects.
pub(super) fn rejects(db: &mut Db, keys: &[RejectKey]) -> QueryResult<()> {
    for &(import, ordinal) in keys {
        let row = rejects::table.find((import, ordinal));
        on_backend!(db, c => diesel::delete(row).execute(c))?;
    }
    Ok(())
}
