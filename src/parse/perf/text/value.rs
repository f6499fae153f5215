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

/// Whether a text begins with the number of a metric.
pub(super) fn is_metric(text: &str) -> bool {
    metric_length(text) > 0
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
