//! The imports, by number.

use diesel::prelude::*;

use super::Flow;
use crate::store::any::on_backend;
use crate::store::schema::v_imports;
use crate::store::{Store, StoreError};

/// Rows of one page.
const PAGE: i64 = 100;

/// An import with what is left of it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_imports)]
pub struct ImportRecord {
    /// Its number.
    pub import_id: i64,
    /// `running`, `done`, `stopped`, `failed` or `undone`; a killed import stays `running`.
    pub status: String,
    /// Its begin, microseconds since the epoch.
    pub started_at: i64,
    /// Its end, microseconds since the epoch.
    pub finished_at: Option<i64>,
    /// Version of the program.
    pub program_version: String,
    /// Arguments of the program.
    pub arguments: String,
    /// Sources that it loaded and that were not replaced since.
    pub sources: i64,
    /// Their lines.
    pub lines: i64,
    /// Their rejected lines.
    pub rejected_lines: i64,
    /// Its report, JSON.
    pub report: Option<String>,
}

impl Store {
    /// Every import, by number.
    pub fn each_import(&mut self, statuses: &[String], mut each: impl FnMut(&ImportRecord) -> Flow) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let page: QueryResult<Vec<ImportRecord>> = on_backend!(&mut self.db, c => {
                let mut query = v_imports::table.select(ImportRecord::as_select()).into_boxed();
                if !statuses.is_empty() {
                    query = query.filter(v_imports::status.eq_any(statuses));
                }
                query.filter(v_imports::import_id.gt(after)).order(v_imports::import_id).limit(PAGE).load(c)
            });
            let page = page.map_err(|error| StoreError::database(&self.url, "list imports", &error))?;
            if page.iter().try_for_each(&mut each).is_break() {
                return Ok(());
            }
            match page.last() {
                Some(last) if page.len() as u64 == PAGE.unsigned_abs() => after = last.import_id,
                _ => return Ok(()),
            }
        }
    }
}
