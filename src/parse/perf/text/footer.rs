//! The lines that close a block: elapsed, user and system time.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::combinator::{opt, value};
use nom::sequence::{preceded, terminated};

use super::layout::{Step, blanks, blanks1, number_token};
use super::tail::Tail;

/// How the only footer of 2.6.31 begins.
const WALL_CLOCK: &str = "Wall-clock time elapsed:";

/// Which time a footer states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// `seconds time elapsed`.
    Elapsed,
    /// `Wall-clock time elapsed: N msecs` (2.6.31): milliseconds.
    ElapsedMsec,
    /// `seconds user`.
    User,
    /// `seconds sys`.
    System,
}

/// A footer line, its number uninterpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Footer<'a> {
    /// Which time.
    pub(super) time: Time,
    /// The number.
    pub(super) number: &'a str,
    /// The percentage behind it.
    pub(super) tail: Tail<'a>,
}

/// Reads a footer line, without the blanks in front of it and the tail behind it.
pub(super) fn footer<'a>(text: &'a str, tail: Tail<'a>) -> Option<Footer<'a>> {
    // Most lines are no footer: a look at how every footer ends is cheaper than reading it.
    let last = text.as_bytes().last()?;
    if last.is_ascii_graphic() && !matches!(last, b'd' | b'r' | b's') {
        return None;
    }
    let end = text.trim_end();
    if !["elapsed", "user", "sys", "msecs"].iter().any(|word| end.ends_with(word)) {
        return None;
    }
    let (rest, (number, time)) = alt((seconds, wall_clock)).parse(text).ok()?;
    rest.trim().is_empty().then_some(Footer { time, number, tail })
}

/// `0.015262 +- 0.000410 seconds time elapsed`
fn seconds(input: &str) -> Step<'_, (&str, Time)> {
    let error = (blanks1, tag("+-"), blanks1, number_token);
    let kind =
        alt((value(Time::Elapsed, tag("time elapsed")), value(Time::User, tag("user")), value(Time::System, tag("sys"))));
    (terminated(number_token, opt(error)), preceded((blanks1, tag("seconds "), blanks), kind)).parse(input)
}

/// `Wall-clock time elapsed:   123.786620 msecs`
fn wall_clock(input: &str) -> Step<'_, (&str, Time)> {
    let number = preceded((tag(WALL_CLOCK), blanks), terminated(number_token, (blanks1, tag("msecs"))));
    number.map(|number| (number, Time::ElapsedMsec)).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::perf::text::tail;

    fn read(line: &str) -> Option<Footer<'_>> {
        let (text, tail) = tail::split(line.trim_start());
        footer(text, tail)
    }

    #[test]
    fn footers_of_every_age_are_read() {
        for (line, time, number, spread) in [
            (" Wall-clock time elapsed:   123.786620 msecs", Time::ElapsedMsec, "123.786620", None),
            ("        0.957617512  seconds time elapsed   ( +-   0.120% )", Time::Elapsed, "0.957617512", Some("0.120")),
            ("       0,051852060 seconds time elapsed", Time::Elapsed, "0,051852060", None),
            ("          0.015262 +- 0.000410 seconds time elapsed  ( +-  2.69% )", Time::Elapsed, "0.015262", Some("2.69")),
            ("       0.001658000 seconds user", Time::User, "0.001658000", None),
            ("       0.000000000 seconds sys", Time::System, "0.000000000", None),
        ] {
            assert_eq!(read(line), Some(Footer { time, number, tail: Tail { spread, running: None } }), "{line}");
        }
        assert_eq!(read("12 seconds left"), None);
        assert_eq!(read("# before:  33.759 +- 0.286 seconds time elapsed"), None);
    }
}
