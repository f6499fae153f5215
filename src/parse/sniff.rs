//! Which format is this? Decided by content; names and extensions mean nothing in real trees.

mod taken_for;

use super::lines::count_lines;
use super::{FORMATS, Format};
use crate::model::Report;

/// What in a text speaks for a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Line that shows it, from 1.
    pub line: u32,
    /// What it shows, for people: `header "Performance counter stats for"`.
    pub reason: String,
}

/// What a text was taken for.
#[derive(Debug)]
pub enum Sniffed {
    /// One format.
    Known(&'static Format, Evidence),
    /// No format; the text says what it was taken for.
    Unknown(String),
    /// More than one format with evidence for each.
    Ambiguous(Vec<(&'static Format, Evidence)>),
}

/// Decides the format of a text.
pub fn sniff(text: &str) -> Sniffed {
    let mut found = FORMATS.iter().filter_map(|format| Some((format, (format.sniff)(text)?)));
    let Some((format, evidence)) = found.next() else {
        return Sniffed::Unknown(taken_for::taken_for(text).to_owned());
    };
    let others: Vec<(&'static Format, Evidence)> = found.collect();
    if others.is_empty() {
        return Sniffed::Known(format, evidence);
    }
    Sniffed::Ambiguous([(format, evidence)].into_iter().chain(others).collect())
}

/// A text after reading.
#[derive(Debug)]
pub enum Reading {
    /// It holds results of one format.
    Known(&'static Format, Box<Report>),
    /// It holds none.
    Unknown {
        /// What it was taken for.
        taken_for: String,
        /// How many lines it has.
        lines: u32,
    },
    /// It can be read as more than one format; says what speaks for each.
    Ambiguous(String),
}

/// Reads a text as a format that was named, whatever it looks like; `None` when there is no format of that name.
pub fn read_as(name: &str, text: &str) -> Option<Reading> {
    let format = FORMATS.iter().find(|format| format.name == name)?;
    Some(Reading::Known(format, Box::new((format.parse)(text))))
}

/// Decides the format of a text and parses it.
pub fn read(text: &str) -> Reading {
    match sniff(text) {
        Sniffed::Known(format, _) => Reading::Known(format, Box::new((format.parse)(text))),
        Sniffed::Unknown(taken_for) => Reading::Unknown { taken_for, lines: count_lines(text) },
        Sniffed::Ambiguous(found) => Reading::Ambiguous(both_ways(&found)),
    }
}

/// Stands for all parsers at once: it rises with each of them, so that what was unknown to an older program can be told.
pub fn recognition_version() -> i32 {
    FORMATS.iter().map(|format| format.version).sum()
}

/// Version that a source would be given now: of the parser of its format, or of the recognition when it had none.
///
/// A format that this program does not know has the lowest version: what a newer program has read is never out of date here.
pub fn current_version(format: Option<&str>) -> i32 {
    let Some(name) = format else { return recognition_version() };
    FORMATS.iter().find(|format| format.name == name).map_or(i32::MIN, |format| format.version)
}

fn both_ways(found: &[(&'static Format, Evidence)]) -> String {
    let way =
        |(format, evidence): &(&Format, Evidence)| format!("{} by line {} ({})", format.name, evidence.line, evidence.reason);
    let ways: Vec<String> = found.iter().map(way).collect();
    format!("can be read in more than one way: {}", ways.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ambiguous_text_is_told_with_the_evidence_for_each_format() {
        let evidence = |line, reason: &str| Evidence { line, reason: reason.to_owned() };
        let found = [(&FORMATS[0], evidence(3, "header")), (&FORMATS[1], evidence(9, "rows with ';'"))];
        assert_eq!(
            both_ways(&found),
            "can be read in more than one way: perf-stat-text by line 3 (header), perf-stat-csv by line 9 (rows with ';')"
        );
    }

    #[test]
    fn an_unknown_text_has_all_its_lines_counted() {
        let Reading::Unknown { taken_for, lines } = read("hello\nworld") else { panic!() };
        assert_eq!((taken_for.as_str(), lines), ("text", 2));
    }
}
