//! Turns facts about events into rows of the database.

use diesel::prelude::*;

use super::facts::{Planned, int};
use crate::model::Support;
use crate::store::dictionary::Dictionaries;
use crate::store::rows::SupportRow;

/// The rows of one source.
pub(super) fn rows<'a>(
    dictionaries: &'a Dictionaries,
    planned: &'a Planned<'a>,
) -> impl Iterator<Item = QueryResult<SupportRow>> + 'a {
    let report = &planned.source.report;
    report.supports.iter().enumerate().map(move |(position, support)| {
        let spelling_id = dictionaries.spelling(report.spellings.get(support.event))?;
        row((planned.source_id, int(position)?), spelling_id, support)
    })
}

fn row((source_id, ordinal): (i64, i32), spelling_id: i64, support: &Support) -> QueryResult<SupportRow> {
    Ok(SupportRow {
        source_id,
        ordinal,
        line: int(support.line)?,
        spelling_id,
        supported: support.supported.into(),
        derived: support.derived.into(),
        code: support.code.clone(),
        formula: support.formula.clone(),
        counters: support.counters.clone(),
        unit_masks: support.unit_masks.clone(),
    })
}
