//! The rejects, by path and line.

use diesel::prelude::*;

use super::glob::any_matches;
use super::{Flow, RejectFilter};
use crate::store::any::{Db, on_backend};
use crate::store::schema::v_rejects;
use crate::store::{Store, StoreError};

/// Rows of one page.
const PAGE: i64 = 500;

/// A line or a source that could not be used.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_rejects)]
pub struct RejectRecord {
    import_id: i64,
    ordinal: i64,
    /// The location that `path` is below.
    pub root: Option<String>,
    /// Logical path of the source.
    pub path: String,
    /// Line, from 1; 0 when the whole source is meant.
    pub line: i32,
    /// Column in characters, from 1; 0 when the whole line or source is meant.
    pub col: i32,
    /// Class of the reason.
    pub kind: String,
    /// The reason.
    pub reason: String,
    /// The original text.
    pub text: String,
}

impl Store {
    /// Every reject, by path, line and column.
    pub fn each_reject(
        &mut self,
        filter: &RejectFilter,
        mut each: impl FnMut(&RejectRecord) -> Flow,
    ) -> Result<(), StoreError> {
        let mut after: Option<RejectRecord> = None;
        loop {
            let page = page(&mut self.db, filter, after.as_ref());
            let mut page = page.map_err(|error| StoreError::database(&self.url, "list rejects", &error))?;
            let wanted = page.iter().filter(|reject| any_matches(&filter.paths, &reject.path));
            if wanted.map(&mut each).any(|flow| flow.is_break()) || (page.len() as u64) < PAGE.unsigned_abs() {
                return Ok(());
            }
            after = page.pop();
        }
    }
}

fn page(db: &mut Db, filter: &RejectFilter, after: Option<&RejectRecord>) -> QueryResult<Vec<RejectRecord>> {
    use v_rejects::{col, import_id, line, ordinal, path};
    let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
    on_backend!(db, c => {
        let mut query = v_rejects::table.select(RejectRecord::as_select()).into_boxed();
        if !filter.imports.is_empty() {
            query = query.filter(import_id.eq_any(&filter.imports));
        }
        if !kinds.is_empty() {
            query = query.filter(v_rejects::kind.eq_any(&kinds));
        }
        if let Some(last) = after {
            let in_import = import_id.gt(last.import_id).or(import_id.eq(last.import_id).and(ordinal.gt(last.ordinal)));
            let in_line = col.gt(last.col).or(col.eq(last.col).and(in_import));
            let in_path = line.gt(last.line).or(line.eq(last.line).and(in_line));
            // The first condition is what an index can use.
            query = query.filter(path.ge(&last.path)).filter(path.gt(&last.path).or(in_path));
        }
        query.order((path, line, col, import_id, ordinal)).limit(PAGE).load(c)
    })
}
