//! Turns facts about events into rows of the database.

use diesel::prelude::*;

use super::facts::{Planned, int};
use crate::model::Support;
use crate::store::rows::SupportRow;

/// The rows of one source.
pub(super) fn rows<'a>(planned: &'a Planned<'a>) -> impl Iterator<Item = QueryResult<SupportRow>> + 'a {
    planned.source.report.supports.iter().enumerate().map(move |(position, support)| {
        row((planned.source_id, int(position)?), planned.spellings[support.event as usize], support)
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
