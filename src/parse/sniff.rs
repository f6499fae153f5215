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
    /// Whether any table of other programs may look like it.
    pub is_weak: bool,
}

impl Evidence {
    /// What only this format shows.
    pub fn new(line: u32, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into(), is_weak: false }
    }

    /// The same, but as weak evidence: it gives way to that of another format.
    #[must_use]
    pub fn weak(self) -> Self {
        Self { is_weak: true, ..self }
    }
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

/// What speaks for a format.
type Found = (&'static Format, Evidence);

/// Decides the format of a text.
pub fn sniff(text: &str) -> Sniffed {
    decide(text).0
}

/// Decides the format of a text; also gives weak evidence for another that gave way.
fn decide(text: &str) -> (Sniffed, Option<Evidence>) {
    let mut found = FORMATS.iter().filter_map(|format| Some((format, (format.sniff)(text)?)));
    let Some(first) = found.next() else {
        return (Sniffed::Unknown(taken_for::taken_for(text).to_owned()), None);
    };
    let others: Vec<Found> = found.collect();
    if others.is_empty() {
        return (Sniffed::Known(first.0, first.1), None);
    }
    among([first].into_iter().chain(others).collect())
}

/// The one format that shows beyond doubt: the measured program prints tables too, and they may look like anything weak.
fn among(found: Vec<Found>) -> (Sniffed, Option<Evidence>) {
    let (mut strong, weak): (Vec<Found>, Vec<Found>) = found.into_iter().partition(|(_, evidence)| !evidence.is_weak);
    if strong.len() == 1 {
        let (format, evidence) = strong.remove(0);
        return (Sniffed::Known(format, evidence), weak.into_iter().next().map(|(_, evidence)| evidence));
    }
    (Sniffed::Ambiguous(strong.into_iter().chain(weak).collect()), None)
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
    let (sniffed, overruled) = decide(text);
    match sniffed {
        Sniffed::Known(format, _) => {
            let mut report = (format.parse)(text);
            if let Some(weak) = overruled {
                report.note(output_of_workload(&weak));
            }
            Reading::Known(format, Box::new(report))
        }
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

fn output_of_workload(weak: &Evidence) -> String {
    format!("line {} could be {}: it is taken for output of the workload", weak.line, weak.reason)
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
        let evidence = |line, reason: &str| Evidence::new(line, reason);
        let found = [(&FORMATS[0], evidence(3, "header")), (&FORMATS[1], evidence(9, "rows with ';'"))];
        assert_eq!(
            both_ways(&found),
            "can be read in more than one way: perf-stat-text by line 3 (header), perf-stat-csv by line 9 (rows with ';')"
        );
    }

    #[test]
    fn a_table_of_the_workload_does_not_make_an_output_of_perf_ambiguous() {
        let table = "Benchmark results\n\nsort,42,17.50\nhash,12,82.50\n";
        let block = "\n Performance counter stats for './bench':\n\n             1,234      cycles\n\n       1.001000000 seconds time elapsed\n\n";
        let object =
            r#"{"counter-value" : "12.000000", "unit" : "", "event" : "cycles", "event-runtime" : 7, "pcnt-running" : 100.00}"#;
        for (rows, name) in
            [(block, "perf-stat-text"), ("12,,cycles,1043009,100.00,,\n", "perf-stat-csv"), (object, "perf-stat-json")]
        {
            let Reading::Known(format, report) = read(&format!("{table}{rows}")) else { panic!("{name}") };
            assert_eq!((format.name, report.results.iter().filter(|result| result.metric_of.is_none()).count()), (name, 1));
            assert!(report.notes.iter().any(|note| note.starts_with("line 3 could be a row of event")), "{:?}", report.notes);
        }
        // The heading of ocount's long form is no output of a workload.
        let long = "Event counts (actual) for ./a:\n";
        assert!(matches!(read(&format!("{long}{block}")), Reading::Ambiguous(_)));
    }

    #[test]
    fn an_unknown_text_has_all_its_lines_counted() {
        let Reading::Unknown { taken_for, lines } = read("hello\nworld") else { panic!() };
        assert_eq!((taken_for.as_str(), lines), ("text", 2));
    }
}
