//! What stands at the end of a row: `( +-  2.00% )` and `(33.33%)`.

use super::layout::{number_length, skip_blanks, trim_blanks};

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
        b')' => b'(',
        b']' => b'[',
        _ => return None,
    };
    // A percentage is too short to call for a search.
    let at = text.bytes().rposition(|byte| byte == open)?;
    let inner = skip_blanks(&text[at + 1..text.len() - 1]);
    // ` +-  2.00% `
    if let Some(spread) = inner.strip_prefix("+-") {
        return Some((at, Mark::Spread(percent(trim_blanks(skip_blanks(spread)))?)));
    }
    // `33.33%`; `scaled from 33.33%` before 3.0.
    let running = inner.strip_prefix("scaled from ").unwrap_or(inner);
    Some((at, Mark::Running(percent(running)?)))
}

/// The number of a text that is a percentage and nothing else.
fn percent(text: &str) -> Option<&str> {
    let (number, rest) = text.split_at(number_length(text));
    (rest == "%" && !number.is_empty()).then_some(number)
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
