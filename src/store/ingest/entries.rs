//! Turns the rows of profiles into rows of the database.

use diesel::prelude::*;

use super::facts::{Planned, int};
use crate::model::Entry;
use crate::store::dictionary::Dictionaries;
use crate::store::rows::EntryRow;

/// The rows of one source.
pub(super) fn rows<'a>(
    dictionaries: &'a Dictionaries,
    planned: &'a Planned<'a>,
) -> impl Iterator<Item = QueryResult<EntryRow>> + 'a {
    let report = &planned.source.report;
    let mut ordinals = vec![0_i32; if report.entries.is_empty() { 0 } else { planned.runs.len() }];
    report.entries.iter().map(move |entry| {
        let ordinal = &mut ordinals[entry.run as usize];
        let place = (planned.runs[entry.run as usize].run_id, *ordinal);
        *ordinal += 1;
        row(dictionaries, planned, place, entry)
    })
}

fn row(
    dictionaries: &Dictionaries,
    planned: &Planned<'_>,
    (run_id, ordinal): (i64, i32),
    entry: &Entry,
) -> QueryResult<EntryRow> {
    let report = &planned.source.report;
    let name = |index: Option<u32>| index.map(|index| dictionaries.profile_name(report.names.get(index))).transpose();
    Ok(EntryRow {
        run_id,
        ordinal,
        line: int(entry.line)?,
        kind: entry.kind as i16,
        spelling_id: planned.spellings[entry.event as usize],
        image_id: name(entry.image)?,
        app_id: name(entry.app)?,
        symbol_id: name(entry.symbol)?,
        of_symbol_id: name(entry.of_symbol)?,
        location_id: name(entry.location)?,
        address: entry.address.map(u64::cast_signed),
        samples: entry.samples,
        percent: entry.percent,
        diff_percent: entry.diff_percent,
        cpu: entry.cpu,
        process: entry.process,
        thread: entry.thread,
    })
}
