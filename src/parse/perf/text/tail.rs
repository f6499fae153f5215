//! What stands at the end of a row: `( +-  2.00% )` and `(33.33%)`.

use nom::Parser;
use nom::bytes::complete::tag;
use nom::character::complete::char;
use nom::combinator::{all_consuming, opt};
use nom::sequence::{delimited, preceded, terminated};

use super::layout::{Step, blanks, number_token, trim_blanks};

/// The percentages at the end of a row, uninterpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tail<'a> {
    /// Standard error of the mean, percent.
    pub(super) spread: Option<&'a str>,
    /// Time running / time enabled, percent.
    pub(super) running: Option<&'a str>,
}

/// Splits a row into its text and its tail.
pub(super) fn split(row: &str) -> (&str, Tail<'_>) {
    let mut text = trim_blanks(row);
    let mut tail = Tail::default();
    while let Some((at, mark)) = last_mark(text) {
        match mark {
            Mark::Spread(percent) if tail.spread.is_none() => tail.spread = Some(percent),
            Mark::Running(percent) if tail.running.is_none() && tail.spread.is_none() => tail.running = Some(percent),
            _ => break,
        }
        text = trim_blanks(&text[..at]);
    }
    (text, tail)
}

enum Mark<'a> {
    Spread(&'a str),
    Running(&'a str),
}

/// The parenthesis or bracket that ends a text, when it holds a percentage.
fn last_mark(text: &str) -> Option<(usize, Mark<'_>)> {
    let open = match text.as_bytes().last()? {
        b')' => '(',
        b']' => '[',
        _ => return None,
    };
    let at = text.rfind(open)?;
    let inner = &text[at + 1..text.len() - 1];
    if let Ok((_, percent)) = all_consuming(spread).parse(inner) {
        return Some((at, Mark::Spread(percent)));
    }
    all_consuming(running).parse(inner).ok().map(|(_, percent)| (at, Mark::Running(percent)))
}

/// ` +-  2.00% `
fn spread(input: &str) -> Step<'_, &str> {
    delimited((blanks, tag("+-"), blanks), percent, blanks).parse(input)
}

/// `33.33%`; `scaled from 33.33%` before 3.0.
fn running(input: &str) -> Step<'_, &str> {
    preceded((blanks, opt(tag("scaled from "))), percent).parse(input)
}

fn percent(input: &str) -> Step<'_, &str> {
    terminated(number_token, char('%')).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ages_marks_are_taken_off() {
        for (row, text, spread, running) in [
            ("a  # 1 GHz   ( +-  0.90% ) [66.67%]", "a  # 1 GHz", Some("0.90"), Some("66.67")),
            ("a ( +-   0.041% )  (scaled from 50.23%)", "a", Some("0.041"), Some("50.23")),
            ("a      (100,54%)  ", "a", None, Some("100,54")),
            ("task-clock (msec)", "task-clock (msec)", None, None),
            ("a\t(0.00%)", "a", None, Some("0.00")),
        ] {
            assert_eq!(split(row), (text, Tail { spread, running }), "{row}");
        }
    }
}
