//! Pieces of a line that every part of the text format shares.

use nom::combinator::{fail, verify};
use nom::error::Error;
use nom::{IResult, Parser};

use crate::parse::lines::{BLANKS, behind_blanks};

/// What a nom function of this format gives; the errors only say "not this", so nom's smallest error will do.
pub(super) type Step<'a, T> = IResult<&'a str, T, Error<&'a str>>;

/// Whether a character separates columns. Mail programs turn blanks into U+00A0.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}')
}

/// The text behind its leading blanks.
pub(super) fn skip_blanks(text: &str) -> &str {
    let rest = behind_blanks(text);
    if rest.starts_with('\u{a0}') { rest.trim_start_matches(is_blank) } else { rest }
}

/// The text before its trailing blanks.
pub(super) fn trim_blanks(text: &str) -> &str {
    let mut rest = text.as_bytes();
    while let Some((before, word)) = rest.split_last_chunk() {
        match u64::from_le_bytes(*word) ^ BLANKS {
            0 => rest = before,
            others => {
                rest = &rest[..rest.len() - others.leading_zeros() as usize / 8];
                break;
            }
        }
    }
    while let [before @ .., b' ' | b'\t'] = rest {
        rest = before;
    }
    let text = &text[..rest.len()];
    if let [.., 0xc2, 0xa0] = rest { text.trim_end_matches(is_blank) } else { text }
}

/// One in each of eight bytes.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The length of the word that a text begins with: it ends at a blank, or with the text.
pub(super) fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    loop {
        end += graphic_length(&bytes[end..]);
        match bytes[end..] {
            [] | [b' ' | b'\t', ..] | [0xc2, 0xa0, ..] => return end,
            _ => end += 1,
        }
    }
}

/// How many bytes a text begins with that are graphic ASCII, or fewer where less than eight bytes are left; eight at a time.
fn graphic_length(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(word) = bytes[end..].first_chunk() {
        let word = u64::from_le_bytes(*word);
        // The highest bit of a byte is set where it was, or where 0x21 was too much to take from it.
        let others = (word.wrapping_sub(EACH * 0x21) | word) & (EACH * 0x80);
        end += others.trailing_zeros() as usize / 8;
        if others != 0 {
            break;
        }
    }
    end
}

/// A line without the marks that mails and tables put in front of a quoted output (`> > `, ` | `).
pub(super) fn unquoted(line: &str) -> &str {
    unquoted_start(line).0
}

/// The same, and the text behind its leading blanks.
#[inline]
pub(super) fn unquoted_start(line: &str) -> (&str, &str) {
    let start = skip_blanks(line);
    let (b'>' | b'|') = start.as_bytes().first().copied().unwrap_or_default() else {
        return (line, start);
    };
    let content = line.trim_start_matches(|c: char| is_blank(c) || matches!(c, '>' | '|'));
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

/// The length of a number as any locale prints it, uninterpreted: digits with marks between them, also single blanks between groups
/// of three; 0 where there is none.
///
/// Each row is asked for numbers at several places, so this is a loop over bytes.
pub(super) fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let first = sign + digits(&bytes[sign..]);
    if first == sign {
        return 0;
    }
    let mut rest = &bytes[first..];
    // Nearly every mark stands between digits, and nearly every number ends at a blank in front of another blank or a letter.
    while let [mark, next, ..] = *rest {
        let digit_behind = next.is_ascii_digit();
        let length = if digit_behind && matches!(mark, b',' | b'.' | b'\'') {
            1 + digits(&rest[1..])
        } else if mark == b' ' {
            if digit_behind && digits(&rest[1..rest.len().min(5)]) == 3 { 4 } else { 0 }
        } else if mark.is_ascii_alphanumeric() {
            0
        } else {
            rare_marks(rest)
        };
        if length == 0 {
            break;
        }
        rest = &rest[length..];
    }
    bytes.len() - rest.len()
}

/// The same as a step of nom.
pub(super) fn number_token(input: &str) -> Step<'_, &str> {
    match number_length(input) {
        0 => fail().parse(input),
        end => Ok((&input[end..], &input[..end])),
    }
}

/// The length of marks beyond ASCII, or of more than one, and of the digits behind them; 0 where there are none.
#[cold]
fn rare_marks(bytes: &[u8]) -> usize {
    let mut behind = bytes;
    // U+2019, U+00A0 and U+202F in UTF-8.
    while let [b'.' | b',' | b'\'', rest @ ..] | [0xe2, 0x80, 0x99 | 0xaf, rest @ ..] | [0xc2, 0xa0, rest @ ..] = behind {
        behind = rest;
    }
    match digits(behind) {
        0 => 0,
        count => bytes.len() - behind.len() + count,
    }
}

/// How many digits a text begins with.
pub(super) fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The time column of an interval row and what follows it: seconds with nine decimals behind a point, whatever the locale.
/// Nanoseconds.
pub(super) fn interval_time(text: &str) -> Option<(i64, &str)> {
    // Nearly every row begins with a count instead.
    let point = digits(text.as_bytes());
    if text.as_bytes().get(point) == Some(&b'.') { time_of(text, point) } else { None }
}

/// The time whose decimal point stands at a place, and what follows it.
fn time_of(text: &str, point: usize) -> Option<(i64, &str)> {
    let (seconds, decimals) = (&text[..point], &text[point + 1..]);
    if seconds.is_empty() || digits(decimals.as_bytes()) != 9 {
        return None;
    }
    let (fraction, behind) = decimals.split_at(9);
    let rest = skip_blanks(behind);
    if rest.len() == behind.len() {
        return None;
    }
    let seconds: i64 = seconds.parse().ok()?;
    Some((seconds.checked_mul(1_000_000_000)?.checked_add(fraction.parse().ok()?)?, rest))
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
    fn blanks_and_words_of_any_length_are_measured() {
        for length in 0..20 {
            let (blanks, word) = (" ".repeat(length), "x".repeat(length));
            assert_eq!(skip_blanks(&format!("{blanks}\t\u{a0} x ")), "x ");
            assert_eq!(trim_blanks(&format!(" x\u{a0}\t{blanks}")), " x");
            for end in ["", " ", "\t", "\u{a0}y"] {
                assert_eq!(word_length(&format!("{word}é{word}{end}")), 2 * length + 2);
            }
        }
    }

    #[test]
    fn interval_times_are_exact() {
        assert_eq!(interval_time("0.100575421   x"), Some((100_575_421, "x")));
        assert_eq!(interval_time("0.10057542 x"), None);
        assert_eq!(interval_time("0.015665808"), None);
    }
}
