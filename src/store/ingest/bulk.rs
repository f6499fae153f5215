//! Bulk rows into whichever database it is.

use diesel::prelude::*;

use super::tables::bulk_tables;
use super::{postgres, sqlite};
use crate::store::any::Db;
use crate::store::rows::{BindingRow, EntryRow, JudgementRow, RejectRow, ResultRow, RunRow, SourceRow, SupportRow};

macro_rules! bulk {
    ($table:ident, $row:ident { $($_columns:tt)+ } $($_seldom:tt)*) => {
        pub(super) fn $table(db: &mut Db, rows: impl Iterator<Item = QueryResult<$row>>) -> QueryResult<()> {
            match db {
                Db::Postgres(c) => postgres::$table(c, rows),
                Db::Sqlite(c) => sqlite::$table(c, rows),
            }
        }
    };
}

bulk_tables!(bulk);

pub(super) fn rejects(db: &mut Db, rows: &[RejectRow<'_>]) -> QueryResult<()> {
    match db {
        Db::Postgres(c) => postgres::rejects(c, rows),
        Db::Sqlite(c) => sqlite::rejects(c, rows),
    }
}
