//! Rows of the brief form: `[ID,]EVENT[:MASK[:K:U]],COUNT,PERCENT`.

use memchr::{memchr, memchr_iter};

use super::line::{Content, content};
use super::row::{NOT_COUNTED, Refusal, Row, is_event, percent, row};
use crate::model::RejectKind;
use crate::parse::Evidence;
use crate::parse::lines::{Lines, behind_blanks, count_lines};
use crate::parse::number::is_digits;

/// Reads a line; `None` when it does not have the shape of a row.
///
/// The workload writes to the same stream, so only three or four cells with a name in its place and a share at the end make a row.
pub(super) fn read(line: &str) -> Option<Result<Row<'_>, Refusal>> {
    // Most lines of other formats end in something else, which their last letter tells.
    let last = line.trim_ascii_end().bytes().next_back()?;
    (last.is_ascii_digit() || last == b'd' || !last.is_ascii_graphic()).then_some(())?;
    let line = line.trim_end();
    (line.ends_with(|last: char| last.is_ascii_digit()) || line.ends_with(NOT_COUNTED)).then_some(())?;
    let (owner, event, count, share) = cells(line)?;
    let owner = match owner {
        Some(owner) => Some(id(owner)?),
        None => None,
    };
    let is_share = percent(share).is_some() || share == NOT_COUNTED || owner.is_some() && share == "0";
    (is_event(event) && is_share).then(|| row(owner, event, count, share))
}

/// The refusal of a line that would be a row but for its last cell: the source was cut or damaged in it.
pub(super) fn damaged(line: &str) -> Option<Refusal> {
    let (owner, event, count, _) = cells(line)?;
    owner.map_or(Some(0), id)?;
    (is_event(event) && is_digits(count))
        .then(|| (RejectKind::Row, "no percentage with two decimals behind the count".to_owned()))
}

/// Owner, event, count and share, when there are three or four cells.
fn cells(line: &str) -> Option<(Option<&str>, &str, &str, &str)> {
    let line = line.trim();
    let mut commas = memchr_iter(b',', line.as_bytes());
    let (one, two) = (commas.next()?, commas.next()?);
    let (first, second) = (&line[..one], &line[one + 1..two]);
    match (commas.next(), commas.next()) {
        (None, _) => Some((None, first, second, &line[two + 1..])),
        (Some(three), None) => Some((Some(first), second, &line[two + 1..three], &line[three + 1..])),
        (Some(_), Some(_)) => None,
    }
}

fn id(text: &str) -> Option<i64> {
    is_digits(text).then(|| text.parse().ok())?
}

/// What speaks for the brief form. A row alone looks like any table of a name, a number and a share: either it follows what ocount
/// prints before its rows (an empty line, a time), or every line is such a row.
pub(super) fn evidence(text: &str) -> Option<Evidence> {
    let row = announced_or_alone(text)?;
    let line = count_lines(&text[..text.len() - row.len()]) + 1;
    Some(Evidence::new(line, "a row of event, count and percentage of ocount -b").weak())
}

/// The text from the row on that shows the form.
fn announced_or_alone(text: &str) -> Option<&str> {
    let (mut rest, mut first, mut before, mut others) = (text, None, false, false);
    while !rest.is_empty() {
        let end = memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
        let (line, behind) = rest.split_at(end);
        match content(line) {
            Content::Blank | Content::Time(_) => before = true,
            Content::Note => {}
            Content::Other if matches!(read(line), Some(Ok(_))) => {
                if before {
                    return Some(rest);
                }
                first = first.or(Some(rest));
            }
            _ => {
                (others, before, rest) = (true, false, from_part(behind));
                continue;
            }
        }
        rest = behind;
    }
    first.filter(|_| !others)
}

/// From the next line on that may be empty or a time: below a line of something else only these announce rows.
fn from_part(text: &str) -> &str {
    let begins = std::iter::once(0).chain(memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    let mut parts = begins.map(|at| &text[at..]);
    parts.find(|part| may_part(part)).unwrap_or("")
}

/// Whether a text may begin with such a line: most others are told by their first letter.
fn may_part(text: &str) -> bool {
    let first = behind_blanks(text).bytes().next();
    first.is_none_or(|first| matches!(first, b'C' | b't') || !first.is_ascii_graphic())
}

/// Whether the first of four cells is a CPU: task 0 does not exist, so a 0 decides it. Without one nothing in the form tells.
pub(super) fn is_per_cpu(text: &str) -> bool {
    let of_first =
        |line: &str| line.trim_start().starts_with('0') && matches!(read(line), Some(Ok(Row { owner: Some(0), .. })));
    Lines::new(text).any(|line| of_first(line.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_workload_are_no_rows() {
        for line in ["loops,42", "done 17%", "a b,1,100.00", "1,2,3.00", "a,b,c,d,e", "", "timestamp,1795360242.3"] {
            assert!(read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_row_is_announced_by_an_empty_line_or_a_time_whatever_stands_between_others() {
        for (text, line) in [
            ("hello\n \t\r\nX,12,34.50\n", Some(3)),
            ("hello\nX,1,2.50\n\u{a0}\nocount: Press Ctl-c or else\nX,12,34.50\n", Some(5)),
            ("hello\n     timestamp,1795360242.3\nX,12,34.50", Some(3)),
            ("X,12,34.50\n\nY,12,34.50\nhello\n", Some(3)),
            ("hello\n\nhello\nX,12,34.50\n", None),
            ("X,12,34.50\nhello", None),
            ("hello\n\n", None),
        ] {
            assert_eq!(evidence(text).map(|evidence| evidence.line), line, "{text:?}");
        }
    }

    #[test]
    fn a_table_of_names_and_numbers_is_not_taken_for_it() {
        assert_eq!(evidence("name,number,share\nfoo,12,34.50\n"), None);
        assert_eq!(evidence("805623,,cycles,100,100.00\n"), None);
        assert_eq!(evidence("hello\n\nX,12,34.50\n").map(|evidence| evidence.line), Some(3));
        assert_eq!(evidence("X,12,34.50\n").map(|evidence| evidence.line), Some(1));
    }
}
