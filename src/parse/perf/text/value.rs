//! The numbers of a row: its value column, and those of metrics.

use nom::Parser;
use nom::combinator::fail;

use super::layout::{Step, digits, number_length, skip_blanks};
use crate::parse::notation::Notation;
use crate::parse::number::{self, Groups, NumberError, Printed};

/// As perf prints it where an event never got a counter.
const NOT_COUNTED: &str = "<not counted>";
/// As perf prints it where the machine does not know an event.
const NOT_SUPPORTED: &str = "<not supported>";

/// The value column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    /// A number.
    Number {
        /// As it stands in the row.
        text: &'a str,
        /// What it is in a notation, when it is written in the usual way of that.
        read: Option<(Notation, Printed)>,
    },
    /// `<not counted>`.
    NotCounted,
    /// `<not supported>`.
    NotSupported,
}

/// The value column and what follows it.
pub(super) fn leading_value(text: &str, notation: Notation) -> Option<(Value<'_>, &str)> {
    // Three digits behind a blank may be a group of the number.
    let ends = |length: usize| match text.as_bytes()[length..] {
        [] | [b' '] => true,
        [b' ', next, ..] => !next.is_ascii_digit(),
        _ => false,
    };
    if let Some((printed, length)) = number::leading(text, notation, Groups::Any)
        && ends(length)
    {
        return Some((Value::Number { text: &text[..length], read: Some((notation, printed)) }, &text[length..]));
    }
    let (word, rest) = text.split_at(value_length(text));
    let value = match word {
        "" => return None,
        NOT_COUNTED => Value::NotCounted,
        NOT_SUPPORTED => Value::NotSupported,
        text => Value::Number { text, read: None },
    };
    Some((value, rest))
}

/// The length of the value that a text begins with; 0 where there is none.
fn value_length(text: &str) -> usize {
    match [NOT_COUNTED, NOT_SUPPORTED].into_iter().find(|word| text.starts_with(word)) {
        Some(word) => word.len(),
        None => number_length(text),
    }
}

/// The value column as a step of nom.
pub(super) fn value_column(input: &str) -> Step<'_, &str> {
    match value_length(input) {
        0 => fail().parse(input),
        length => Ok((&input[length..], &input[..length])),
    }
}

/// Whether a text begins with the number of a metric, or with what C prints for one that perf divided by zero.
pub(super) fn is_metric(text: &str) -> bool {
    metric_length(text) > 0 || is_not_a_number(text)
}

/// Whether a metric is `nan` or `inf`, as C prints them.
pub(super) fn is_not_a_number(text: &str) -> bool {
    ["nan", "-nan", "inf", "-inf"].iter().any(|word| text.split(' ').next() == Some(word))
}

/// The number of a metric, without blanks behind it, and the text behind that number (`%` first when it stands there).
///
/// perf never groups the digits of a metric, so a blank ends the number.
pub(super) fn metric_number(text: &str, notation: Notation) -> Option<(Result<Printed, NumberError>, &str)> {
    // Another mark may be a part of the number that only contradicts the notation.
    let ends = |length: usize| !matches!(text.as_bytes().get(length), Some(b'.' | b','));
    let (number, length) = match number::leading(text, notation, Groups::None) {
        Some((printed, length)) if ends(length) => (Ok(printed), length),
        _ => {
            let length = Some(metric_length(text)).filter(|&length| length > 0)?;
            (number::number(&text[..length], notation), length)
        }
    };
    Some((number, skip_blanks(&text[length..])))
}

/// The length of the number that a text begins with, without groups; 0 where there is none.
fn metric_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = sign + digits(&bytes[sign..]);
    match &bytes[whole..] {
        _ if whole == sign => 0,
        [b'.' | b',', b'0'..=b'9', ..] => whole + 1 + digits(&bytes[whole + 1..]),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_at_once_where_its_end_is_sure() {
        for (text, written, read) in [
            ("1,234,567      cycles", "1,234,567", true),
            ("1.79 msec", "1.79", true),
            ("-5", "-5", true),
            ("2 527 172 x", "2 527 172", false),
            ("1.234.567 x", "1.234.567", false),
            ("1234,567 x", "1234,567", false),
            ("12\tx", "12", false),
        ] {
            let Some((Value::Number { text: number, read: known }, _)) = leading_value(text, Notation::Point) else {
                panic!("{text}");
            };
            assert_eq!((number, known.is_some()), (written, read), "{text}");
        }
        assert_eq!(leading_value("x", Notation::Point), None);
    }

    #[test]
    fn metrics_are_never_grouped() {
        let metric =
            |text| metric_number(text, Notation::Point).map(|(number, rest)| (number.map(|n| n.number.value).ok(), rest));
        assert_eq!(metric("0.127 M/sec"), Some((Some(0.127), "M/sec")));
        assert_eq!(metric("7.51% of all"), Some((Some(7.51), "% of all")));
        assert_eq!(metric("1,5 GHz"), Some((None, "GHz")));
        assert_eq!(metric("1,234,567 x"), Some((Some(1234.0), ",567 x")));
        assert_eq!(metric("-nan"), None);
    }
}
