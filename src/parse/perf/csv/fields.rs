//! Lines split into fields. perf neither quotes nor escapes: a separator is one wherever it stands.

use memchr::memmem;

/// Fields that room is made for at once: more than a row has.
const USUAL: usize = 16;

/// Splits lines at a separator.
pub(super) struct Splitter<'s> {
    separator: &'s str,
    ends: Vec<usize>,
}

impl<'s> Splitter<'s> {
    pub(super) fn new(separator: &'s str) -> Self {
        Self { separator, ends: Vec::new() }
    }

    /// The fields of a line; `None` when it is empty.
    pub(super) fn fields<'l>(&mut self, line: &'l str) -> Option<Fields<'l, '_>> {
        let bytes = line.as_bytes();
        self.ends.clear();
        self.ends.reserve(USUAL);
        match self.separator.as_bytes() {
            &[separator] => {
                // Fields are short: to begin a search for each costs more than a look at their bytes.
                for (at, &byte) in bytes.iter().enumerate() {
                    if byte == separator {
                        self.ends.push(at);
                    }
                }
            }
            separator => self.ends.extend(memmem::find_iter(bytes, separator)),
        }
        self.ends.push(line.len());
        (!line.is_empty()).then_some(Fields { line, separator: self.separator.len(), ends: &self.ends })
    }
}

/// The fields of one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'l, 'r> {
    line: &'l str,
    separator: usize,
    /// Where each field ends in the line.
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
        let start = if from == 0 { 0 } else { self.ends.get(from - 1)? + self.separator };
        self.line.get(start..*self.ends.get(to.checked_sub(1)?)?)
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
