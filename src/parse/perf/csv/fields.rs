//! Lines split into fields by the csv crate.

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord, Terminator};

use crate::parse::lines::Line;

/// Stands for a separator of several characters while a text is split; it is in no text of perf's.
const UNIT_SEPARATOR: &str = "\u{1f}";

/// Splits the lines of a text, each once and in order.
pub(super) struct Splitter<'a> {
    reader: Reader<std::io::Cursor<Cow<'a, [u8]>>>,
    record: StringRecord,
    separator: &'a str,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(text: &'a str, separator: &'a str) -> Self {
        let (text, delimiter) = match separator.as_bytes() {
            &[byte] => (Cow::Borrowed(text.as_bytes()), byte),
            _ => (Cow::Owned(text.replace(separator, UNIT_SEPARATOR).into_bytes()), UNIT_SEPARATOR.as_bytes()[0]),
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .quoting(false)
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(std::io::Cursor::new(text));
        Self { reader, record: StringRecord::new(), separator }
    }

    /// The fields of the next line, which must be `line`; `None` when it is empty.
    pub(super) fn fields<'l>(&mut self, line: Line<'l>) -> Option<Fields<'l, '_>> {
        // The reader passes over lines without a byte, so it must not be asked for them.
        if line.text.is_empty() && !line.had_carriage_return {
            return None;
        }
        let read = self.reader.read_record(&mut self.record);
        (read.is_ok_and(|some| some) && !line.text.is_empty()).then_some(Fields {
            line: line.text,
            separator: self.separator.len(),
            record: &self.record,
        })
    }
}

/// The fields of one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'l, 'r> {
    line: &'l str,
    separator: usize,
    record: &'r StringRecord,
}

impl<'l> Fields<'l, '_> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.record.len()
    }

    /// A field.
    pub(super) fn get(&self, at: usize) -> Option<&'l str> {
        self.span(at, at + 1)
    }

    /// The text from field `from` to before field `to`, with the separators between.
    pub(super) fn span(&self, from: usize, to: usize) -> Option<&'l str> {
        let start = self.record.range(from)?.start + from * self.separator;
        let end = self.record.range(to.checked_sub(1)?)?.end + (to - 1) * self.separator;
        // The last field may hold the carriage return that the line has lost.
        self.line.get(start..end.min(self.line.len()))
    }
}
