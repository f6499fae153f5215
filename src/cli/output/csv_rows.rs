//! Rows as RFC 4180.

use std::io::{self, Write};

use super::{Cell, Column};

pub(super) struct CsvRows<W: Write> {
    writer: csv::Writer<W>,
    /// The row on its way: whole records are written with one look at the space that is left.
    record: csv::ByteRecord,
}

impl<W: Write> CsvRows<W> {
    pub(super) fn begin(columns: &[Column], out: W) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer
            .write_record(columns.iter().map(|column| Cell::from(column.name.as_ref()).plain().into_owned()))
            .map_err(io_error)?;
        Ok(Self { writer, record: csv::ByteRecord::new() })
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.record.clear();
        for cell in cells {
            self.record.push_field(cell.plain().as_bytes());
        }
        self.writer.write_byte_record(&self.record).map_err(io_error)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The error below: `From` of the csv crate hides its kind, and a reader that went away is told by the kind.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
