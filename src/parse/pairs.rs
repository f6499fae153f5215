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
            let (name, _) = self.pair(content)?;
            if evidence.is_none() && (self.tells)(name) {
                evidence = Some(Evidence { line: line.number, reason: format!("pairs {} such as {name}", self.called) });
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
        let Some((name, value)) = self.pair(content) else { return builder.foreign() };
        let printed = if value.bytes().any(|byte| byte == b',') { None } else { number(value, Notation::Point).ok() };
        let Some(printed) = printed else {
            return builder.reject(line, 0, RejectKind::Number, "no number behind the name");
        };
        if !line.ended {
            builder.note("the last line has no end: its number may have been cut");
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

    /// The name and what stands for its value, something that begins as a number does, of a line without blanks in front.
    fn pair<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        // Most lines of other formats are told by their first letter.
        text.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(())?;
        let at = memchr(self.mark, text.as_bytes())?;
        let (name, value) = (text[..at].trim_end(), text[at + 1..].trim());
        let is_name = name.len() <= MAX_NAME && name.bytes().all(is_of_name);
        let is_value = value.starts_with(|c: char| c.is_ascii_digit()) && memchr(self.mark, value.as_bytes()).is_none();
        (is_name && is_value).then_some((name, value))
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'=' | b'-')
}

fn is_furniture(text: &str) -> bool {
    text.is_empty() || text.starts_with('#')
}
