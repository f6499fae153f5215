//! The fields of a line, read one after the other.

use crate::parse::notation::Notation;
use crate::parse::number::{self, Printed};

/// Digits that fit an `i64` whatever they are.
const MOST_DIGITS: usize = 18;

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
        let mut number = Decimal::default();
        let whole = number.push(bytes);
        let mut end = whole;
        // A point that separates fields is no mark.
        if bytes.get(end).is_some_and(|byte| *byte == self.mark && *byte != self.separator) {
            number.decimals = number.push(&bytes[end + 1..]);
            end += 1 + number.decimals;
            if number.decimals == 0 {
                return None;
            }
        }
        if whole == 0 || number.count > MOST_DIGITS || bytes.get(end).is_some_and(|byte| *byte != self.separator) {
            return None;
        }
        self.at += end;
        Some(number)
    }
}

/// The digits of a number as one integer, and how many there are in all and behind the decimal mark.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Decimal {
    pub(super) digits: i64,
    count: usize,
    pub(super) decimals: usize,
}

impl Decimal {
    /// Takes the digits that the bytes begin with, and says how many those are.
    fn push(&mut self, bytes: &[u8]) -> usize {
        let before = self.count;
        for byte in bytes {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            self.digits = self.digits.wrapping_mul(10).wrapping_add(digit.into());
            self.count += 1;
        }
        self.count - before
    }

    /// The number; `None` when a float might not hold its digits exactly.
    pub(super) fn printed(self) -> Option<Printed> {
        number::of_digits((self.digits, self.count), self.decimals)
    }
}
