//! Rows as RFC 4180.

use std::io::{self, Write};

use super::{Cell, Column};

pub(super) struct CsvRows<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvRows<W> {
    pub(super) fn begin(columns: &[Column], out: W) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer
            .write_record(columns.iter().map(|column| Cell::from(column.name.as_ref()).plain().into_owned()))
            .map_err(io_error)?;
        Ok(Self { writer })
    }

    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            self.writer.write_field(cell.plain().as_bytes()).map_err(io_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
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
