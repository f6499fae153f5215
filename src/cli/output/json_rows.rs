//! Rows as one JSON array.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cell::hex;
use super::{Cell, Column};

pub(super) struct JsonRows<W: Write> {
    columns: Cow<'static, [Column]>,
    out: W,
    is_empty: bool,
}

impl<W: Write> JsonRows<W> {
    pub(super) fn new(columns: Cow<'static, [Column]>, out: W) -> Self {
        Self { columns, out, is_empty: true }
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[\n{" } else { b",\n{" })?;
        self.is_empty = false;
        for (index, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
            let comma = if index == 0 { "" } else { "," };
            self.out.write_all(comma.as_bytes())?;
            serde_json::to_writer(&mut self.out, &column.name)?;
            self.out.write_all(b":")?;
            match cell {
                Cell::Empty => serde_json::to_writer(&mut self.out, &()),
                Cell::Text(text) => serde_json::to_writer(&mut self.out, text),
                Cell::Hex(bytes) => serde_json::to_writer(&mut self.out, &hex(bytes)),
                Cell::Int(number) => serde_json::to_writer(&mut self.out, number),
                Cell::Float(number) | Cell::Computed(number) => serde_json::to_writer(&mut self.out, number),
            }?;
        }
        self.out.write_all(b"}")
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.write_all(if self.is_empty { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
