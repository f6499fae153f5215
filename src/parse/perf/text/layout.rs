//! Pieces of a line that every part of the text format shares.

use nom::character::complete::char;
use nom::combinator::{fail, map_opt, verify};
use nom::error::Error;
use nom::sequence::terminated;
use nom::{IResult, Parser};

/// What a nom function of this format gives; the errors only say "not this", so nom's smallest error will do.
pub(super) type Step<'a, T> = IResult<&'a str, T, Error<&'a str>>;

/// Whether a character separates columns. Mail programs turn blanks into U+00A0.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}')
}

/// The text behind its leading blanks.
pub(super) fn skip_blanks(text: &str) -> &str {
    let mut rest = text.as_bytes();
    while let [b' ' | b'\t', behind @ ..] = rest {
        rest = behind;
    }
    let text = &text[text.len() - rest.len()..];
    if text.starts_with('\u{a0}') { text.trim_start_matches(is_blank) } else { text }
}

/// The text before its trailing blanks.
pub(super) fn trim_blanks(text: &str) -> &str {
    let mut rest = text.as_bytes();
    while let [before @ .., b' ' | b'\t'] = rest {
        rest = before;
    }
    let text = &text[..rest.len()];
    if text.ends_with('\u{a0}') { text.trim_end_matches(is_blank) } else { text }
}

/// A line without the marks that mails and tables put in front of a quoted output (`> > `, ` | `).
pub(super) fn unquoted(line: &str) -> &str {
    unquoted_start(line).0
}

/// The same, and the text behind its leading blanks.
pub(super) fn unquoted_start(line: &str) -> (&str, &str) {
    let quote = |c: char| matches!(c, '>' | '|');
    let start = skip_blanks(line);
    if !start.starts_with(quote) {
        return (line, start);
    }
    let content = line.trim_start_matches(|c: char| is_blank(c) || quote(c));
    (content, content)
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
///
/// Each row is asked for numbers at several places, so this is a loop over bytes.
pub(super) fn number_token(input: &str) -> Step<'_, &str> {
    let sign = usize::from(input.starts_with('-'));
    let mut end = sign + count_digits(&input[sign..]);
    if end == sign {
        return fail().parse(input);
    }
    while let Some(more) = group(&input[end..]) {
        end += more;
    }
    Ok((&input[end..], &input[..end]))
}

/// The length of marks and the digits behind them, or of a blank and exactly three digits, as some locales group thousands.
fn group(text: &str) -> Option<usize> {
    let mark = |c| matches!(c, '.' | ',' | '\'' | '\u{2019}' | '\u{a0}' | '\u{202f}');
    let blank = text.starts_with(' ');
    let marks = match text.as_bytes() {
        [b' ', ..] | [b'.' | b',' | b'\'', b'0'..=b'9', ..] => 1,
        _ => text.len() - text.trim_start_matches(mark).len(),
    };
    let digits = count_digits(&text[marks..]);
    (marks > 0 && digits > 0 && (!blank || digits == 3)).then_some(marks + digits)
}

/// How many digits a text begins with.
pub(super) fn count_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// At least one digit.
fn digits(input: &str) -> Step<'_, &str> {
    let end = count_digits(input);
    if end == 0 { fail().parse(input) } else { Ok((&input[end..], &input[..end])) }
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
            ("1 2345", "1"),
            ("-5. x", "-5"),
            ("1,.5", "1,.5"),
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
