//! Lines of a name and a number: what programs of one's own print, which no tool has a format for.
//!
//! Two fields are weak evidence. Every line has to be a pair, a comment or blank, and the names have to tell whose they are.

use memchr::memchr;

use super::Evidence;
use super::builder::{Builder, MAX_NAME};
use super::lines::{Line, Lines};
use super::notation::Notation;
use super::number::number;
use crate::model::{Kind, RejectKind, Report, RunResult, Status};

/// One custom of writing pairs.
#[derive(Debug)]
pub(super) struct Pairs {
    /// What stands between name and number.
    pub(super) mark: u8,
    /// How the custom is called: `NAME;VALUE`.
    pub(super) called: &'static str,
    /// Whether a name tells whose the lines are. One of them is enough.
    pub(super) tells: fn(&str) -> bool,
    /// Whether programs of one's own write the lines: a number may have a sign, and more of them may stand behind it.
    pub(super) free: bool,
    /// Why the tool is named that is.
    pub(super) note: &'static str,
}

impl Pairs {
    /// What speaks for the custom.
    pub(super) fn sniff(&self, text: &str) -> Option<Evidence> {
        let mut evidence = None;
        for line in Lines::new(text) {
            let content = line.text.trim_start();
            if is_furniture(content) {
                continue;
            }
            let Pair { name, .. } = self.pair(content)?;
            if evidence.is_none() && (self.tells)(name) {
                evidence = Some(Evidence::new(line.number, format!("pairs {} such as {name}", self.called)));
            }
        }
        evidence
    }

    /// Reads a text.
    pub(super) fn parse(&self, text: &str) -> Report {
        let mut builder = Builder::default();
        for line in Lines::new(text) {
            self.read(&mut builder, line);
        }
        builder.finish()
    }

    fn read(&self, builder: &mut Builder, line: Line<'_>) {
        let content = line.text.trim_start();
        if is_furniture(content) {
            return builder.furniture();
        }
        let Some(Pair { name, value, more }) = self.pair(content) else { return builder.foreign() };
        let printed = if value.bytes().any(|byte| byte == b',') { None } else { number(value, Notation::Point).ok() };
        let Some(printed) = printed else {
            return builder.reject(line, 0, RejectKind::Number, "no number behind the name");
        };
        if !line.ended {
            builder.note("the last line has no end: its number may have been cut");
        }
        if more {
            builder.note("more numbers stand behind the first of a line, and nothing says of what: they are left out");
        }
        let run = builder.last_run().unwrap_or_else(|| self.begin(builder, line.number));
        let spelling = builder.spelling(name, None, Kind::Count);
        let mut result = RunResult::new(run, line.number, spelling, Status::Counted, Some(printed.number));
        result.flags = printed.flags;
        builder.push(result);
        builder.results_on(1);
    }

    fn begin(&self, builder: &mut Builder, line: u32) -> u32 {
        builder.note(self.note);
        builder.begin_run(line)
    }

    /// The pair of a line without blanks in front; its value is something that begins as a number does.
    fn pair<'a>(&self, text: &'a str) -> Option<Pair<'a>> {
        // Most lines of other formats are told by their first letter.
        text.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(())?;
        let at = memchr(self.mark, text.as_bytes())?;
        let name = text[..at].trim_end();
        let mut values = text[at + 1..].split(char::from(self.mark)).map(str::trim);
        let value = values.next().filter(|value| self.is_value(value))?;
        let more = values.clone().next().is_some();
        let is_pair = !more || self.free && values.all(|value| self.is_value(value));
        let is_name = name.len() <= MAX_NAME && name.bytes().all(is_of_name);
        (is_name && is_pair).then_some(Pair { name, value, more })
    }

    fn is_value(&self, text: &str) -> bool {
        let digits = text.strip_prefix('-').filter(|_| self.free).unwrap_or(text);
        digits.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// A line.
struct Pair<'a> {
    name: &'a str,
    /// What stands for the number.
    value: &'a str,
    /// Whether more such stand behind it.
    more: bool,
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'=' | b'-')
}

fn is_furniture(text: &str) -> bool {
    text.is_empty() || text.starts_with('#')
}
