//! Pieces of a line that every part of the text format shares.

use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::character::complete::char;
use nom::combinator::{fail, map_opt, opt, recognize, verify};
use nom::error::Error;
use nom::multi::many0_count;
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

/// What a nom function of this format gives; the errors only say "not this", so nom's smallest error will do.
pub(super) type Step<'a, T> = IResult<&'a str, T, Error<&'a str>>;

/// Whether a character separates columns. Mail programs turn blanks into U+00A0.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}')
}

/// The text behind its leading blanks.
pub(super) fn skip_blanks(text: &str) -> &str {
    let plain = text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = &text[plain..];
    if text.starts_with('\u{a0}') { text.trim_start_matches(is_blank) } else { text }
}

/// The text before its trailing blanks.
pub(super) fn trim_blanks(text: &str) -> &str {
    let plain = text.bytes().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = &text[..text.len() - plain];
    if text.ends_with('\u{a0}') { text.trim_end_matches(is_blank) } else { text }
}

/// A line without the marks that mails and tables put in front of a quoted output (`> > `, ` | `).
pub(super) fn unquoted(line: &str) -> &str {
    let quote = |c: char| matches!(c, '>' | '|');
    if skip_blanks(line).starts_with(quote) { line.trim_start_matches(|c: char| is_blank(c) || quote(c)) } else { line }
}

/// Any number of blanks.
#[expect(clippy::unnecessary_wraps, reason = "a nom parser like the others")]
pub(super) fn blanks(input: &str) -> Step<'_, &str> {
    let rest = skip_blanks(input);
    Ok((rest, &input[..input.len() - rest.len()]))
}

/// At least one blank.
pub(super) fn blanks1(input: &str) -> Step<'_, &str> {
    verify(blanks, |blanks: &str| !blanks.is_empty()).parse(input)
}

/// A number as any locale prints it, uninterpreted: digits with marks between them, also single blanks between groups of three.
pub(super) fn number_token(input: &str) -> Step<'_, &str> {
    let mark = take_while1(|c| matches!(c, '.' | ',' | '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}'));
    let marked = recognize(pair(mark, digits));
    recognize((opt(char('-')), digits, many0_count(alt((marked, blank_group))))).parse(input)
}

/// At least one digit.
fn digits(input: &str) -> Step<'_, &str> {
    let end = input.bytes().take_while(u8::is_ascii_digit).count();
    if end == 0 { fail().parse(input) } else { Ok((&input[end..], &input[..end])) }
}

/// A blank and a group of exactly three digits, as some locales group thousands.
fn blank_group(input: &str) -> Step<'_, &str> {
    let three = verify(digits, |digits: &str| digits.len() == 3);
    recognize(preceded(char(' '), three)).parse(input)
}

/// The time column of an interval row: seconds with nine decimals behind a point, whatever the locale. Nanoseconds.
pub(super) fn interval_time(input: &str) -> Step<'_, i64> {
    let nine = verify(digits, |digits: &str| digits.len() == 9);
    let time = terminated((digits, char('.'), nine), blanks1);
    map_opt(time, |(seconds, _, fraction): (&str, char, &str)| {
        let seconds: i64 = seconds.parse().ok()?;
        seconds.checked_mul(1_000_000_000)?.checked_add(fraction.parse().ok()?)
    })
    .parse(input)
}

/// Whether a text is nothing but the time of an interval.
pub(super) fn is_interval_time(text: &str) -> bool {
    text.split_once('.').is_some_and(|(seconds, fraction)| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !seconds.is_empty() && fraction.len() == 9 && digits(seconds) && digits(fraction)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_token_ends_where_no_locale_goes_on() {
        for (text, token) in [
            ("1,234.56 msec", "1,234.56"),
            ("2 527 172      cycles", "2 527 172"),
            ("2\u{202f}527 x", "2\u{202f}527"),
            ("2\u{2019}400\u{2019}972  c", "2\u{2019}400\u{2019}972"),
            ("27,15,014 x", "27,15,014"),
            ("12 cycles", "12"),
            ("1  234", "1"),
        ] {
            assert_eq!(number_token(text).map(|step| step.1), Ok(token), "{text}");
        }
        assert!(number_token("<not counted>").is_err());
    }

    #[test]
    fn interval_times_are_exact() {
        assert_eq!(interval_time("0.100575421   x"), Ok(("x", 100_575_421)));
        assert!(interval_time("0.10057542 x").is_err());
        assert!(interval_time("0.015665808").is_err());
    }
}
