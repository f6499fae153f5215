//! A row of either form, and its count and percentage.

use crate::model::{Flags, Number, RejectKind, Status};
use crate::parse::builder::MAX_NAME;
use crate::parse::notation::Notation;
use crate::parse::number::number;

/// What ocount prints instead of a percentage for an event that was never enabled; the count beside it means nothing.
pub(super) const NOT_COUNTED: &str = "Event not counted";

/// One row.
#[derive(Debug, PartialEq)]
pub(super) struct Row<'a> {
    /// CPU or task, where they are kept apart.
    pub(super) owner: Option<i64>,
    /// The event with mask and mode as printed.
    pub(super) event: &'a str,
    /// Whether there is a number.
    pub(super) status: Status,
    /// The number.
    pub(super) number: Option<Number>,
    /// Remarks on it.
    pub(super) flags: Flags,
    /// Share of the time that the event was on a counter.
    pub(super) percent: Option<f64>,
}

/// Why a line that stands where a row is due is none.
pub(super) type Refusal = (RejectKind, String);

/// Puts a row of an event together. With owners a percentage of `0` without decimals stands for [`NOT_COUNTED`].
pub(super) fn row<'a>(owner: Option<i64>, event: &'a str, count: &str, share: &str) -> Result<Row<'a>, Refusal> {
    let printed = number(count, Notation::Point).map_err(|error| (RejectKind::Number, format!("count: {error}")))?;
    if printed.decimals > 0 || count.starts_with('-') {
        return Err((RejectKind::Number, "count: not a whole number".to_owned()));
    }
    let absent = share == NOT_COUNTED || owner.is_some() && share == "0";
    if absent && count != "0" {
        return Err((RejectKind::Row, "a count of an event that was not counted".to_owned()));
    }
    if absent {
        return Ok(Row { owner, event, status: Status::NotCounted, number: None, flags: Flags::default(), percent: None });
    }
    let percent =
        percent(share).ok_or_else(|| (RejectKind::Row, "no percentage with two decimals behind the count".to_owned()))?;
    Ok(Row {
        owner,
        event,
        status: Status::Counted,
        number: Some(printed.number),
        flags: printed.flags,
        percent: Some(percent),
    })
}

/// A percentage: always two decimals, at most 100.
pub(super) fn percent(text: &str) -> Option<f64> {
    let [whole @ .., b'.', tenths, hundredths] = text.as_bytes() else { return None };
    let digits = || whole.iter().chain([tenths, hundredths]);
    let is_share = matches!(whole.len(), 1..=3) && digits().all(u8::is_ascii_digit);
    let number = || digits().fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
    is_share.then(number).filter(|hundredths| *hundredths <= 100 * 100).map(|hundredths| f64::from(hundredths) / 100.0)
}

/// Whether a text can be an event: it begins like a name, and its unit mask and mode hold no blanks or commas.
pub(super) fn is_event(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_has_two_decimals_and_is_no_more_than_all() {
        for (text, number) in [("100.00", 100.0), ("0.00", 0.0), ("99.99", 99.99), ("8.07", 8.07), ("007.50", 7.5)] {
            assert_eq!(percent(text), Some(number), "{text}");
        }
        for text in
            ["", "100", "100.01", "1.5", "1.500", ".50", "0100.00", "1,50", "-1.00", "a.00", "1.a0", "99999999999999999999.00"]
        {
            assert_eq!(percent(text), None, "{text}");
        }
    }
}
