//! The form of a row: what it has in common with many others.

use diesel::prelude::*;

use super::fold;
use crate::model::{Report, RunResult};
use crate::store::dictionary::Dictionaries;
use crate::store::rows::Form;

/// The form of a result with the metric in its row; `spellings` are the ids of the spellings of its source.
pub(super) fn of(spellings: &[i64], result: &RunResult, metric: Option<&RunResult>) -> Form {
    let id = |result: &RunResult| spellings[result.spelling as usize];
    Form { spelling_id: id(result), metric_spelling_id: metric.map(id), status: result.status as i16, flags: result.flags.0 }
}

/// The ids of the spellings of a source, in their order.
pub(super) fn spellings(dictionaries: &Dictionaries, report: &Report, ids: &mut Vec<i64>) -> QueryResult<()> {
    ids.clear();
    for spelling in report.spellings.values() {
        ids.push(dictionaries.spelling(spelling)?);
    }
    Ok(())
}

/// The row that begins with the result at `index`: that result, and the metric that goes into its row.
pub(super) fn row(report: &Report, index: usize) -> Option<(&RunResult, Option<&RunResult>)> {
    let result = report.results.get(index)?;
    Some((result, fold::folded(report, index)))
}

/// Each row that a source gives.
pub(super) fn rows(report: &Report) -> impl Iterator<Item = (&RunResult, Option<&RunResult>)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let (result, metric) = row(report, next)?;
        next += 1 + usize::from(metric.is_some());
        Some((result, metric))
    })
}

/// What was found for the last form of each spelling of a source: nearly always the next row of the spelling has it too, and is not looked
/// up.
pub(super) struct LastForms<T>(Vec<Option<(Form, T)>>);

impl<T> Default for LastForms<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> LastForms<T> {
    /// Begins a source with so many spellings.
    pub(super) fn begin(&mut self, spellings: usize) {
        self.0.clear();
        self.0.resize(spellings, None);
    }

    /// What belongs to the form of a row of this spelling: what it was before, or what `find` gives.
    pub(super) fn of<E>(&mut self, spelling: u32, form: &Form, find: impl FnOnce(&Form) -> Result<T, E>) -> Result<T, E> {
        let last = &mut self.0[spelling as usize];
        match last {
            Some((of_last, found)) if of_last == form => Ok(*found),
            _ => Ok(last.insert((*form, find(form)?)).1),
        }
    }
}
