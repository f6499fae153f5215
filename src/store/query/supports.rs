//! What lists of events say, by source and their order in it.

use diesel::prelude::*;

use super::glob::any_matches;
use super::selection::Selection;
use super::sources::{self, SourceRecord};
use super::{Flow, SupportFilter};
use crate::store::any::{Db, on_backend};
use crate::store::schema::v_supports;
use crate::store::{Store, StoreError};

/// Rows of one query.
const PAGE: i64 = 5000;

/// What a list says of one event, and the machine that its source describes.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_supports)]
pub struct SupportRecord {
    /// Position in the source, from 0.
    pub ordinal: i32,
    /// Line of the source.
    pub line: i32,
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
    /// Other facts about the machine, as a JSON object.
    pub labels: Option<String>,
    /// The event as printed.
    pub event: String,
    /// 1 when the machine has it, 0 when not.
    pub supported: i16,
    /// 1 when it is computed from more than one counter, 0 when not.
    pub derived: i16,
    /// The tool's own number of it.
    pub code: Option<String>,
    /// How it is computed.
    pub formula: Option<String>,
    /// The counters that can count it.
    pub counters: Option<String>,
    /// Its unit masks or qualifiers.
    pub unit_masks: Option<String>,
}

impl Store {
    /// Every fact about an event that was not counted, by path and content of its source and position there.
    pub fn each_support(
        &mut self,
        selection: &Selection,
        filter: &SupportFilter,
        mut each: impl FnMut(&SourceRecord, &SupportRecord) -> Flow,
    ) -> Result<(), StoreError> {
        let mut list = |db: &mut Db| -> QueryResult<()> {
            let mut after = None;
            loop {
                let page = sources::page(db, selection, after.as_ref())?;
                for source in page.sources.iter().filter(|source| source.supports > 0) {
                    if of_source(db, source, filter, &mut each)?.is_break() {
                        return Ok(());
                    }
                }
                after = page.next;
                if after.is_none() {
                    return Ok(());
                }
            }
        };
        list(&mut self.db).map_err(|error| StoreError::database(&self.url, "list facts about events", &error))
    }
}

fn of_source(
    db: &mut Db,
    source: &SourceRecord,
    filter: &SupportFilter,
    each: &mut impl FnMut(&SourceRecord, &SupportRecord) -> Flow,
) -> QueryResult<Flow> {
    let mut after = i32::MIN;
    loop {
        let rows: Vec<SupportRecord> = on_backend!(db, c => {
            v_supports::table
                .select(SupportRecord::as_select())
                .filter(v_supports::source_id.eq(source.source_id).and(v_supports::ordinal.gt(after)))
                .order(v_supports::ordinal)
                .limit(PAGE)
                .load(c)
        })?;
        for row in rows.iter().filter(|row| is_wanted(filter, row)) {
            if each(source, row).is_break() {
                return Ok(Flow::Break(()));
            }
        }
        match rows.last() {
            Some(last) if (rows.len() as u64) >= PAGE.unsigned_abs() => after = last.ordinal,
            _ => return Ok(Flow::Continue(())),
        }
    }
}

fn is_wanted(filter: &SupportFilter, row: &SupportRecord) -> bool {
    filter.supported.is_none_or(|wanted| wanted == (row.supported != 0)) && any_matches(&filter.events, &row.event)
}
