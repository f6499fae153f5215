//! Lines split into fields by the csv crate's parser.

use std::cell::RefCell;
use std::collections::HashMap;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

/// Stands for a separator of several characters while a line is split; it is in no text of perf's.
const UNIT_SEPARATOR: u8 = 0x1f;

thread_local! {
    /// Parsers that are not in use, by delimiter. Building one costs as much as reading a hundred rows, and most files are shorter.
    static IDLE: RefCell<HashMap<u8, Reader>> = RefCell::default();
}

/// Splits lines at a separator.
pub(super) struct Splitter<'s> {
    /// Always there until the splitter is dropped.
    reader: Option<Reader>,
    separator: &'s str,
    delimiter: u8,
    replaced: String,
    output: Vec<u8>,
    ends: Vec<usize>,
}

impl<'s> Splitter<'s> {
    pub(super) fn new(separator: &'s str) -> Self {
        let delimiter = if let &[byte] = separator.as_bytes() { byte } else { UNIT_SEPARATOR };
        let build = || ReaderBuilder::new().quoting(false).delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        let reader = IDLE.with_borrow_mut(|idle| idle.remove(&delimiter)).unwrap_or_else(build);
        Self { reader: Some(reader), separator, delimiter, replaced: String::new(), output: Vec::new(), ends: Vec::new() }
    }

    /// The fields of a line; `None` when it is empty.
    pub(super) fn fields<'l>(&mut self, line: &'l str) -> Option<Fields<'l, '_>> {
        let reader = self.reader.as_mut()?;
        let input = if self.separator.len() == 1 {
            line
        } else {
            self.replaced = line.replace(self.separator, "\u{1f}");
            &self.replaced
        };
        // No field is longer than the line, and no line has more fields than bytes and one.
        self.output.resize(self.output.len().max(input.len()), 0);
        self.ends.resize(self.ends.len().max(input.len() + 1), 0);
        reader.reset();
        let (_, _, written, fields) = reader.read_record(input.as_bytes(), &mut self.output, &mut self.ends);
        let (end, _, _, last) = reader.read_record(&[], &mut self.output[written..], &mut self.ends[fields..]);
        (end == ReadRecordResult::Record).then(|| Fields {
            line,
            separator: self.separator.len(),
            ends: &self.ends[..fields + last],
        })
    }
}

impl Drop for Splitter<'_> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            IDLE.with_borrow_mut(|idle| idle.insert(self.delimiter, reader));
        }
    }
}

/// The fields of one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'l, 'r> {
    line: &'l str,
    separator: usize,
    /// Where each field ends in the line without its separators.
    ends: &'r [usize],
}

impl<'l> Fields<'l, '_> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field.
    pub(super) fn get(&self, at: usize) -> Option<&'l str> {
        self.span(at, at + 1)
    }

    /// The text from field `from` to before field `to`, with the separators between.
    pub(super) fn span(&self, from: usize, to: usize) -> Option<&'l str> {
        let start = if from == 0 { 0 } else { self.ends.get(from - 1)? + from * self.separator };
        let end = self.ends.get(to.checked_sub(1)?)? + (to - 1) * self.separator;
        self.line.get(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_spans_are_parts_of_the_line() {
        for (line, separator) in [("a,b/c,d/,,1", ","), ("a::b/c::d/::::1", "::")] {
            let mut splitter = Splitter::new(separator);
            let fields = splitter.fields(line).expect("a record");
            assert_eq!(fields.len(), 5, "{line}");
            assert_eq!(fields.get(3), Some(""));
            assert_eq!(fields.get(4), Some("1"));
            assert_eq!(fields.span(1, 3), Some(&line[1 + separator.len()..6 + 2 * separator.len()]));
            assert_eq!(fields.get(5), None);
        }
        assert!(Splitter::new(",").fields("").is_none());
    }
}
