//! The life of an import: begun, finished, undone.

use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::ingest::FirstLoad;
use super::schema::imports;
use super::{Store, clock, keys};

/// Number of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportId(pub i64);

/// What is known of an import when it begins.
#[derive(Debug, Clone)]
pub struct ImportHeader {
    /// Version of the program.
    pub program_version: String,
    /// Its arguments as typed. They must hold no password.
    pub arguments: String,
}

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStatus {
    /// Every source has its verdict.
    Done,
    /// A signal or a limit ended it early; what was loaded stays.
    Stopped,
    /// An error ended it; what was loaded stays.
    Failed,
    /// A limit or an error ended it, and nothing of it was kept ([`Store::hold_import`]).
    Undone,
}

impl ImportStatus {
    /// The word used in every output and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Undone => "undone",
        }
    }
}

impl Store {
    /// Begins an import, into which no other store may load.
    pub fn begin_import(&mut self, header: &ImportHeader) -> Result<ImportId, StoreError> {
        let values = (
            imports::started_at.eq(clock::now()),
            imports::status.eq("running"),
            imports::program_version.eq(header.program_version.replace('\0', "\u{fffd}")),
            imports::arguments.eq(header.arguments.replace('\0', "\u{fffd}")),
        );
        let begun = any::write(&mut self.db, |db| {
            keys::defer(db)?;
            let id = on_backend!(db, c => {
                diesel::insert_into(imports::table).values(values).returning(imports::import_id).get_result(c)
            })?;
            Ok((ImportId(id), FirstLoad::begin(db, ImportId(id))?))
        });
        let (id, first) = begun.map_err(|error: DieselError| StoreError::database(&self.url, "begin an import", &error))?;
        self.loader.begin(first);
        Ok(id)
    }

    /// Makes the import that has just begun one that is kept whole or not at all: what it loads and what it replaces is one transaction
    /// until [`Self::finish_import`], and with the program ends what was not finished. No other writer gets in before that.
    pub fn hold_import(&mut self) -> Result<(), StoreError> {
        any::hold(&mut self.db).map_err(|error| StoreError::database(&self.url, "begin to load", &error))
    }

    /// Ends a running import and keeps its report, a JSON text. One that was undone in between stays undone. Of one that is held
    /// nothing but the report is kept, unless it is [`ImportStatus::Done`].
    pub fn finish_import(&mut self, import: ImportId, status: ImportStatus, report: &str) -> Result<(), StoreError> {
        match self.end(import, status, report) {
            Ok(0) => Err(StoreError::NotRunning(import.0)),
            Ok(_) => {
                self.loader.finish();
                keys::restore(&mut self.db).map_err(|error| StoreError::database(&self.url, "make the keys of results", &error))
            }
            Err(error) => Err(StoreError::database(&self.url, "finish the import", &error)),
        }
    }

    /// The report that an import left, as it was given to [`Self::finish_import`]; `None` without one, or without such an import.
    pub fn import_report(&mut self, import: ImportId) -> Result<Option<String>, StoreError> {
        let row = imports::table.find(import.0).select(imports::report);
        let report: QueryResult<Option<Option<String>>> = on_backend!(&mut self.db, c => row.first(c).optional());
        report.map(Option::flatten).map_err(|error| StoreError::database(&self.url, "read the report of the import", &error))
    }

    /// The number of imports that it ended.
    fn end(&mut self, import: ImportId, status: ImportStatus, report: &str) -> QueryResult<usize> {
        if any::is_held(&mut self.db) && status != ImportStatus::Done {
            self.loader.forget();
            any::forget(&mut self.db)?;
        }
        let running = imports::table.filter(imports::import_id.eq(import.0).and(imports::status.eq("running")));
        let values = (imports::finished_at.eq(clock::now()), imports::status.eq(status.as_str()), imports::report.eq(report));
        let changed = any::write(&mut self.db, |db| on_backend!(db, c => diesel::update(running).set(values).execute(c)))?;
        if any::is_held(&mut self.db) && changed > 0 {
            any::keep(&mut self.db)?;
        }
        Ok(changed)
    }
}

/// The status of an import, if there is such an import.
pub(super) fn status(db: &mut Db, import: ImportId) -> QueryResult<Option<String>> {
    let row = imports::table.find(import.0).select(imports::status);
    on_backend!(db, c => row.first(c).optional())
}

/// Whether an import may load.
pub(super) fn is_running(db: &mut Db, import: ImportId) -> QueryResult<bool> {
    Ok(status(db, import)?.as_deref() == Some("running"))
}

pub(super) fn mark_undone(db: &mut Db, import: ImportId) -> QueryResult<()> {
    let row = imports::table.find(import.0);
    on_backend!(db, c => diesel::update(row).set(imports::status.eq("undone")).execute(c)).map(drop)
}
