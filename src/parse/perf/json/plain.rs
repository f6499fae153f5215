//! Objects as nearly all are: strings without escapes, and numbers that a float holds exactly. Read in one pass, and nothing is copied.
//!
//! What is read here is read as a strict reader of JSON reads it.

use std::borrow::Cow;

use super::members::Member;

/// Digits that a float gives back as they were, whatever they are.
const MOST_DIGITS: usize = 15;
/// Members of a row, and some.
const USUAL: usize = 12;

/// The members of an object; `None` when it holds anything else, a control character or an escape for one, or is none.
pub(super) fn members(text: &str) -> Option<Vec<Member<'_>>> {
    // Not ended at the first one: so many bytes are looked at at a time.
    let special = text.bytes().fold(0, |found, byte| found | u8::from(byte == b'\\') | u8::from(byte < b' '));
    (special == 0).then_some(())?;
    let mut place = Place { rest: text };
    let mut members = Vec::with_capacity(USUAL);
    place.pass(b'{').then_some(())?;
    loop {
        let key = place.string()?;
        place.pass(b':').then_some(())?;
        let value = place.string().or_else(|| place.number())?;
        members.push((Cow::Borrowed(key), Cow::Borrowed(value)));
        if place.pass(b'}') {
            break;
        }
        place.pass(b',').then_some(())?;
    }
    place.rest.is_empty().then_some(members)
}

/// A place in an object that moves on, always behind blanks.
struct Place<'a> {
    rest: &'a str,
}

impl<'a> Place<'a> {
    /// Goes behind a byte, and the blanks behind it, when it is the next.
    fn pass(&mut self, byte: u8) -> bool {
        let is_next = self.rest.as_bytes().first() == Some(&byte);
        if is_next {
            self.take(1);
        }
        is_next
    }

    /// The text of a string.
    fn string(&mut self) -> Option<&'a str> {
        let inner = self.rest.strip_prefix('"')?;
        // Strings are short: to begin a search for each costs more than a look at their bytes.
        let end = inner.bytes().position(|byte| byte == b'"')?;
        self.take(end + 2);
        Some(&inner[..end])
    }

    /// A number as a float is printed: without zeros behind its last decimal.
    fn number(&mut self) -> Option<&'a str> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let sign = usize::from(self.rest.starts_with('-'));
        let whole = digits(&self.rest[sign..]);
        let has_decimals = self.rest[sign + whole..].starts_with('.');
        let decimals = if has_decimals { digits(&self.rest[sign + whole + 1..]) } else { 0 };
        let padded = whole > 1 && self.rest.as_bytes()[sign] == b'0';
        if whole == 0 || padded || has_decimals && decimals == 0 || whole + decimals > MOST_DIGITS {
            return None;
        }
        let number = self.take(sign + whole + usize::from(has_decimals) + decimals);
        Some(if has_decimals { number.trim_end_matches('0').trim_end_matches('.') } else { number })
    }

    /// Goes on by some bytes and the blanks behind them.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        let blanks = rest.bytes().take_while(|byte| *byte == b' ').count();
        self.rest = &rest[blanks..];
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Option<Vec<String>> {
        members(text).map(|members| members.into_iter().map(|(_, value)| value.into_owned()).collect())
    }

    #[test]
    fn values_are_those_of_a_strict_reader() {
        for number in
            ["0", "-0", "-0.0", "100.00", "33.50", "0.018744", "12.000", "10", "-120.5", "123456789012345", "0.00000000000100"]
        {
            let strict: serde_json::Value = serde_json::from_str(number).expect(number);
            let expected =
                strict.as_u64().map_or_else(|| strict.as_f64().expect(number).to_string(), |number| number.to_string());
            assert_eq!(
                values(&format!("{{ \"a\" : {number} ,  \"b\":\"é\" }} ")),
                Some(vec![expected, "é".to_owned()]),
                "{number}"
            );
        }
    }

    #[test]
    fn anything_else_is_left_to_others() {
        for value in [
            "01",
            "1.",
            ".5",
            "1e3",
            "1234567890123456",
            "+1",
            "-",
            "1 2",
            "\"a\\n\"",
            "\"a\tb\"",
            "null",
            "[1]",
            "{}",
            "\"a",
            "1,",
        ] {
            assert_eq!(values(&format!("{{\"a\" : {value}}}")), None, "{value}");
        }
        for text in ["", "{}", "{\"a\" : 1", "{\"a\" : 1} x", "[1]", "{\"a\" 1}", "{\"a\" : 1 \"b\" : 2}"] {
            assert_eq!(values(text), None, "{text}");
        }
    }
}
