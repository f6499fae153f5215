//! Rows as RFC 4180.
//!
//! Millions of rows are written, most of whose cells are those of the row before: a text is looked through once for as long as it
//! stays the same. What it is looked through for leaves no end of line, so that only a comma and a quote ask for quotes.

use std::io::{self, Write};

use super::cell::{push_float, push_hex};
use super::{Cell, Column};

pub(super) struct CsvRows<W: Write> {
    out: W,
    /// The row on its way.
    line: Vec<u8>,
    /// The text that each column had last.
    last: Vec<Field>,
}

/// A text and how it is written.
#[derive(Default)]
struct Field {
    text: String,
    written: Vec<u8>,
}

impl<W: Write> CsvRows<W> {
    pub(super) fn begin(columns: &[Column], out: W) -> io::Result<Self> {
        let last = columns.iter().map(|_| Field::default()).collect();
        let mut rows = Self { out, line: Vec::new(), last };
        let names: Vec<Cell<'_>> = columns.iter().map(|column| Cell::from(column.name.as_ref())).collect();
        rows.row(&names)?;
        Ok(rows)
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let Self { out, line, last } = self;
        line.clear();
        for (cell, last) in cells.iter().zip(last) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => line.extend_from_slice(last.of(text, cell)),
                Cell::Hex(bytes) => push_hex(line, bytes),
                Cell::Int(number) => line.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
                Cell::Float(number) | Cell::Computed(number) => push_float(line, *number),
            }
            line.push(b',');
        }
        line.pop();
        // A line without anything would be no row.
        line.extend_from_slice(if line.is_empty() { b"\"\"\r\n" } else { b"\r\n" });
        out.write_all(line)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Field {
    /// How the text of a cell is written.
    fn of(&mut self, text: &str, cell: &Cell<'_>) -> &[u8] {
        if self.text != text {
            text.clone_into(&mut self.text);
            self.written.clear();
            push_quoted(&mut self.written, &cell.plain());
        }
        &self.written
    }
}

/// A text without ends of lines, in quotes where it needs them.
fn push_quoted(field: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|byte| matches!(byte, b',' | b'"')) {
        field.extend_from_slice(text.as_bytes());
        return;
    }
    field.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            field.push(b'"');
        }
        field.push(byte);
    }
    field.push(b'"');
}
