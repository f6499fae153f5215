//! Rows as RFC 4180.
//!
//! Millions of rows are written, most of whose cells are those of the row before: a text is looked through once, for what
//! must be escaped and for what asks for quotes, as long as it stays the same.

use std::io::{self, Write};

use super::cell::{push_float, push_hex};
use super::{Cell, Column};

/// Bytes that are written at once: more than the buffers of those behind hold, which would copy them.
const AT_ONCE: usize = 64 << 10;

pub(super) struct CsvRows<W: Write> {
    out: W,
    /// Rows on their way.
    lines: Vec<u8>,
    /// Puts fields in quotes where they need them.
    writer: Box<csv_core::Writer>,
    /// The text that each column had last.
    last: Vec<Field>,
    number: Number,
}

/// The number that was written last: mean, median and both ends of a single value are one number.
#[derive(Default)]
struct Number {
    bits: u64,
    written: Vec<u8>,
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
        let mut rows = Self { out, lines: Vec::new(), writer: Box::default(), last, number: Number::default() };
        let names: Vec<Cell<'_>> = columns.iter().map(|column| Cell::from(column.name.as_ref())).collect();
        rows.row(&names)?;
        Ok(rows)
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let Self { out, lines, writer, last, number: last_number } = self;
        let start = lines.len();
        for (cell, last) in cells.iter().zip(last) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => lines.extend_from_slice(last.of(text, cell, writer)),
                Cell::Hex(bytes) => push_hex(lines, bytes),
                Cell::Int(number) => lines.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
                Cell::Float(number) | Cell::Computed(number) => lines.extend_from_slice(last_number.of(*number)),
            }
            lines.push(b',');
        }
        lines.pop();
        // A line without anything would be no row.
        lines.extend_from_slice(if lines.len() == start { b"\"\"\r\n" } else { b"\r\n" });
        if lines.len() >= AT_ONCE {
            out.write_all(lines)?;
            lines.clear();
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&self.lines)?;
        self.out.flush()
    }
}

impl Number {
    /// How a number is written. Zeros stand between the others, and are written as fast as they are compared.
    fn of(&mut self, number: f64) -> &[u8] {
        if number.to_bits() == 0 {
            return b"0";
        }
        if self.bits != number.to_bits() {
            self.bits = number.to_bits();
            self.written.clear();
            push_float(&mut self.written, number);
        }
        &self.written
    }
}

impl Field {
    /// How the text of a cell is written.
    fn of(&mut self, text: &str, cell: &Cell<'_>, writer: &mut csv_core::Writer) -> &[u8] {
        if self.text != text {
            text.clone_into(&mut self.text);
            write_field(writer, &cell.guarded(), &mut self.written);
        }
        &self.written
    }
}

/// A field without the delimiter that the writer ends it with. The writer's other end, `finish`, puts an empty field in quotes.
fn write_field(writer: &mut csv_core::Writer, text: &str, field: &mut Vec<u8>) {
    // Each byte may become two, and there are two quotes around them and the delimiter.
    field.resize(2 * text.len() + 3, 0);
    let (_, _, length) = writer.field(text.as_bytes(), field);
    let (_, end) = writer.delimiter(&mut field[length..]);
    field.truncate(length + end - 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines<const N: usize>(columns: [&'static str; N], rows: &[[&str; N]]) -> Vec<String> {
        let mut out = Vec::new();
        let mut writer = CsvRows::begin(&columns.map(Column::main), &mut out).unwrap();
        for row in rows {
            writer.row(&row.map(Cell::from)).unwrap();
        }
        writer.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        text.strip_suffix("\r\n").unwrap().split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_field_is_in_quotes_where_it_holds_a_comma_or_a_quote() {
        let rows = [["a,b", "\""], ["", "a\"b"], ["", ""], [",", "é"], ["\"\"", "a b;'"], ["a\nb", ""], ["", ",\""]];
        let expected =
            ["\"x,y\",z", "\"a,b\",\"\"\"\"", ",\"a\"\"b\"", ",", "\",\",é", "\"\"\"\"\"\",a b;'", "a\\nb,", ",\",\"\"\""];
        assert_eq!(lines(["x,y", "z"], &rows), expected);
    }

    #[test]
    fn a_row_of_one_empty_cell_is_still_a_row() {
        assert_eq!(lines(["x"], &[[""], ["a"], [""], [","], [""]]), ["x", "\"\"", "a", "\"\"", "\",\"", "\"\""]);
    }
}
