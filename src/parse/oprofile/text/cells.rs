//! The numbers that a row begins with.

use super::titles::Shape;
use crate::model::RejectKind;
use crate::parse::lines::behind_blanks;
use crate::parse::number::is_digits;
use crate::parse::oprofile::profile::Cell;
use crate::parse::oprofile::shares::Share;

/// The numbers of a row, and what follows them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers<'a> {
    pub(super) address: Option<u64>,
    pub(super) cells: Vec<Cell>,
    /// Behind the last number, without the blanks in front.
    pub(super) rest: &'a str,
}

/// Why a row is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// Column in characters, from 1.
    pub(super) column: u32,
    pub(super) kind: RejectKind,
    pub(super) reason: String,
    /// Whether the row ended too early: it may go on in the next line.
    pub(super) ended: bool,
}

fn blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// The next word, and what follows it.
fn word(input: &str) -> Option<(&str, &str)> {
    let text = behind_blanks(input);
    let end = text.bytes().position(blank).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A row that is being read from the left.
struct Cursor<'a> {
    whole: &'a str,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn next<T>(&mut self, what: &str, kind: RejectKind, read: impl Fn(&'a str) -> Option<T>) -> Result<T, Broken> {
        let Some((text, rest)) = word(self.rest) else {
            return Err(Self::broken(self.whole, kind, format!("the row ends before its {what}"), true));
        };
        let Some(value) = read(text) else {
            let before = &self.whole[..self.whole.len() - rest.len() - text.len()];
            return Err(Self::broken(before, kind, format!("{text:?} stands where {what} is due"), false));
        };
        self.rest = rest;
        Ok(value)
    }

    fn broken(before: &str, kind: RejectKind, reason: String, ended: bool) -> Broken {
        let column = before.chars().count() + usize::from(!ended);
        Broken { column: u32::try_from(column).unwrap_or(u32::MAX), kind, reason, ended }
    }
}

/// Most columns that room is made for at once, whatever the titles promise.
const MOST_ROOM: usize = 16;

/// Reads the numbers of a row.
pub(super) fn numbers(text: &str, shape: Shape) -> Result<Numbers<'_>, Broken> {
    let mut cursor = Cursor { whole: text, rest: text };
    let address = shape.vma.then(|| cursor.next("address", RejectKind::Row, address)).transpose()?;
    let mut cells = Vec::with_capacity(shape.classes.min(MOST_ROOM));
    for _ in 0..shape.classes {
        cells.push(cell(&mut cursor, shape)?);
    }
    Ok(Numbers { address, cells, rest: behind_blanks(cursor.rest) })
}

fn cell(cursor: &mut Cursor<'_>, shape: Shape) -> Result<Cell, Broken> {
    const NONE: &str = "---";
    let percentage = |text: &str| if text == NONE { Some(None) } else { Share::of(text).map(Some) };
    let samples = cursor.next("number of samples", RejectKind::Number, samples)?;
    if shape.cumulated {
        cursor
            .next("cumulated number of samples", RejectKind::Number, |text| (text == NONE || is_digits(text)).then_some(()))?;
    }
    let before = &cursor.whole[..cursor.whole.len() - behind_blanks(cursor.rest).len()];
    let printed = cursor.next("percentage", RejectKind::Number, percentage)?;
    if shape.cumulated {
        cursor.next("cumulated percentage", RejectKind::Number, percentage)?;
    }
    let changed = |text: &str| if is_without_change(text) { Some(None) } else { change(text).map(Some) };
    let change = if shape.diff { cursor.next("change", RejectKind::Number, changed)? } else { None };
    let gone = shape.diff && printed.is_none();
    if printed.is_none() && !gone {
        let reason = "\"---\" stands where percentage is due".to_owned();
        return Err(Cursor::broken(before, RejectKind::Number, reason, false));
    }
    Ok(Cell { samples, share: printed, change, gone })
}

/// A number of samples.
pub(super) fn samples(text: &str) -> Option<i64> {
    if is_digits(text) { text.parse().ok() } else { None }
}

/// Eight hexadecimal digits, or sixteen.
pub(super) fn address(text: &str) -> Option<u64> {
    let hex = matches!(text.len(), 8 | 16) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

/// `+++` is new in the second profile, `---` gone from it: neither has a change.
fn is_without_change(text: &str) -> bool {
    matches!(text, "+++" | "---")
}

/// `+27.2061`, `-98.0126`, `0`, `+2.2e-04`
fn change(text: &str) -> Option<f64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1.0, digits),
        ("-", digits) => (-1.0, digits),
        _ => (1.0, text),
    };
    Some(sign * Share::of(digits)?.percent)
}

/// Whether a text can only be a change: it has a sign.
pub(super) fn is_change(text: &str) -> bool {
    text.starts_with(['+', '-']) && (is_without_change(text) || change(text).is_some())
}

/// Whether a line begins as a row does: with samples and a percentage, perhaps behind an address.
pub(super) fn begins_row(text: &str) -> bool {
    let text = behind_blanks(text);
    let (first, rest) = text.split_at(text.bytes().take_while(u8::is_ascii_hexdigit).count());
    // Nearly every line of other texts is told by what follows its first digits.
    if !rest.starts_with([' ', '\t']) {
        return false;
    }
    let Some((second, rest)) = word(rest) else { return false };
    let (third, rest) = word(rest).unwrap_or_default();
    if address(first).is_some() && is_digits(second) {
        let share = if is_digits(third) { word(rest).unwrap_or_default().0 } else { third };
        return is_share(share);
    }
    is_digits(first) && (is_share(second) || is_digits(second) && is_share(third))
}

/// Whether a text is a percentage as opreport prints them, and not just any number.
pub(super) fn is_share(text: &str) -> bool {
    let text = text.strip_suffix('%').unwrap_or(text);
    let four = text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 4 && is_digits(decimals));
    let small = text.split_once('e').is_some_and(|(mantissa, _)| mantissa.len() == 3);
    matches!(text, "0" | "---" | "100.000") || (four || small) && Share::of(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_tokens_whatever_their_widths() {
        let shape = Shape { vma: true, classes: 2, cumulated: true, diff: false };
        let row =
            "000011ae 171798691800 171798691800 99.9494  99.9494    0        0                   0        0    calc.c:6   x";
        let read = numbers(row, shape).expect("a row");
        assert_eq!((read.address, read.cells[0].samples, read.cells[1].samples), (Some(0x11ae), 171_798_691_800, 0));
        assert_eq!(read.rest, "calc.c:6   x");
    }

    #[test]
    fn a_row_of_a_comparison_has_a_change_or_is_gone() {
        let shape = Shape { classes: 1, diff: true, ..Shape::default() };
        let read = |row| numbers(row, shape).map(|row| (row.cells[0].samples, row.cells[0].change, row.cells[0].gone));
        assert_eq!(read("1800 10.7681  +154.3910 calc"), Ok((1800, Some(154.391), false)));
        assert_eq!(read("1500     ---      ---       shapes"), Ok((1500, None, true)));
        assert_eq!(read("4  0.1  +++  shapes"), Ok((4, None, false)));
    }

    #[test]
    fn a_broken_row_says_where_and_why() {
        let shape = Shape { classes: 1, ..Shape::default() };
        let broken = |row| numbers(row, shape).expect_err("broken");
        assert_eq!((broken("12  5x  a").column, broken("12  5x  a").ended), (5, false));
        assert_eq!((broken("12").column, broken("12").ended), (2, true));
        assert_eq!(broken("99999999999999999999 1.0000 a").kind, RejectKind::Number);
        assert!(!broken("12 --- a").ended);
    }

    #[test]
    fn rows_are_told_from_prose() {
        for row in [
            "12000    56.4387  x",
            "c01f0b3e 16325    38.9944     vmlinux",
            "1 5.8e-10 a",
            "3 100.000 a",
            "5 7 1.0000 2.0000 a",
        ] {
            assert!(begins_row(row), "{row}");
        }
        for text in ["12 cycles", "3 0.5 a", "1,000 10.0000 x", "", "12000"] {
            assert!(!begins_row(text), "{text}");
        }
    }
}
