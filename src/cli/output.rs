//! How rows are printed: table, CSV, JSON. Rows go out as they come; only the first thousand of a table wait for its widths.
//!
//! * Table: the most important columns, for people; the least important of them only where the terminal (or `COLUMNS`) is wide enough.
//! * CSV: every column, RFC 4180 with a header; an unknown value is an empty field.
//! * JSON: one array of objects, written row by row; an unknown value is `null`.
//!
//! Tables and CSV show control characters as escapes (`\n`, `\u{1b}`), so that a hostile event name can neither steer a terminal nor
//! split a row. In CSV a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@` and is no number) gets a
//! leading apostrophe, and so does one that begins with an apostrophe: to get the text back, take one leading apostrophe away.
//! JSON is exact.

mod cell;
mod csv_rows;
mod json_rows;
pub(super) mod object;
mod table_rows;
mod width;

use std::borrow::Cow;
use std::io::{self, Write};

pub(super) use cell::Cell;

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people: the most important columns
    Table,
    /// RFC 4180, every column
    Csv,
    /// One array of objects, every column
    Json,
}

/// A column of a listing.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its name, the same in every format.
    name: Cow<'static, str>,
    in_table: InTable,
}

/// Whether a table shows a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InTable {
    Always,
    /// If the line fits; of several that do not, the one of the highest number goes first.
    IfItFits(u8),
    Never,
}

impl Column {
    /// A column that every format shows.
    pub(super) const fn main(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), in_table: InTable::Always }
    }

    /// A column that a table leaves out.
    pub(super) const fn detail(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), in_table: InTable::Never }
    }

    /// A column that a table shows if its lines fit; of several that do not, the one of the highest number goes first.
    pub(super) const fn spare(name: &'static str, number: u8) -> Self {
        Self { name: Cow::Borrowed(name), in_table: InTable::IfItFits(number) }
    }

    /// Its name, where every table shows it.
    pub(super) fn main_name(&self) -> Option<&str> {
        (self.in_table == InTable::Always).then_some(self.name.as_ref())
    }

    /// The same under another name, for columns that depend on what was asked.
    pub(super) fn named(self, name: String) -> Self {
        Self { name: Cow::Owned(name), ..self }
    }
}

/// Rows on their way out.
pub(super) struct Rows<W: Write> {
    writer: Writer<W>,
}

enum Writer<W: Write> {
    Table(table_rows::TableRows<W>),
    Csv(csv_rows::CsvRows<W>),
    Json(json_rows::JsonRows<W>),
}

impl<W: Write> Rows<W> {
    /// Begins a listing.
    pub(super) fn begin(format: Format, columns: impl Into<Cow<'static, [Column]>>, out: W) -> io::Result<Self> {
        let columns = columns.into();
        let writer = match format {
            Format::Table => Writer::Table(table_rows::TableRows::new(columns, width::of_lines(), out)),
            Format::Csv => Writer::Csv(csv_rows::CsvRows::begin(&columns, out).map_err(|error| of_output(&error))?),
            Format::Json => Writer::Json(json_rows::JsonRows::new(columns, out)),
        };
        Ok(Self { writer })
    }

    /// Prints a row: a cell for each column.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        match &mut self.writer {
            Writer::Table(rows) => rows.row(cells),
            Writer::Csv(rows) => rows.row(cells),
            Writer::Json(rows) => rows.row(cells),
        }
        .map_err(|error| of_output(&error))
    }

    /// Prints what is still held back.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.writer {
            Writer::Table(rows) => rows.finish(),
            Writer::Csv(rows) => rows.finish(),
            Writer::Json(rows) => rows.finish(),
        }
        .map_err(|error| of_output(&error))
    }
}

/// An error of writing with what could not be written to: no name of a file tells it.
fn of_output(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write to standard output: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::main("event"), Column::main("count"), Column::detail("unit")];

    fn printed(format: Format, rows: &[[Cell<'_>; 3]]) -> String {
        let mut out = Vec::new();
        let mut writer = Rows::begin(format, COLUMNS, &mut out).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_shows_the_main_columns_with_numbers_to_the_right() {
        let rows = [[Cell::from("cycles"), Cell::Int(12345), Cell::Empty], [Cell::from("a"), Cell::Int(1), Cell::Empty]];
        assert_eq!(printed(Format::Table, &rows), "event   count\n------  -----\ncycles  12345\na           1\n");
    }

    #[test]
    fn csv_quotes_and_protects_what_it_must() {
        let rows = [
            [Cell::from("a,\"b\""), Cell::Int(-1), Cell::from("=cmd|' /C calc'!A0")],
            [Cell::from("\u{1b}[31m\n"), Cell::Float(0.5), Cell::from("-3.5")],
            [Cell::from("'q"), Cell::Float(f64::MAX), Cell::from("-")],
        ];
        let expected = "event,count,unit\r\n\"a,\"\"b\"\"\",-1,'=cmd|' /C calc'!A0\r\n\\u{1b}[31m\\n,0.5,-3.5\r\n\
                        ''q,1.7976931348623157e308,'-\r\n";
        assert_eq!(printed(Format::Csv, &rows), expected);
    }

    #[test]
    fn a_table_prints_text_as_it_is_but_for_what_steers_a_terminal() {
        let rows = [
            [Cell::from("'1.2.3,4' is no number"), Cell::Int(1), Cell::Empty],
            [Cell::from("-\u{1b}"), Cell::Int(2), Cell::Empty],
        ];
        let expected = "event                   count\n----------------------  -----\n'1.2.3,4' is no number      1\n-\\u{1b}                     2\n";
        assert_eq!(printed(Format::Table, &rows), expected);
    }

    #[test]
    fn csv_writes_a_text_again_as_it_wrote_it_before() {
        let row = |event: &'static str, unit: &'static [u8]| [Cell::from(event), Cell::Empty, Cell::Hex(unit)];
        let rows = [row("a,b", b"\x0f"), row("a,b", b"\x0f"), row("", b""), row("a", b"\xa0"), row("a,b", b"")];
        let expected = "event,count,unit\r\n\"a,b\",,0f\r\n\"a,b\",,0f\r\n,,\r\na,,a0\r\n\"a,b\",,\r\n";
        assert_eq!(printed(Format::Csv, &rows), expected);
    }

    #[test]
    fn json_is_one_array_and_exact() {
        assert_eq!(printed(Format::Json, &[]), "[]\n");
        let row = [Cell::from("=\u{1b}\"é"), Cell::Int(i64::MAX), Cell::Empty];
        let text = printed(Format::Json, &[row.clone(), row]);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read[1], serde_json::json!({"event": "=\u{1b}\"é", "count": i64::MAX, "unit": null}));
    }

    #[test]
    fn a_table_of_many_rows_is_not_held_back() {
        struct Count(usize);
        impl Write for &mut Count {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += bytes.len();
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut count = Count(0);
        let mut rows = Rows::begin(Format::Table, COLUMNS, &mut count).unwrap();
        for number in 0..5000 {
            rows.row(&[Cell::from("cycles"), Cell::Int(number), Cell::Empty]).unwrap();
        }
        let Writer::Table(table) = &rows.writer else { panic!() };
        assert!(table.held() == 0);
    }
}
