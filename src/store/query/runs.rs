//! The runs, by source and their order in it.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::sources::{self, Key, SourceRecord};
use super::{Flow, PlaceFilter, SourceFilter};
use crate::model::ToolName;
use crate::store::any::{Db, on_backend};
use crate::store::schema::v_runs;
use crate::store::{Store, StoreError};

/// A run with where it belongs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_runs)]
pub struct RunRecord {
    pub(super) run_id: i64,
    pub(super) source_id: i64,
    /// Logical path of the source.
    pub path: String,
    /// Hash of the source.
    pub digest: Vec<u8>,
    /// Position in the source, from 0.
    pub run: i32,
    /// Line where it begins.
    pub line: i32,
    /// Experiment.
    pub experiment: Option<String>,
    /// Name of the tool.
    pub tool: String,
    /// Version of the tool.
    pub tool_version: Option<String>,
    /// Host.
    pub host: Option<String>,
    /// Everything else that tells runs apart, as a JSON object.
    pub labels: Option<String>,
    /// Which repetition of its experiment it is.
    pub repetition: Option<i64>,
    /// Architecture.
    pub arch: Option<String>,
    /// CPU vendor.
    pub vendor: Option<String>,
    /// CPU family.
    pub family: Option<i32>,
    /// CPU model.
    pub model: Option<i32>,
    /// CPU stepping.
    pub stepping: Option<i32>,
    /// Microarchitecture.
    pub microarch: Option<String>,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Virtualisation.
    pub virt: Option<String>,
    /// Where these values came from.
    pub origins: String,
    /// What was measured.
    pub command: Option<String>,
    /// What was measured when it was no command.
    pub target: Option<String>,
    /// Start by the clock of the measured machine, microseconds since 1970-01-01 of that clock.
    pub started_at: Option<i64>,
    /// Elapsed time, seconds.
    pub wall_seconds: Option<f64>,
    /// Its standard error over the repeats, percent.
    pub wall_spread_percent: Option<f64>,
    /// User time, seconds.
    pub user_seconds: Option<f64>,
    /// System time, seconds.
    pub sys_seconds: Option<f64>,
    /// Number of repeats.
    pub repeats: Option<i32>,
}

impl Store {
    /// Every run with its source, in the same order.
    pub fn each_run_and_source(
        &mut self,
        source: &SourceFilter,
        place: &PlaceFilter,
        mut each: impl FnMut(&SourceRecord, &RunRecord) -> Flow,
    ) -> Result<(), StoreError> {
        let mut pages = Pages::new(source, place);
        while let Some(page) = pages.next_with_sources(&mut self.db) {
            let (sources, runs) = page.map_err(|error| StoreError::database(&self.url, "list runs", &error))?;
            let mut sources = sources.iter();
            let mut of = sources.next();
            for run in &runs {
                while of.is_some_and(|source| source.source_id != run.source_id) {
                    of = sources.next();
                }
                if of.is_some_and(|source| each(source, run).is_break()) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Every run, by path and content of its source and its position there.
    pub fn each_run(
        &mut self,
        source: &SourceFilter,
        place: &PlaceFilter,
        mut each: impl FnMut(&RunRecord) -> Flow,
    ) -> Result<(), StoreError> {
        let mut pages = Pages::new(source, place);
        while let Some(page) = pages.next(&mut self.db) {
            let page = page.map_err(|error| StoreError::database(&self.url, "list runs", &error))?;
            if page.iter().try_for_each(&mut each).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl RunRecord {
    /// The labels, by key.
    pub fn labels(&self) -> BTreeMap<String, String> {
        let text = self.labels.as_deref().unwrap_or("{}");
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// The runs of one page of sources after the other.
pub(super) struct Pages<'f> {
    source: &'f SourceFilter,
    place: &'f PlaceFilter,
    after: Option<Key>,
    done: bool,
}

impl<'f> Pages<'f> {
    pub(super) fn new(source: &'f SourceFilter, place: &'f PlaceFilter) -> Self {
        Self { source, place, after: None, done: false }
    }

    /// The next page, which may be empty; `None` after the last.
    pub(super) fn next(&mut self, db: &mut Db) -> Option<QueryResult<Vec<RunRecord>>> {
        self.next_with_sources(db).map(|page| page.map(|(_, runs)| runs))
    }

    /// The same, with the sources of the page.
    fn next_with_sources(&mut self, db: &mut Db) -> Option<QueryResult<(Vec<SourceRecord>, Vec<RunRecord>)>> {
        if self.done {
            return None;
        }
        let found = sources::page(db, self.source, self.after.as_ref()).and_then(|page| {
            self.done = page.next.is_none();
            self.after = page.next;
            let ids: Vec<i64> = page.sources.iter().map(|source| source.source_id).collect();
            Ok((page.sources, of_sources(db, &ids, self.place)?))
        });
        self.done |= found.is_err();
        Some(found)
    }
}

fn of_sources(db: &mut Db, ids: &[i64], place: &PlaceFilter) -> QueryResult<Vec<RunRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut runs: Vec<RunRecord> = on_backend!(db, c => {
        let mut query = v_runs::table.select(RunRecord::as_select()).filter(v_runs::source_id.eq_any(ids)).into_boxed();
        if !place.experiments.is_empty() {
            query = query.filter(v_runs::experiment.eq_any(&place.experiments));
        }
        if !place.hosts.is_empty() {
            query = query.filter(v_runs::host.eq_any(&place.hosts));
        }
        if !place.archs.is_empty() {
            query = query.filter(v_runs::arch.eq_any(&place.archs));
        }
        if !place.microarchs.is_empty() {
            query = query.filter(v_runs::microarch.eq_any(&place.microarchs));
        }
        if !place.kernels.is_empty() {
            query = query.filter(v_runs::kernel.eq_any(&place.kernels));
        }
        query.order((v_runs::path, v_runs::digest, v_runs::run)).load(c)
    })?;
    runs.retain(|run| place.tools.is_empty() || place.tools.iter().any(|tool| is_of(run, tool)));
    runs.retain(|run| place.labels.is_empty() || has_labels(run, &place.labels));
    Ok(runs)
}

/// Values of one key are alternatives, each key that is named must have one of them.
fn has_labels(run: &RunRecord, wanted: &[(String, String)]) -> bool {
    let labels = run.labels();
    let has = |(key, value): &(String, String)| labels.get(key) == Some(value);
    wanted.iter().all(|(key, _)| wanted.iter().any(|other| other.0 == *key && has(other)))
}

fn is_of(run: &RunRecord, tool: &ToolName) -> bool {
    run.tool == tool.name && (tool.version.is_none() || tool.version == run.tool_version)
}
