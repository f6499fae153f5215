//! Turns facts about events into rows of the database.

use diesel::prelude::*;

use super::facts::int;
use super::{postgres, sqlite};
use crate::model::{Report, Support};
use crate::store::any::Db;
use crate::store::rows::SupportRow;

/// Rows that are held before they are written.
const FLUSH: usize = 20_000;

/// Writes the rows of one source; `spellings` are the ids of its spellings.
pub(super) fn write(db: &mut Db, source_id: i64, spellings: &[i64], report: &Report) -> QueryResult<()> {
    for (chunk, some) in report.supports.chunks(FLUSH).enumerate() {
        let place = |position: usize| QueryResult::Ok((source_id, int(chunk * FLUSH + position)?));
        let rows = some
            .iter()
            .enumerate()
            .map(|(position, it)| row(place(position)?, spellings, it))
            .collect::<QueryResult<Vec<_>>>()?;
        match db {
            Db::Postgres(c) => postgres::supports(c, &rows)?,
            Db::Sqlite(c) => sqlite::supports(c, &rows)?,
        }
    }
    Ok(())
}

fn row((source_id, ordinal): (i64, i32), spellings: &[i64], support: &Support) -> QueryResult<SupportRow> {
    Ok(SupportRow {
        source_id,
        ordinal,
        line: int(support.line)?,
        spelling_id: spellings[support.event as usize],
        supported: support.supported.into(),
        derived: support.derived.into(),
        code: support.code.clone(),
        formula: support.formula.clone(),
        counters: support.counters.clone(),
        unit_masks: support.unit_masks.clone(),
    })
}
