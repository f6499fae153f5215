//! The label of a row: the part of the machine, or the thread, that its counter covers.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, digit1, i32 as integer};
use nom::combinator::{opt, peek, recognize, verify};
use nom::multi::many0_count;
use nom::sequence::{pair, preceded, terminated};

use super::layout::{Step, blanks, blanks1, is_blank};
use super::row::group;
use super::value::value_column;

/// Blanks in front of the name of a metric group at least: it is aligned to the right in 33 columns, where an event begins behind the
/// unit column.
const GROUP_GAP: usize = 10;

/// Bytes of the name of a thread at most: the kernel keeps 15 (`TASK_COMM_LEN`), and some copies indent them. Each dash of a line costs a
/// look at what is behind it.
const LONGEST_COMMAND: usize = 64;

/// `CPU0`, `S0-D0-C0 1`, `S0 2`, `N0 2`: the label and the number of counters behind it.
pub(super) fn label(input: &str) -> Step<'_, (&str, Option<i32>)> {
    let cpu = recognize(pair(tag("CPU"), digit1));
    let node = recognize(pair(char('N'), digit1));
    let part = alt((tag("CLS"), tag("ID"), tag("D"), tag("C"), tag("L")));
    let socket = recognize((char('S'), digit1, many0_count((char('-'), part, digit1))));
    // Two numbers in a row: the first is the number of counters. One number alone is the value, unless a metric group is named there.
    let valued = (blanks1, peek(alt((value_column.map(|_| ()), char('#').map(|_| ()), blanks_end)))).map(|_| ());
    let members = terminated(integer, alt((valued, before_group)));
    terminated((alt((cpu, socket, node)), preceded(alt((blanks1, nom::combinator::eof)), opt(members))), blanks).parse(input)
}

fn blanks_end(input: &str) -> Step<'_, ()> {
    nom::combinator::eof.map(|_| ()).parse(input)
}

/// The blanks between the number of counters and the name of a metric group.
fn before_group(input: &str) -> Step<'_, ()> {
    let (rest, _) = verify(blanks, |gap: &str| gap.len() >= GROUP_GAP).parse(input)?;
    let named = verify(nom::combinator::rest, |rest: &str| group(rest).is_some());
    peek(named).map(|_| ()).parse(rest)
}

/// `comm-pid`, where the command may hold blanks, commas and dashes: the first `-DIGITS` that a value follows ends it, or a metric.
///
/// `known`: a further metric may follow alone, which a row of a thread must have stood above.
pub(super) fn thread(text: &str, known: bool) -> Option<(&str, &str)> {
    text.match_indices('-').take_while(|(at, _)| *at <= LONGEST_COMMAND).find_map(|(at, _)| {
        let behind: Step<'_, &str> = terminated(digit1, blanks1).parse(&text[at + 1..]);
        let (rest, _) = behind.ok()?;
        let valued = terminated(value_column, blanks1).parse(rest).is_ok_and(|(_, value)| !value.starts_with('-'));
        let followed = valued || known && rest.starts_with("# ") || group(rest).is_some();
        (at > 0 && followed).then(|| (text[..text.len() - rest.len()].trim_end_matches(is_blank), rest))
    })
}
