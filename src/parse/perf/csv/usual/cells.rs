//! The fields of a line, read one after the other.

use crate::parse::notation::Notation;
use crate::parse::number::{Digits, Printed};

/// A place in a line.
pub(super) struct Cells<'l> {
    line: &'l str,
    at: usize,
    separator: u8,
    mark: u8,
}

impl<'l> Cells<'l> {
    /// The beginning of a line.
    pub(super) fn new(line: &'l str, separator: u8, notation: Notation) -> Self {
        let mark = match notation {
            Notation::Point => b'.',
            Notation::Comma => b',',
        };
        Self { line, at: 0, separator, mark }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    /// Goes behind blanks that separate nothing, and says whether there was one.
    pub(super) fn skip_blanks(&mut self) -> bool {
        let start = self.at;
        while self.separator != b' ' && self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.at > start
    }

    /// Goes behind a separator when one is next.
    pub(super) fn pass(&mut self) -> bool {
        let is_next = self.peek() == Some(self.separator);
        self.at += usize::from(is_next);
        is_next
    }

    /// Whether a field that is not empty is next.
    pub(super) fn is_filled(&self) -> bool {
        self.peek().is_some_and(|byte| byte != self.separator)
    }

    /// The next field, with the separator that ends it.
    pub(super) fn text(&mut self) -> Option<&'l str> {
        let start = self.at;
        // Fields are short: to begin a search for each costs more than a look at their bytes.
        let end = start + self.line.as_bytes()[start..].iter().position(|byte| *byte == self.separator)?;
        self.at = end + 1;
        Some(&self.line[start..end])
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'l str {
        &self.line[self.at..]
    }

    /// The next field when it is a number without sign or groups.
    pub(super) fn number(&mut self) -> Option<Decimal> {
        let bytes = &self.line.as_bytes()[self.at..];
        let mut digits = Digits::default();
        let mut rest = digits.take(bytes);
        let whole = digits.count;
        // A point that separates fields is no mark.
        if rest.first().is_some_and(|byte| *byte == self.mark && *byte != self.separator) {
            rest = digits.take(&rest[1..]);
            if digits.count == whole {
                return None;
            }
        }
        if whole == 0 || !digits.fit() || rest.first().is_some_and(|byte| *byte != self.separator) {
            return None;
        }
        self.at += bytes.len() - rest.len();
        Some(Decimal { digits, decimals: digits.count - whole })
    }
}

/// The digits of a number, and how many of them stand behind the decimal mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    digits: Digits,
    pub(super) decimals: usize,
}

impl Decimal {
    /// All of its digits as one integer.
    pub(super) fn integer(self) -> i64 {
        self.digits.integer
    }

    /// The number; `None` when a float might not hold its digits exactly.
    pub(super) fn printed(self) -> Option<Printed> {
        self.digits.number(self.decimals)
    }
}
