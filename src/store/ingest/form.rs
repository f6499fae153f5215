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

/// Each row that a source gives: where its result stands, the result, and the metric that goes into its row.
pub(super) fn rows(report: &Report) -> impl Iterator<Item = (usize, &RunResult, Option<&RunResult>)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let index = next;
        let result = report.results.get(index)?;
        let metric = fold::folded(report, index);
        next += 1 + usize::from(metric.is_some());
        Some((index, result, metric))
    })
}
