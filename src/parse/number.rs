//! Numbers as tools print them: grouped, with either decimal mark, up to and beyond 2^63.

use std::fmt;

use super::notation::Notation;
use crate::model::{Flags, Number};

/// A number and how it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Printed {
    /// The number; exact when it was an integer of at most 2^63 - 1.
    pub(crate) number: Number,
    /// Digits behind the decimal mark.
    pub(crate) decimals: usize,
    /// Remarks.
    pub(crate) flags: Flags,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It does not consist of digits, marks and a sign.
    Shape,
    /// Its marks contradict the notation of the source.
    Notation(Notation),
    /// Too large for a float, or not finite.
    Range,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("not a number"),
            Self::Notation(notation) => write!(f, "no number in a source whose decimal mark is {notation}"),
            Self::Range => f.write_str("not a finite number"),
        }
    }
}

/// Whether a text is one or more digits and nothing else.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a whole text as a number.
///
/// Groups must be complete: the last has three digits, those before it three or (en_IN) two. What does not fit the notation is an
/// error, never another number.
pub(crate) fn number(text: &str, notation: Notation) -> Result<Printed, NumberError> {
    match leading(text, notation, Groups::Any) {
        Some((printed, length)) if length == text.len() => Ok(printed),
        _ => uncommon(text, notation),
    }
}

/// Reads any number.
#[cold]
fn uncommon(text: &str, notation: Notation) -> Result<Printed, NumberError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut plain = plain_digits(digits, notation)?;
    if negative {
        plain.text.insert(0, '-');
    }
    if plain.decimals == 0
        && let Ok(count) = plain.text.parse()
    {
        return Ok(Printed { number: Number::exact(count), decimals: 0, flags: Flags::default() });
    }
    let value: f64 = plain.text.parse().map_err(|_| NumberError::Shape)?;
    let number = Number::inexact(value).ok_or(NumberError::Range)?;
    Ok(Printed {
        number,
        decimals: plain.decimals,
        flags: if plain.decimals == 0 { Flags::BEYOND_I64 } else { Flags::default() },
    })
}

/// Whether a number may have groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Groups {
    /// Of three, with the mark of its notation.
    Any,
    /// None at all.
    None,
}

/// Reads the number that a text begins with, and gives its length: as nearly every number is, of up to 18 digits with the usual marks
/// of its notation, in one pass and without a copy. What may follow such a number is for the caller to know.
///
/// `None` says nothing: there may be a number that is written in another way.
pub(crate) fn leading(text: &str, notation: Notation, groups: Groups) -> Option<(Printed, usize)> {
    let (decimal, group) = match notation {
        Notation::Point => (b'.', b','),
        Notation::Comma => (b',', b'.'),
    };
    let (negative, start) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let mut digits = Digits::default();
    let mut rest = digits.take(start);
    if groups == Groups::Any && (1..=3).contains(&digits.count) {
        while rest.first() == Some(&group)
            && let [_, a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', behind @ ..] = rest
        {
            digits.push_group([*a, *b, *c]);
            rest = behind;
        }
    }
    let whole = digits.count;
    let rest = match rest {
        _ if whole == 0 => return None,
        [mark, b'0'..=b'9', ..] if *mark == decimal => digits.take(&rest[1..]),
        _ => rest,
    };
    let printed =
        Digits { integer: if negative { -digits.integer } else { digits.integer }, ..digits }.number(digits.count - whole)?;
    Some((printed, text.len() - rest.len()))
}

/// Digits that fit an `i64` whatever they are.
const MAX_COMMON_DIGITS: usize = 18;
/// Digits that a float holds exactly whatever they are.
const MAX_EXACT_DIGITS: usize = 15;

/// Digits as one integer, which is of no use when there are more than [`MAX_COMMON_DIGITS`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Digits {
    /// What they are together.
    pub(crate) integer: i64,
    /// How many there are.
    pub(crate) count: usize,
}

impl Digits {
    /// Appends the digits that a text begins with; gives what follows them.
    pub(crate) fn take<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let mut rest = text;
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            self.integer = self.integer.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            rest = behind;
        }
        self.count += text.len() - rest.len();
        rest
    }

    /// Appends three digits at once: nothing is read as often as grouped counts.
    fn push_group(&mut self, digits: [u8; 3]) {
        let [a, b, c] = digits.map(|digit| i64::from(digit - b'0'));
        self.integer = self.integer.wrapping_mul(1000).wrapping_add(a * 100 + b * 10 + c);
        self.count += 3;
    }

    /// Whether the integer holds them all.
    pub(crate) fn fit(&self) -> bool {
        self.count <= MAX_COMMON_DIGITS
    }

    /// The number of which the last so many are decimals; `None` when it might not be held exactly.
    ///
    /// Both the integer and the power of ten are exact floats, so the one rounding of the division gives the float nearest to the text.
    #[expect(clippy::cast_precision_loss, reason = "at most 15 digits")]
    pub(crate) fn number(self, decimals: usize) -> Option<Printed> {
        const POWERS: [f64; MAX_EXACT_DIGITS + 1] =
            [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        let number = match decimals {
            0 if self.fit() => Number::exact(self.integer),
            1.. if self.count <= MAX_EXACT_DIGITS => Number::inexact(self.integer as f64 / POWERS[decimals])?,
            _ => return None,
        };
        Some(Printed { number, decimals, flags: Flags::default() })
    }
}

/// A number without groups, with a decimal point.
struct Plain {
    text: String,
    decimals: usize,
}

fn plain_digits(text: &str, notation: Notation) -> Result<Plain, NumberError> {
    let (whole, fraction) = match text.split_once(notation.decimal_mark()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut plain = Plain { text: String::with_capacity(text.len()), decimals: 0 };
    ungroup(whole, notation, &mut plain.text)?;
    if let Some(fraction) = fraction {
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(misfit(fraction, notation));
        }
        plain.decimals = fraction.len();
        plain.text.push('.');
        plain.text.push_str(fraction);
    }
    Ok(plain)
}

/// Appends the digits of a grouped integer.
fn ungroup(text: &str, notation: Notation, into: &mut String) -> Result<(), NumberError> {
    let Some(mark) = text.chars().find(|c| !c.is_ascii_digit()) else {
        into.push_str(text);
        return if text.is_empty() { Err(NumberError::Shape) } else { Ok(()) };
    };
    if !notation.groups_with(mark) {
        return Err(misfit(text, notation));
    }
    let groups: Vec<&str> = text.split(mark).collect();
    let last = groups.len() - 1;
    for (i, group) in groups.iter().enumerate() {
        let complete = match group.len() {
            3 => true,
            2 => i < last,
            1 => i == 0,
            _ => false,
        };
        if !complete || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(misfit(text, notation));
        }
        into.push_str(group);
    }
    Ok(())
}

/// Marks and digits in the wrong places contradict the notation; anything else is no number at all.
fn misfit(text: &str, notation: Notation) -> NumberError {
    let mark = |c: char| Notation::Point.groups_with(c) || Notation::Comma.groups_with(c);
    if text.chars().all(|c| c.is_ascii_digit() || mark(c)) { NumberError::Notation(notation) } else { NumberError::Shape }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, notation: Notation) -> Result<(f64, Option<i64>), NumberError> {
        number(text, notation).map(|printed| (printed.number.value, printed.number.count))
    }

    #[test]
    fn integers_are_exact_in_every_locale() {
        use Notation::{Comma, Point};
        for (text, notation) in [
            ("2715014", Point),
            ("2,715,014", Point),
            ("2.715.014", Comma),
            ("2 715 014", Comma),
            ("2\u{202f}715\u{202f}014", Comma),
            ("2\u{a0}715\u{a0}014", Comma),
            ("2\u{2019}715\u{2019}014", Point),
            ("2'715'014", Point),
            ("27,15,014", Point),
        ] {
            assert_eq!(read(text, notation), Ok((2_715_014.0, Some(2_715_014))), "{text}");
        }
        assert_eq!(read("9223372036854775807", Point), Ok((9_223_372_036_854_775_807.0, Some(i64::MAX))));
        assert_eq!(read("9007199254740993", Point).map(|n| n.1), Ok(Some(9_007_199_254_740_993)));
        assert_eq!(read("-5", Point), Ok((-5.0, Some(-5))));
    }

    #[test]
    fn an_integer_beyond_i64_is_kept_and_flagged() {
        let wrapped = number("18,446,744,073,709,551,616", Notation::Point).expect("a number");
        assert_eq!(wrapped.number, Number { value: 18_446_744_073_709_551_616.0, count: None });
        assert!(wrapped.flags.contains(Flags::BEYOND_I64));
    }

    #[test]
    fn decimals_follow_the_mark_of_the_source() {
        assert_eq!(read("1.234,56", Notation::Comma), Ok((1234.56, None)));
        assert_eq!(read("1,234.56", Notation::Point), Ok((1234.56, None)));
        assert_eq!(read("1255.538611", Notation::Point), Ok((1_255.538_611, None)));
    }

    #[test]
    fn decimals_are_the_nearest_float_by_either_way() {
        for text in ["0.1", "1.005", "123456789.123456", "0.30", "999999999999.999", "7.006649231704", "0.000001"] {
            assert_eq!(read(text, Notation::Point), Ok((text.parse().expect("a float"), None)), "{text}");
        }
    }

    #[test]
    fn what_contradicts_the_notation_is_an_error() {
        use NumberError::{Notation as Against, Shape};
        assert_eq!(read("1,04", Notation::Point), Err(Against(Notation::Point)));
        assert_eq!(read("1.04", Notation::Comma), Err(Against(Notation::Comma)));
        assert_eq!(read("1.2.3", Notation::Point), Err(Against(Notation::Point)));
        assert_eq!(read("1234,567", Notation::Point), Err(Against(Notation::Point)));
        for text in ["", "-", "x", "12x", "nan", "inf", "1e400", "<not"] {
            assert_eq!(read(text, Notation::Point), Err(Shape), "{text}");
        }
    }
}
