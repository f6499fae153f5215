//! The runs, by source and their order in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::prelude::*;
use hashbrown::HashMap;

use super::Flow;
use super::names::{self, Names, known};
use super::selection::{Field, Selection, Value, by_version};
use super::sources::{self, Key, SourceRecord};
use crate::store::any::{Db, on_backend};
use crate::store::schema::v_runs;
use crate::store::{Store, StoreError};

/// Runs of one query for their order.
const ORDERED: usize = 5_000;

/// Path and content of the source, position there, and identity of a run.
type Standing = (String, Vec<u8>, i32, i64);

/// A run with where it belongs.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_runs)]
pub struct RunRecord {
    pub(crate) run_id: i64,
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
    pub(super) tool_id: i64,
    pub(super) environment_id: i64,
}

impl Store {
    /// Every run with its source and its labels by key, in the same order.
    pub fn each_run_and_source(
        &mut self,
        selection: &Selection,
        mut each: impl FnMut(&SourceRecord, &RunRecord, &BTreeMap<String, String>) -> Flow,
    ) -> Result<(), StoreError> {
        let mut pages = Pages::new(selection);
        while let Some(page) = pages.next_with_sources(&mut self.db) {
            let (sources, runs) = page.map_err(|error| StoreError::database(&self.url, "list runs", &error))?;
            let mut sources = sources.iter();
            let mut of = sources.next();
            for run in &runs {
                while of.is_some_and(|source| source.source_id != run.source_id) {
                    of = sources.next();
                }
                let labels = run.labels().map_err(|error| StoreError::database(&self.url, "list runs", &error))?;
                if of.is_some_and(|source| each(source, run, &labels).is_break()) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The places of some runs in natural order: by path (`r2` before `r10`) and content of their sources, and their position there.
    pub fn run_order(&mut self, runs: &BTreeSet<i64>) -> Result<HashMap<i64, usize>, StoreError> {
        let ids: Vec<i64> = runs.iter().copied().collect();
        let mut found: Vec<Standing> = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ORDERED) {
            let page = standings(&mut self.db, ids);
            found.extend(page.map_err(|error| StoreError::database(&self.url, "put runs in order", &error))?);
        }
        found.sort_unstable_by(|a, b| by_version(&a.0, &b.0).then_with(|| a.cmp(b)));
        Ok((0..).zip(found).map(|(at, (.., run_id))| (run_id, at)).collect())
    }

    /// Every run, by path and content of its source and its position there.
    pub fn each_run(&mut self, selection: &Selection, mut each: impl FnMut(&RunRecord) -> Flow) -> Result<(), StoreError> {
        let mut pages = Pages::new(selection);
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
    fn labels(&self) -> QueryResult<BTreeMap<String, String>> {
        self.labels.as_deref().map_or_else(|| Ok(BTreeMap::new()), names::labels)
    }

    fn is_wanted(&self, selection: &Selection, names: &Names) -> QueryResult<bool> {
        let asks = selection.conditions().iter().any(|condition| matches!(condition.field, Field::Label(_)));
        let labels = if asks { self.labels()? } else { BTreeMap::new() };
        let tool = self.tool_version.as_ref().map(|version| format!("{}-{version}", self.tool));
        Ok(selection.admits(|field| match field {
            Field::Tool => {
                Some([Some(&self.tool), tool.as_ref()].into_iter().flatten().map(|name| Value::Text(name)).collect())
            }
            Field::Label(key) => Some(vec![known(labels.get(key).map(String::as_str))]),
            Field::Microarch => Some(vec![known(self.microarch.as_deref()), known(names.microarch(self.environment_id))]),
            _ => self.value(field).map(|value| vec![value]),
        }))
    }

    /// What it has for the fields that it has one value for.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of a date are exact in a float until the year 2255")]
    fn value(&self, field: &Field) -> Option<Value<'_>> {
        let number = |number: Option<f64>| Some(number.map_or(Value::Unknown, Value::Number));
        match field {
            Field::Experiment => Some(known(self.experiment.as_deref())),
            Field::ToolVersion => Some(known(self.tool_version.as_deref())),
            Field::Host => Some(known(self.host.as_deref())),
            Field::Arch => Some(known(self.arch.as_deref())),
            Field::Vendor => Some(known(self.vendor.as_deref())),
            Field::Family => number(self.family.map(f64::from)),
            Field::Model => number(self.model.map(f64::from)),
            Field::Stepping => number(self.stepping.map(f64::from)),
            Field::Kernel => Some(known(self.kernel.as_deref())),
            Field::Virt => Some(known(self.virt.as_deref())),
            Field::Started => number(self.started_at.map(|at| at as f64)),
            Field::Repetition => number(self.repetition.map(|number| number as f64)),
            Field::Command => Some(known(self.command.as_deref())),
            _ => None,
        }
    }
}

/// The runs of one page of sources after the other.
pub(super) struct Pages<'f> {
    selection: &'f Selection,
    names: Option<Arc<Names>>,
    after: Option<Key>,
    done: bool,
}

impl<'f> Pages<'f> {
    pub(super) fn new(selection: &'f Selection) -> Self {
        Self { selection, names: None, after: None, done: false }
    }

    /// The next page, which may be empty; `None` after the last.
    pub(super) fn next(&mut self, db: &mut Db) -> Option<QueryResult<Vec<RunRecord>>> {
        self.next_with_sources(db).map(|page| page.map(|(_, runs)| runs))
    }

    /// What ids mean; there once a page was read.
    pub(super) fn names(&self) -> Option<&Arc<Names>> {
        self.names.as_ref()
    }

    /// The same, with the sources of the page.
    fn next_with_sources(&mut self, db: &mut Db) -> Option<QueryResult<(Vec<SourceRecord>, Vec<RunRecord>)>> {
        if self.done {
            return None;
        }
        let found = self.page(db);
        self.done |= found.is_err();
        Some(found)
    }

    fn page(&mut self, db: &mut Db) -> QueryResult<(Vec<SourceRecord>, Vec<RunRecord>)> {
        let names = match &self.names {
            Some(names) => Arc::clone(names),
            None => Arc::clone(self.names.insert(Arc::new(names::names(db)?))),
        };
        let page = sources::page(db, self.selection, self.after.as_ref())?;
        self.done = page.next.is_none();
        self.after = page.next;
        let ids: Vec<i64> = page.sources.iter().map(|source| source.source_id).collect();
        let mut runs = Vec::new();
        for run in of_sources(db, &ids)? {
            if run.is_wanted(self.selection, &names)? {
                runs.push(run);
            }
        }
        Ok((page.sources, runs))
    }
}

fn of_sources(db: &mut Db, ids: &[i64]) -> QueryResult<Vec<RunRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of = v_runs::source_id.eq_any(ids);
    let order = (v_runs::path, v_runs::digest, v_runs::run);
    on_backend!(db, c => v_runs::table.select(RunRecord::as_select()).filter(of).order(order).load(c))
}

fn standings(db: &mut Db, ids: &[i64]) -> QueryResult<Vec<Standing>> {
    let columns = (v_runs::path, v_runs::digest, v_runs::run, v_runs::run_id);
    on_backend!(db, c => v_runs::table.select(columns).filter(v_runs::run_id.eq_any(ids)).load(c))
}
