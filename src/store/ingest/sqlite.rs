//! Bulk rows into SQLite, through statements that diesel keeps prepared.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

use super::tables::bulk_tables;
use crate::store::rows::{BindingRow, EntryRow, JudgementRow, RejectRow, ResultRow, RunRow, SourceRow, SupportRow};
use crate::store::schema;

/// Rows of one statement; times the 22 columns of the widest table it stays below the 32,766 binds of SQLite. A file or two have as many:
/// the fewer rows, the more often all of them leave the same columns out.
const ROWS: usize = 32;
const _: () = assert!(ROWS * 22 <= 32_766);

/// What fails leaves the rows before it where they are: the transaction is rolled back whatever happens. By default SQLite keeps a copy
/// of each page that a statement of several rows changes, so that it could take back that statement alone: five pages for a file of 1.3 KB.
const INSERT: &str = "INSERT OR FAIL INTO ";

/// Writes the columns of one row, or their names.
macro_rules! separated {
    ($out:ident, $_first:ident => $one:expr $(, $_other:ident => $more:expr)*) => {
        $one;
        $($out.push_sql(", "); $more;)*
    };
}

/// Executes the statement of the groups in a number of four bits.
macro_rules! execute_with {
    ($groups:expr, $array:ident, $connection:ident; $($each:literal)+) => {
        match $groups {
            $($each => Array::<$each>($array).execute($connection),)+
            _ => unreachable!("there are four groups"),
        }
    };
}

/// Rows in arrays of a fixed length, whose statement diesel finds by its type.
///
/// What diesel itself makes of an array looks at every value three times before it is bound, to see whether it is a default and whether
/// the statement can be kept; that was more than half of the cost of a row. A value that is bound costs as much as SQLite itself needs
/// to store it, be it null: of the groups of a table only those are in a statement that some of its rows have.
macro_rules! bulk_insert {
    ($table:ident, $row:ident { $($column:ident),+ }) => {
        bulk_insert!($table, $row { $($column),+ } seldom {}, |_, array, connection| Array::<0>(array).execute(connection));
    };
    ($table:ident, $row:ident { $($column:ident),+ } seldom { $($bit:literal: $($other:ident),+);+ }) => {
        bulk_insert!($table, $row { $($column),+ } seldom { $($bit: $($other),+);+ }, |groups, array, connection| {
            execute_with!(groups, array, connection; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
        });
    };
    (
        $table:ident,
        $row:ident { $($column:ident),+ } seldom { $($bit:literal: $($other:ident),+);* },
        |$groups:tt, $array:ident, $connection:ident| $execute:expr
    ) => {
        pub(super) fn $table(
            $connection: &mut SqliteConnection,
            rows: impl Iterator<Item = QueryResult<$row>>,
        ) -> QueryResult<()> {
            struct Array<'a, const GROUPS: u8>(&'a [$row; ROWS]);

            impl<const GROUPS: u8> QueryId for Array<'_, GROUPS> {
                type QueryId = Array<'static, GROUPS>;
                const HAS_STATIC_QUERY_ID: bool = true;
            }

            impl<const GROUPS: u8> RunQueryDsl<SqliteConnection> for Array<'_, GROUPS> {}

            impl<const GROUPS: u8> QueryFragment<Sqlite> for Array<'_, GROUPS> {
                fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                    out.push_sql(INSERT);
                    out.push_identifier(stringify!($table))?;
                    out.push_sql(" (");
                    separated!(out, $($column => out.push_identifier(stringify!($column))?),+);
                    $(if GROUPS & $bit != 0 {
                        $(out.push_sql(", "); out.push_identifier(stringify!($other))?;)+
                    })*
                    let mut before = ") VALUES (";
                    for row in self.0 {
                        out.push_sql(before);
                        separated!(out, $($column => {
                            type Type = <schema::$table::$column as Expression>::SqlType;
                            out.push_bind_param::<Type, _>(&row.$column)?;
                        }),+);
                        $(if GROUPS & $bit != 0 {
                            $({
                                type Type = <schema::$table::$other as Expression>::SqlType;
                                out.push_sql(", ");
                                out.push_bind_param::<Type, _>(&row.$other)?;
                            })+
                        })*
                        before = "), (";
                    }
                    out.push_sql(")");
                    Ok(())
                }
            }

            let mut held = Vec::new();
            for row in rows {
                held.push(row?);
                if let Ok($array) = <&[$row; ROWS]>::try_from(held.as_slice()) {
                    let $groups: u8 = 0 $(| if $array.iter().any(|row| $(row.$other.is_some())||+) { $bit } else { 0 })*;
                    $execute?;
                    held.clear();
                }
            }
            for row in held {
                diesel::insert_into(schema::$table::table).values(row).execute($connection)?;
            }
            Ok(())
        }
    };
}

bulk_tables!(bulk_insert);

/// Rejects are few, and their rows borrow their texts.
pub(super) fn rejects(connection: &mut SqliteConnection, rows: &[RejectRow<'_>]) -> QueryResult<()> {
    for row in rows {
        diesel::insert_into(schema::rejects::table).values(row).execute(connection)?;
    }
    Ok(())
}
