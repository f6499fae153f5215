//! How a source writes numbers: its decimal mark, decided from evidence.
//!
//! perf calls `setlocale(LC_ALL, "")` in every version, so `LC_NUMERIC` decides the decimal mark and, in text, the grouping of
//! thousands. `1.234` is a thousand in German and one and a bit in English: no field is read before the mark is known.

use std::fmt;

/// The decimal mark of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// `1,234.56`, `1'234.56`, `1 234.56`.
    Point,
    /// `1.234,56`, `1 234,56`.
    Comma,
}

impl Notation {
    /// The mark.
    pub(crate) fn decimal_mark(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    /// The notation whose decimal mark is `mark`.
    pub(crate) fn of_mark(mark: char) -> Option<Self> {
        match mark {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            _ => None,
        }
    }

    /// Whether `mark` may stand between groups of digits.
    ///
    /// glibc's locales group with comma, point, blank, U+00A0, U+202F, apostrophe and U+2019; the decimal mark never groups.
    pub(crate) fn groups_with(self, mark: char) -> bool {
        match mark {
            ',' => self == Self::Point,
            '.' => self == Self::Comma,
            ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}' => true,
            _ => false,
        }
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.decimal_mark())
    }
}
