//! Bulk rows into PostgreSQL: binary COPY, of which the server takes in the first rows while the last are made.

use std::cell::Cell;
use std::io::{self, Write};

use diesel::pg::{CopyFormat, PgConnection};
use diesel::prelude::*;
use diesel::result::Error as DieselError;

use super::tables::bulk_tables;
use crate::store::rows::{BindingRow, EntryRow, JudgementRow, RejectRow, ResultRow, RunRow, SourceRow, SupportRow};
use crate::store::schema;

/// Bytes that are handed over at once.
const PIECE: usize = 32 * 1024;

/// Begins every stream: the signature, no flags, no extension (PostgreSQL's documentation of COPY, Binary Format).
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Ends every stream, in the place of the number of columns of a row.
const TRAILER: &[u8] = &(-1_i16).to_be_bytes();

/// The length of a value that is null.
const NULL: [u8; 4] = (-1_i32).to_be_bytes();

/// A value as COPY takes it: its length, and its bytes as the type of its column is sent.
trait Field {
    fn put(&self, out: &mut Vec<u8>) -> QueryResult<()>;
}

impl<T: Field> Field for Option<T> {
    fn put(&self, out: &mut Vec<u8>) -> QueryResult<()> {
        let Some(value) = self else {
            out.extend_from_slice(&NULL);
            return Ok(());
        };
        value.put(out)
    }
}

macro_rules! numbers {
    ($($number:ty: $length:literal),+) => {$(
        impl Field for $number {
            fn put(&self, out: &mut Vec<u8>) -> QueryResult<()> {
                const LENGTH: i32 = $length;
                out.extend_from_slice(&LENGTH.to_be_bytes());
                out.extend_from_slice(&self.to_be_bytes());
                Ok(())
            }
        }
    )+};
}

numbers!(i16: 2, i32: 4, i64: 8, f64: 8);

impl Field for [u8] {
    fn put(&self, out: &mut Vec<u8>) -> QueryResult<()> {
        let length = i32::try_from(self.len()).map_err(|error| DieselError::SerializationError(error.into()))?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(self);
        Ok(())
    }
}

impl Field for Vec<u8> {
    fn put(&self, out: &mut Vec<u8>) -> QueryResult<()> {
        self.as_slice().put(out)
    }
}

impl Field for String {
    fn put(&self, out: &mut Vec<u8>) -> QueryResult<()> {
        self.as_bytes().put(out)
    }
}

/// Sends rows, each as `put` writes it.
fn send<R>(
    to: &mut dyn Write,
    rows: impl Iterator<Item = QueryResult<R>>,
    put: impl Fn(&R, &mut Vec<u8>) -> QueryResult<()>,
) -> QueryResult<()> {
    let refused = |error: io::Error| DieselError::SerializationError(error.into());
    let mut held = Vec::with_capacity(2 * PIECE);
    held.extend_from_slice(HEADER);
    for row in rows {
        put(&row?, &mut held)?;
        if held.len() >= PIECE {
            to.write_all(&held).map_err(refused)?;
            held.clear();
        }
    }
    held.extend_from_slice(TRAILER);
    to.write_all(&held).map_err(refused)
}

const fn one(_column: &str) -> i16 {
    1
}

macro_rules! bulk_copy {
    ($table:ident, $row:ident { $($column:ident),+ } $(seldom { $($bit:literal: $($other:ident),+);+ })?) => {
        bulk_copy!($table, $row { $($column,)+ $($($($other,)+)+)? });
    };
    ($table:ident, $row:ident { $($column:ident,)+ }) => {
        pub(super) fn $table(
            connection: &mut PgConnection,
            rows: impl Iterator<Item = QueryResult<$row>>,
        ) -> QueryResult<()> {
            const COLUMNS: i16 = 0 $(+ one(stringify!($column)))+;
            let mut rows = rows.peekable();
            if rows.peek().is_none() {
                return Ok(());
            }
            let put = |row: &$row, out: &mut Vec<u8>| {
                out.extend_from_slice(&COLUMNS.to_be_bytes());
                $(row.$column.put(out)?;)+
                Ok(())
            };
            // diesel calls it once, but wants what could be called again.
            let rows = Cell::new(Some(rows));
            diesel::copy_from(schema::$table::table)
                .from_raw_data(($(schema::$table::$column,)+), |to| rows.take().map_or(Ok(()), |rows| send(to, rows, put)))
                .with_format(CopyFormat::Binary)
                .execute(connection)
                .map(drop)
        }
    };
}

bulk_tables!(bulk_copy);

/// Rejects are few, and their rows borrow their texts.
pub(super) fn rejects(connection: &mut PgConnection, rows: &[RejectRow<'_>]) -> QueryResult<()> {
    diesel::copy_from(schema::rejects::table).from_insertable(rows).execute(connection).map(drop)
}
