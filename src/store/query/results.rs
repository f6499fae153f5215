//! The results, by run and their order in it.

mod pages;

use std::sync::Arc;

use diesel::prelude::*;
use hashbrown::{HashMap, HashSet};

use self::pages::Page;
use super::Flow;
use super::names::{NameIds, Names};
use super::runs::RunRecord;
use super::selection::Selection;
use super::wanted::{Single, Wanted};
use crate::ahead;
use crate::model::{Flags, Kind, Scope, ScopeKind, Spelling, Status};
use crate::store::any::{Db, on_backend};
use crate::store::dictionary::{ScopeColumns, word};
use crate::store::rows::{Form, ResultRow, value_of};
use crate::store::schema::scopes;
use crate::store::{Store, StoreError};

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
    /// The exact integer; of an estimate its samples.
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

    /// The number to the digit, where it is an integer: the float beside it rounds above 2^53. The count of an estimate is that of its samples.
    pub fn exact(&self) -> Option<i64> {
        self.count.filter(|_| self.spelling.kind != Kind::Estimate)
    }
}

impl Store {
    /// Every result, by path and content of its source, run, and position there.
    pub fn each_result(
        &mut self,
        selection: &Selection,
        mut each: impl FnMut(&ResultRecord<'_>) -> Flow,
    ) -> Result<(), StoreError> {
        let Self { db, url, .. } = self;
        let mut list = Lister { wanted: Wanted::new(selection), each: &mut each };
        ahead::run(|out| pages::read(db, selection, out), |page| list.page(&page))
            .map_err(|error| StoreError::database(url, "list results", &error))
    }
}

struct Lister<'l, 's, F> {
    wanted: Wanted<'s>,
    each: &'l mut F,
}

impl<F: FnMut(&ResultRecord<'_>) -> Flow> Lister<'_, '_, F> {
    fn page(&mut self, page: &Page) -> QueryResult<Flow> {
        let mut runs = &page.runs[page.first_run..];
        for row in &page.rows {
            while runs[0].run_id != row.run_id {
                runs = &runs[1..];
            }
            if self.emit(page, &runs[0], row)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Gives a row on as the one or two results that it holds.
    fn emit(&mut self, page: &Page, run: &RunRecord, row: &ResultRow) -> QueryResult<Flow> {
        let Self { wanted, each } = self;
        let form = page.names.form(row.form_id)?;
        let own = own(page, run, (row, form))?;
        if give(&page.names, wanted, own, form.spelling_id, each).is_break() {
            return Ok(Flow::Break(()));
        }
        let Some(metric) = form.metric_spelling_id else { return Ok(Flow::Continue(())) };
        let beside = ResultRecord { spelling: spelling(&page.names, metric)?, ..beside(own, row.metric_value) };
        Ok(give(&page.names, wanted, beside, metric, each))
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

/// The counter of a row.
fn own<'r>(page: &'r Page, run: &'r RunRecord, (row, form): (&ResultRow, &Form)) -> QueryResult<ResultRecord<'r>> {
    Ok(ResultRecord {
        run,
        ordinal: row.ordinal,
        line: row.line,
        spelling: spelling(&page.names, form.spelling_id)?,
        scope: row.scope_id.map(|scope| page.scopes.get(scope)).transpose()?,
        status: status(form.status)?,
        value: value_of(row.value, row.count),
        count: row.count,
        flags: Flags(form.flags),
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

/// The metric in the row of its counter, under the counter's spelling.
fn beside(counter: ResultRecord<'_>, value: Option<f64>) -> ResultRecord<'_> {
    ResultRecord {
        ordinal: counter.ordinal + 1,
        status: Status::Counted,
        value,
        count: None,
        flags: Flags::default(),
        running_percent: None,
        spread_percent: None,
        runtime_ns: None,
        metric_of: Some(counter.ordinal),
        ..counter
    }
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
pub(super) struct Scopes(HashMap<i64, Arc<Scope>>);

impl Scopes {
    /// Reads those that are used and not yet known.
    pub(super) fn read(&mut self, db: &mut Db, used: impl Iterator<Item = i64>) -> QueryResult<()> {
        if self.0.len() > MOST_KEPT {
            self.0.clear();
        }
        let new: HashSet<i64> = used.filter(|id| !self.0.contains_key(id)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let found: Vec<ScopeColumns> = on_backend!(db, c => scopes::table.filter(scopes::scope_id.eq_any(&new)).load(c))?;
        for (id, kind, label, cgroup, members) in found {
            let kind = word(&kind, ScopeKind::from_word)?;
            self.0.insert(id, Arc::new(Scope { kind, label, cgroup, members }));
        }
        Ok(())
    }

    /// Those that are used, for one who goes on without the others.
    pub(super) fn only(&self, used: impl Iterator<Item = i64>) -> Self {
        Self(used.filter_map(|id| Some((id, Arc::clone(self.0.get(&id)?)))).collect())
    }

    pub(super) fn get(&self, id: i64) -> QueryResult<&Scope> {
        self.0.get(&id).map(Arc::as_ref).ok_or(diesel::result::Error::NotFound)
    }
}
