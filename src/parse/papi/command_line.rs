//! `papi_command_line`, PAPI 5 to 7: adds events, counts them over a loop of its own, and prints what they read.

use std::collections::BTreeSet;

use crate::model::{Kind, Number, RejectKind, Report, RunResult, Status};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines, line_with};
use crate::parse::notation::Notation;
use crate::parse::number::{Printed, number};
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "papi-command-line", tool: "papi", version: 2, sniff, parse };

const GREETING: &str = "This utility lets you add events from the command line interface to see if they work.";

/// What PAPI 5 prints in place of a value for an event that could not be added.
const NO_VALUE: &str = "---------";

const ADDED: &str = "Successfully added: ";

/// Lines without a value, by their beginning.
const NOTES: &[&str] = &[
    "No events specified!",
    "Try running something like: papi_command_line ",
    "----------------------------------",
    "Verification: ",
    "PASSED",
];

fn sniff(text: &str) -> Option<Evidence> {
    let line = line_with(text, GREETING, |line| line.trim() == GREETING)?;
    Some(Evidence::new(line.number, "greeting of papi_command_line"))
}

fn parse(text: &str) -> Report {
    let mut reader = Reader::default();
    for line in Lines::new(text) {
        reader.line(line);
    }
    reader.end();
    reader.builder.finish()
}

#[derive(Debug, Default)]
struct Reader<'a> {
    builder: Builder,
    /// Events that were added and whose value has not come.
    awaited: BTreeSet<&'a str>,
    /// Result of the last line `Failed adding:`, whose reason is on the next.
    failed: Option<u32>,
    /// Spelling and number of the last value: with `-u -x` the same is printed once more, in another base.
    last: Option<(u32, Number)>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: Line<'a>) {
        let text = line.text.trim();
        if text == GREETING {
            self.end();
            self.builder.begin_run(line.number);
            (self.failed, self.last) = (None, None);
            self.builder.note("papi_command_line counts a loop of its own, no program");
            return self.builder.furniture();
        }
        let Some(run) = self.builder.last_run() else { return self.other(line) };
        if let Some(event) = text.strip_prefix(ADDED) {
            self.awaited.insert(event);
            return self.builder.furniture();
        }
        if let Some(event) = text.strip_prefix("Failed adding: ") {
            return self.failed(line, event);
        }
        if let Some(reason) = text.strip_prefix("because: ") {
            return self.because(reason);
        }
        match line.text.rsplit_once(" : \t") {
            Some((event, value)) => self.value(line, run, event.trim(), value.trim()),
            None => self.other(line),
        }
    }

    /// Every event that was added gets a value.
    fn end(&mut self) {
        if let Some(event) = self.awaited.first() {
            let others = self.awaited.len() - 1;
            self.builder.note(format!("{event} was added and has no value, and so {others} others: what followed is missing"));
        }
        self.awaited.clear();
    }

    fn other(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if text.is_empty() || NOTES.iter().any(|note| text.starts_with(note)) {
            self.builder.furniture();
        } else if !self.builder.context(line) {
            self.builder.foreign();
        }
    }

    /// An event that could not be added: it has no value, and the next line says why.
    fn failed(&mut self, line: Line<'_>, event: &str) {
        if !is_event(event) {
            return self.builder.reject(line, 0, RejectKind::Name, "no name of an event");
        }
        let run = self.builder.last_run().expect("a run was begun");
        let spelling = self.builder.spelling(event, None, Kind::Count);
        let index = self.builder.push(RunResult::new(run, line.number, spelling, Status::NotSupported, None));
        self.failed = Some(index);
        self.builder.results_on(1);
    }

    /// Only an event that PAPI knows and the counters cannot take beside the others exists all the same.
    fn because(&mut self, reason: &str) {
        if let Some(index) = self.failed.take()
            && reason.starts_with("Event exists, but cannot be counted")
        {
            self.builder.result(index).status = Status::NotCounted;
        }
        self.builder.furniture();
    }

    fn value(&mut self, line: Line<'_>, run: u32, event: &str, text: &str) {
        if !is_event(event) {
            return self.builder.reject(line, 0, RejectKind::Name, "no name of an event");
        }
        self.awaited.remove(event);
        if text == NO_VALUE {
            return self.builder.furniture();
        }
        let (digits, unit) = text.split_once(' ').map_or((text, None), |(digits, unit)| (digits, Some(unit.trim())));
        let Some(printed) = value(digits).filter(|_| line.ended) else {
            return self.builder.reject(line, 0, RejectKind::Number, "no whole value behind the event");
        };
        let spelling = self.builder.spelling(event, unit, Kind::Count);
        if self.last.replace((spelling, printed.number)) == Some((spelling, printed.number)) {
            self.builder.note("values that were printed in two bases are read once");
            return self.builder.furniture();
        }
        let mut result = RunResult::new(run, line.number, spelling, Status::Counted, Some(printed.number));
        result.flags = printed.flags;
        self.builder.push(result);
        self.builder.results_on(1);
    }
}

/// Names of PAPI's native events hold colons, minus and equals signs: `perf::L1-DCACHE-LOAD-MISSES`, `rapl:::PACKAGE_ENERGY:PACKAGE0`.
fn is_event(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME && !text.contains(char::is_whitespace)
}

/// `805623`, `805623(u)` with `-u`, `0XC4AF7` with `-x`, `1.500` for events that are no integers.
fn value(text: &str) -> Option<Printed> {
    if let Some(digits) = text.strip_prefix("0X") {
        let bits = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok())??;
        return number(&bits.to_string(), Notation::Point).ok();
    }
    let digits = text.strip_suffix("(u)").unwrap_or(text);
    (!digits.contains(',')).then(|| number(digits, Notation::Point).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Flags;

    fn output(lines: &str) -> String {
        format!("\n{GREETING}\n\n{lines}\n----------------------------------\n")
    }

    fn rows(report: &Report) -> Vec<(&str, Status, Option<f64>)> {
        let event = |index| report.spellings.get(index).text.as_str();
        report.results.iter().map(|it| (event(it.spelling), it.status, it.number.map(|number| number.value))).collect()
    }

    #[test]
    fn values_and_events_that_could_not_be_added_are_results() {
        let report = parse(&output(
            "Successfully added: PAPI_TOT_CYC\nFailed adding: NO_SUCH_EVENT\nbecause: Not supported\nFailed adding: PAPI_TOT_INS\n\
             because: Event exists, but cannot be counted due to hardware resource limits\n\nPAPI_TOT_CYC : \t805623 \n\
             perf::PAGE-FAULTS:u=1 : \t-64(u)\nrapl:::PACKAGE : \t1.500 nJ\n",
        ));
        assert_eq!(
            rows(&report),
            [
                ("NO_SUCH_EVENT", Status::NotSupported, None),
                ("PAPI_TOT_INS", Status::NotCounted, None),
                ("PAPI_TOT_CYC", Status::Counted, Some(805_623.0)),
                ("perf::PAGE-FAULTS:u=1", Status::Counted, Some(-64.0)),
                ("rapl:::PACKAGE", Status::Counted, Some(1.5)),
            ]
        );
        assert_eq!(report.spellings.get(report.results[4].spelling).unit.as_deref(), Some("nJ"));
        assert_eq!((report.runs.len(), report.tally.foreign, report.tally.rejected), (1, 0, 0));
    }

    #[test]
    fn a_value_in_two_bases_is_one_result() {
        let report = parse(&output("A : \t805623(u)\nA : \t0XC4AF7\nB : \t0X11F71FB04CB\n"));
        assert_eq!(rows(&report), [("A", Status::Counted, Some(805_623.0)), ("B", Status::Counted, Some(1_234_567_890_123.0))]);
    }

    #[test]
    fn values_that_are_damaged_or_cut_are_rejected() {
        let text = output("A : \t12x4 \nB : \t1,234 \nC : \t0X\nD : \t---------\n");
        assert_eq!((parse(&text).results.len(), parse(&text).rejects.len()), (0, 3));
        assert_eq!(parse(&format!("{GREETING}\nA : \t12")).rejects.len(), 1);
        assert!(sniff("PAPI_TOT_CYC : \t12\n").is_none());
    }

    #[test]
    fn an_event_that_was_added_and_has_no_value_is_missing() {
        let whole = output(
            "Successfully added: A\nSuccessfully added: B\nFailed adding: C\nbecause: Not supported\n\nA : \t1 \nB : \t2 ",
        );
        let missing = |text: &str| parse(text).notes.iter().filter(|note| note.contains("what followed is missing")).count();
        let cut = &whole[..whole.find("B : ").expect("a value")];
        assert_eq!((missing(&whole), missing(cut), parse(cut).results.len()), (0, 1, 2));
        assert_eq!(missing(&format!("{cut}{whole}")), 1, "another output begins");
    }

    #[test]
    fn a_bit_pattern_above_the_signed_range_is_marked() {
        let report = parse(&output("A : \t0XFFFFFFFFFFFFFFFF\n"));
        assert_eq!(
            (report.results[0].number.and_then(|number| number.count), report.results[0].flags),
            (None, Flags::BEYOND_I64)
        );
    }
}
