//! Rows of the table for people.

use super::line::Owner;
use super::row::{NOT_COUNTED, Refusal, Row, is_event, row};
use crate::model::RejectKind;

/// Reads a line below the titles.
pub(super) fn read(line: &str, owner: Owner) -> Result<Row<'_>, Refusal> {
    let due = || (RejectKind::Row, "a row of event, count and percentage is due here".to_owned());
    let (event, rest) = line.trim().split_once(char::is_whitespace).ok_or_else(due)?;
    let (id, rest) = match owner {
        Owner::Run => (None, rest.trim()),
        Owner::Cpu | Owner::Task => {
            let (id, rest) = rest.trim().split_once(char::is_whitespace).ok_or_else(due)?;
            (Some(id.parse().map_err(|_| due())?), rest.trim())
        }
    };
    let (count, share) = split(rest).ok_or_else(due)?;
    if !is_event(event) {
        return Err((RejectKind::Name, "no name of an event".to_owned()));
    }
    row(id, event, count, share)
}

/// Parts count and percentage. A count of 19 digits fills its column of 25 characters, and the percentage follows without a blank:
/// `1,234,567,890,123,456,768100.00`.
fn split(text: &str) -> Option<(&str, &str)> {
    if let Some(count) = text.strip_suffix(NOT_COUNTED) {
        return Some((count.trim_end(), NOT_COUNTED));
    }
    if let Some((count, share)) = text.split_once(char::is_whitespace) {
        return Some((count, share.trim_start()));
    }
    let last_group = text.rfind(',')? + 1;
    text.split_at_checked(last_group + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_glued_to_its_percentage_is_parted_by_its_groups() {
        let row = read("\tLLC_MISSES               1,234,567,890,123,456,768100.00", Owner::Run).unwrap();
        assert_eq!((row.number.and_then(|number| number.count), row.percent), (Some(1_234_567_890_123_456_768), Some(100.0)));
        let row = read("\tLLC_MISSES               1,234,567,890,123,456,76898.50", Owner::Run).unwrap();
        assert_eq!((row.number.and_then(|number| number.count), row.percent), (Some(1_234_567_890_123_456_768), Some(98.5)));
    }

    #[test]
    fn broken_rows_are_refused() {
        for line in [
            "X",
            "X 1",
            "X 12,34 100.00",
            "X 1 100",
            "X 1 101.00",
            "X 1.5 99.00",
            "X 5 Event not counted",
            "9 9 99.00",
            "X 1,ä23",
        ] {
            assert!(read(line, Owner::Run).is_err(), "{line}");
        }
        assert!(read("X a 1 100.00", Owner::Cpu).is_err());
    }
}
