//! Turns the rows of profiles into rows of the database.

use diesel::prelude::*;

use super::facts::int;
use super::{FLUSH, postgres, sqlite};
use crate::model::{Entry, Report};
use crate::store::any::Db;
use crate::store::dictionary::Dictionaries;
use crate::store::rows::{EntryRow, RunRow};

/// Adds the rows of one source to those that are held, and writes these when they are many; `spellings` are the ids of its spellings.
pub(super) fn add(
    db: &mut Db,
    dictionaries: &Dictionaries,
    (held, spellings): (&mut Vec<EntryRow>, &[i64]),
    report: &Report,
    runs: &[RunRow],
) -> QueryResult<()> {
    if report.entries.is_empty() {
        return Ok(());
    }
    let names: Vec<i64> = report.names.values().iter().map(|name| dictionaries.profile_name(name)).collect::<Result<_, _>>()?;
    let mut ordinals = vec![0_i32; runs.len()];
    for entry in &report.entries {
        let ordinal = &mut ordinals[entry.run as usize];
        held.push(row((runs[entry.run as usize].run_id, *ordinal), &names, spellings, entry)?);
        *ordinal += 1;
        if held.len() >= FLUSH {
            flush(db, held)?;
        }
    }
    Ok(())
}

/// Writes the rows that are held.
pub(super) fn flush(db: &mut Db, held: &mut Vec<EntryRow>) -> QueryResult<()> {
    match db {
        Db::Postgres(c) => postgres::entries(c, held)?,
        Db::Sqlite(c) => sqlite::entries(c, held)?,
    }
    held.clear();
    Ok(())
}

fn row((run_id, ordinal): (i64, i32), names: &[i64], spellings: &[i64], entry: &Entry) -> QueryResult<EntryRow> {
    let name = |index: Option<u32>| index.map(|index| names[index as usize]);
    Ok(EntryRow {
        run_id,
        ordinal,
        line: int(entry.line)?,
        kind: entry.kind as i16,
        spelling_id: spellings[entry.event as usize],
        image_id: name(entry.image),
        app_id: name(entry.app),
        symbol_id: name(entry.symbol),
        of_symbol_id: name(entry.of_symbol),
        location_id: name(entry.location),
        address: entry.address.map(u64::cast_signed),
        samples: entry.samples,
        percent: entry.percent,
        diff_percent: entry.diff_percent,
        cpu: entry.cpu,
        process: entry.process,
        thread: entry.thread,
    })
}
