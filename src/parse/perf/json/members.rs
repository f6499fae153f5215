//! The members of one JSON object: strictly with serde, and where perf itself writes no JSON, with a tolerant scanner.
//!
//! perf escapes nothing, writes decimal commas in such locales, and forgets a comma in per-core events (6.1, 6.12).

use std::borrow::Cow;
use std::fmt;

use super::plain;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{take_until, take_while, take_while1};
use nom::character::complete::{char, multispace0};
use nom::combinator::recognize;
use nom::error::Error;
use nom::sequence::delimited;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// Key and value of a member; numbers as they are printed.
pub(super) type Member<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The members of an object; `None` when the text is no object.
pub(super) fn members(text: &str) -> Option<Vec<Member<'_>>> {
    plain::members(text).or_else(|| any_members(text))
}

fn any_members(text: &str) -> Option<Vec<Member<'_>>> {
    let mut strict = serde_json::Deserializer::from_str(text);
    if let Ok(members) = strict.deserialize_map(Members) {
        return strict.end().is_ok().then_some(members);
    }
    text.starts_with('{').then(|| scanned(text))
}

/// Collects the members whose values are strings or numbers.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(12);
        while let Some(Text(key)) = map.next_key()? {
            match map.next_value()? {
                Scalar::Text(value) => members.push((key, value)),
                Scalar::Other(IgnoredAny) => {}
            }
        }
        Ok(members)
    }
}

/// A string, borrowed when it holds no escapes.
struct Text<'a>(Cow<'a, str>);

/// A value: the text of a string or number, or something that no perf row holds.
enum Scalar<'a> {
    Text(Cow<'a, str>),
    Other(IgnoredAny),
}

impl<'de> serde::Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(ScalarVisitor)? {
            Scalar::Text(text) => Ok(Self(text)),
            Scalar::Other(_) => Err(serde::de::Error::custom("a key that is no string")),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a number")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(number.to_string())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(IgnoredAny))
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(IgnoredAny))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other(IgnoredAny))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other(IgnoredAny))
    }
}

type Step<'a, T> = nom::IResult<&'a str, T, Error<&'a str>>;

/// Every `"key" : value` of a line, whatever stands between them.
///
/// In one pass: a string whose end is not found is the last that is looked for, as none behind it ends either.
fn scanned(text: &str) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    let mut rest = text;
    let mut strings_end = true;
    while let Ok((behind, _)) = take_until::<_, _, Error<&str>>("\"").parse(rest) {
        let (next, member) = member(behind, &mut strings_end);
        members.extend(member.map(|(key, value)| (Cow::Borrowed(key), Cow::Borrowed(value))));
        rest = next;
    }
    members
}

/// The member at a quotation mark, when one is there, and what is left to be read.
fn member<'a>(input: &'a str, strings_end: &mut bool) -> (&'a str, Option<(&'a str, &'a str)>) {
    let key = delimited(char('"'), take_while1(|c| c != '"'), char('"'));
    let mut key = (key, (multispace0, char(':'), multispace0)).map(|(key, _)| key);
    let behind_the_mark = &input[1..];
    let Ok((value, key)): Step<'_, &str> = key.parse(input) else { return (behind_the_mark, None) };
    let read = if let Some(inner) = value.strip_prefix('"') {
        let string = strings_end.then(|| string(inner)).flatten();
        *strings_end = string.is_some();
        string
    } else {
        word(value).ok()
    };
    read.map_or((behind_the_mark, None), |(next, value)| (next, Some((key, value))))
}

/// A string behind its first quotation mark and what follows it; it ends at the first mark which a comma, a brace, the next key or the
/// end of the line follows: perf escapes none inside. Whether a mark is an end does not depend on where the string began.
fn string(inner: &str) -> Option<(&str, &str)> {
    let mut marks = inner.match_indices('"').map(|(at, _)| at);
    let end = marks.find(|at| {
        let behind = inner[at + 1..].trim_start();
        behind.is_empty()
            || behind.starts_with(['}', '"', ']'])
            || behind.strip_prefix(',').is_some_and(|next| next.trim_start().starts_with('"'))
    })?;
    Some((&inner[end + 1..], &inner[..end]))
}

/// A number, also with a decimal comma, or a bare `nan`.
fn word(input: &str) -> Step<'_, &str> {
    let digits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    let decimals = (char(','), take_while1(|c: char| c.is_ascii_digit()));
    alt((recognize((take_while1(digits), decimals, take_while(|_| false))), take_while1(digits))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        members(text).expect(text).into_iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
    }

    fn value(text: &str, key: &str) -> String {
        pairs(text).into_iter().find(|pair| pair.0 == key).expect(key).1
    }

    #[test]
    fn valid_objects_are_read_strictly() {
        let text =
            r#"{"counter-value" : "12.000000", "pcnt-running" : 33.50, "event-runtime" : 42, "nested" : {"a" : [1, null]}}"#;
        assert_eq!(value(text, "counter-value"), "12.000000");
        assert_eq!(value(text, "pcnt-running"), "33.5");
        assert_eq!(value(text, "event-runtime"), "42");
        assert_eq!(pairs(text).len(), 3);
    }

    #[test]
    fn what_perf_breaks_is_scanned() {
        let missing_comma = r#"{"core" : "S0-D0-C0""counter-value" : "92796342.000000", "event" : "msr/tsc,percore/"}"#;
        assert_eq!(value(missing_comma, "counter-value"), "92796342.000000");
        assert_eq!(value(missing_comma, "event"), "msr/tsc,percore/");
        let comma = r#"{"counter-value" : "0,980307", "event" : "task-clock", "event-runtime" : 980307, "pcnt-running" : 100,00, "metric-value" : 0,018847, "metric-unit" : "CPUs utilized"}"#;
        assert_eq!(value(comma, "pcnt-running"), "100,00");
        assert_eq!(value(comma, "metric-value"), "0,018847");
        let quote = r#"{"thread" : "we"ird, c-15175", "counter-value" : "<not counted>", "event" : "task-clock"}"#;
        assert_eq!(value(quote, "thread"), "we\"ird, c-15175");
        assert_eq!(members("[1]"), None);
    }

    #[test]
    fn strings_that_do_not_end_cost_one_look_at_the_line() {
        // Looked at once for each of them, the line would take minutes.
        let text = format!("{{\"a\" : 7{}", "\"b\":\"c\"d ".repeat(100_000));
        assert_eq!(pairs(&text), [("a".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn what_follows_a_string_that_does_not_end_is_still_read() {
        let text = r#"{"a" : "b"c "d" : 7 "e" : "f"g "h" : 8 x"#;
        assert_eq!(pairs(text), [("d".to_owned(), "7".to_owned()), ("h".to_owned(), "8".to_owned())]);
    }
}
