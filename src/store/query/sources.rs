//! The sources, by path.

use diesel::prelude::*;
use hashbrown::HashSet;

use super::Flow;
use super::names::known;
use super::selection::{Field, Selection, Value};
use crate::store::any::{Db, on_backend};
use crate::store::schema::v_sources;
use crate::store::{Store, StoreError};

/// Sources of one page.
const PAGE: i64 = 500;

/// A source as it was loaded.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = v_sources)]
pub struct SourceRecord {
    pub(super) source_id: i64,
    /// Number of the import that loaded it.
    pub(super) import_id: i64,
    /// Hash of its bytes.
    pub digest: Vec<u8>,
    /// The location that `path` is below; `None` for a stream.
    pub root: Option<String>,
    /// Its logical path.
    pub path: String,
    /// Its size.
    pub bytes: i64,
    /// Its last change, microseconds since the epoch.
    pub modified_at: Option<i64>,
    /// The format it was read as; `None` when it is of no known one.
    pub format: Option<String>,
    /// Version of the parser.
    pub parser_version: i32,
    /// What a source of no known format was taken for.
    pub taken_for: Option<String>,
    /// How it was read, one sentence a line.
    pub notes: Option<String>,
    /// Its lines.
    pub lines: i32,
    /// Lines that gave results.
    pub result_lines: i32,
    /// Lines that carry no result.
    pub furniture_lines: i32,
    /// The part of them that no format knows.
    pub foreign_lines: i32,
    /// Lines that should have given a result and did not.
    pub rejected_lines: i32,
    /// Executions in it.
    pub runs: i32,
    /// Numbers in it.
    pub results: i32,
    /// Facts about events in it.
    pub supports: i32,
    /// What lies around it and could say where its runs belong, nearest first: a path and a hash a line.
    pub sides: Option<String>,
}

/// The path and digest after which the next page begins.
pub(super) type Key = (String, Vec<u8>);

impl Store {
    /// Every source, by path and then content.
    pub fn each_source(
        &mut self,
        selection: &Selection,
        mut each: impl FnMut(&SourceRecord) -> Flow,
    ) -> Result<(), StoreError> {
        let mut after: Option<Key> = None;
        loop {
            let page = page(&mut self.db, selection, after.as_ref());
            let page = page.map_err(|error| StoreError::database(&self.url, "list sources", &error))?;
            for source in page.sources {
                if each(&source).is_break() {
                    return Ok(());
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

impl SourceRecord {
    /// What it has for the fields of sources.
    #[expect(clippy::cast_precision_loss, reason = "imports are counted from 1 by hand")]
    fn values(&self, field: &Field) -> Option<Vec<Value<'_>>> {
        match field {
            Field::Path => Some(vec![Value::Text(&self.path)]),
            Field::SourceFormat => Some(vec![known(self.format.as_deref())]),
            Field::Import => Some(vec![Value::Number(self.import_id as f64)]),
            _ => None,
        }
    }
}

/// The ids of the sources that are wanted.
pub(super) fn wanted(db: &mut Db, selection: &Selection) -> QueryResult<HashSet<i64>> {
    let (mut ids, mut after) = (HashSet::new(), None);
    loop {
        let page = page(db, selection, after.as_ref())?;
        ids.extend(page.sources.iter().map(|source| source.source_id));
        after = page.next;
        if after.is_none() {
            return Ok(ids);
        }
    }
}

/// Some sources, and the key of the last one looked at unless that was the last of all.
pub(super) struct Page {
    pub(super) sources: Vec<SourceRecord>,
    pub(super) next: Option<Key>,
}

pub(super) fn page(db: &mut Db, selection: &Selection, after: Option<&Key>) -> QueryResult<Page> {
    let mut sources: Vec<SourceRecord> = on_backend!(db, c => {
        let mut query = v_sources::table.select(SourceRecord::as_select()).into_boxed();
        if let Some((path, digest)) = after {
            // The first condition is what an index can use.
            let behind = v_sources::path.gt(path).or(v_sources::digest.gt(digest));
            query = query.filter(v_sources::path.ge(path)).filter(behind);
        }
        query.order((v_sources::path, v_sources::digest)).limit(PAGE).load(c)
    })?;
    let is_last = (sources.len() as u64) < PAGE.unsigned_abs();
    let next = sources.last().filter(|_| !is_last).map(|source| (source.path.clone(), source.digest.clone()));
    sources.retain(|source| selection.admits(|field| source.values(field)));
    Ok(Page { sources, next })
}
