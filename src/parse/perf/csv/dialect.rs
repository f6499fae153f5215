//! What a source's rows have in common: the separator, the decimal mark, and whether they end in time and percentage.

mod percentage;
mod places;

use std::ops::ControlFlow;

use super::fields::Splitter;
use super::{layout, metric_only, usual};
use crate::parse::lines::Lines;
use crate::parse::notation::Notation;
use crate::parse::number::Printed;
use crate::parse::perf::{metric, text};

/// Most fields of such a row behind its first: scope, number of counters, value, unit, event.
const MAX_OLD_FIELDS: usize = 5;
/// How many percentages of a line are taken for the one of a row: a row has it behind at most six fields, a long line of numbers may have a
/// hundred thousand, and each is a look at the whole line.
const MOST_TRIES: u32 = 8;

/// How the rows of a source are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect<'a> {
    /// The text between fields.
    pub(super) separator: &'a str,
    /// How numbers are written; never grouped.
    pub(super) notation: Notation,
    /// Whether rows end before the time and percentage, as before 4.1.
    pub(super) old: bool,
}

impl Dialect<'_> {
    /// Whether a decimal comma splits numbers into two fields.
    pub(super) fn splits_numbers(&self) -> bool {
        self.separator == "," && self.notation == Notation::Comma
    }

    /// Whether a metric lost its decimals.
    pub(super) fn cuts(&self, (number, name): &(Printed, &str)) -> bool {
        self.notation == Notation::Comma && metric::is_cut(number, name)
    }

    /// Whether the separator occurs in the names of events, so that no field can be told to be a cgroup.
    pub(super) fn may_split_names(&self) -> bool {
        self.separator.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ' | '/' | '.' | '_' | ':' | '='))
            && self.separator != "::"
    }
}

/// What the lines of a text show.
#[derive(Debug, Default)]
pub(super) struct Shown<'a> {
    /// The dialect, and the line that shows it.
    pub(super) dialect: Option<(Dialect<'a>, u32)>,
    /// Whether a line above may be the heading of a table of metrics.
    pub(super) may_hold_heading: bool,
}

/// Looks at a text for rows.
pub(super) fn learn(source: &str) -> Shown<'_> {
    let mut shown = anchored(source);
    if shown.dialect.is_none() {
        // Rows of before 4.1 show by little; in an output for people or an object they are none.
        let other = text::has_header(source) || source.trim_start().starts_with('{');
        if !other {
            shown.dialect = Lines::new(source).find_map(|line| Some((old(line.text)?, line.number)));
        }
    }
    shown
}

/// The dialect of the first row that holds a time in nanoseconds and a percentage of two decimals: `,1043009,100.00,`.
///
/// Every text comes here: what looks like such a percentage is searched for in all of it, and only then is its line looked at.
fn anchored(source: &str) -> Shown<'_> {
    let bytes = source.as_bytes();
    let (mut start, mut number, mut tries) = (0, 1, 0);
    let mut may_hold_heading = false;
    let dialect = places::visit(bytes, |place| {
        if bytes[place] == b'\n' {
            may_hold_heading |= metric_only::may_be_heading(&bytes[start..place]);
            (start, number, tries) = (place + 1, number + 1, 0);
            return ControlFlow::Continue(());
        }
        match percentage::separator(source, place) {
            Some(separator) if tries < MOST_TRIES => {
                tries += 1;
                let shown = shown_at(source, start, place, separator);
                shown.map_or(ControlFlow::Continue(()), |dialect| ControlFlow::Break((dialect, number)))
            }
            _ => ControlFlow::Continue(()),
        }
    });
    Shown { dialect: dialect.break_value(), may_hold_heading: may_hold_heading || metric_only::may_be_heading(&bytes[start..]) }
}

/// The dialect when the line that begins at `start` is a row with a percentage at a mark.
fn shown_at<'a>(source: &'a str, start: usize, mark: usize, separator: &'a str) -> Option<Dialect<'a>> {
    let notation = Notation::of_mark(source.as_bytes()[mark].into())?;
    let line = Lines::new(&source[start..]).next()?.text;
    shown_by(line, Dialect { separator, notation, old: false })
}

/// The dialect of a row of before 4.1: `value SEP [unit SEP] event`, with an event that perf is known to count.
fn old(line: &str) -> Option<Dialect<'_>> {
    // Nothing in such a row but the fields themselves shows its separator. Most lines of other tools come here: a look at the fields is
    // cheaper than reading a row.
    let bytes = line.as_bytes();
    let (common, rare) = (memchr::memchr3(b',', b';', b'\t', bytes), memchr::memchr2(b'|', b':', bytes));
    let at = common.into_iter().chain(rare).min()?;
    let separator = if bytes[at..].starts_with(b"::") { &line[at..at + 2] } else { &line[at..=at] };
    let behind = &line[at + separator.len()..];
    let is_known = |field: &str| layout::is_known_event(field.trim_end());
    let holds_event = match separator.as_bytes() {
        &[byte] => behind.split(char::from(byte)).take(MAX_OLD_FIELDS).any(is_known),
        _ => behind.split(separator).take(MAX_OLD_FIELDS).any(is_known),
    };
    if !holds_event {
        return None;
    }
    let notations =
        [Notation::Point, Notation::Comma].into_iter().filter(|notation| separator != "," || *notation == Notation::Point);
    notations.map(|notation| Dialect { separator, notation, old: true }).find_map(|dialect| shown_by(line, dialect))
}

/// The dialect when the line is a counter row in it beyond doubt.
fn shown_by<'a>(line: &'a str, dialect: Dialect<'a>) -> Option<Dialect<'a>> {
    let row = usual::row(line, &dialect).or_else(|| {
        let mut splitter = Splitter::new(dialect.separator);
        layout::row(&splitter.fields(line)?, &dialect)?.ok()
    })?;
    let counter = row.counter?;
    let sure = if dialect.old { layout::is_known_event(counter.event) } else { layout::is_likely(counter.unit, counter.event) };
    sure.then_some(dialect)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> Option<(&str, Notation, bool)> {
        learn(text).dialect.map(|(dialect, _)| (dialect.separator, dialect.notation, dialect.old))
    }

    #[test]
    fn separators_and_marks_are_learnt_from_any_row() {
        use Notation::{Comma, Point};
        for (text, expected) in [
            ("2.07,msec,task-clock,2069306,100.00,0.086,CPUs utilized", (",", Point, false)),
            ("hello,world\n1,2,3,4,5,6,7\n61,,page-faults,787539,100.00,77.456,K/sec", (",", Point, false)),
            ("2,74,msec,task-clock,2741688,100,00,0,CPUs utilized", (",", Comma, false)),
            ("2007,007973;;task-clock;2007007973;100,00", (";", Comma, false)),
            ("4  context-switches 2023171 100.00 1.977 K/sec", (" ", Point, false)),
            ("7--context-switches-2310300-100.00-3.030-K/sec", ("-", Point, false)),
            ("4::::context-switches::2023171::100.00::1.977::K/sec", ("::", Point, false)),
            ("1.001092774,340060066,,cpu_atom/cpu-cycles/,10031900423,100.00,,", (",", Point, false)),
            ("1708.761321;task-clock;1.20%", (";", Point, true)),
            ("CPU0,1000.123456,task-clock-msecs", (",", Point, true)),
        ] {
            assert_eq!(dialect(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_row_is_found_behind_any_number_of_others_and_not_in_a_long_line_of_numbers() {
        let others = "foo,7,100.00,bar\n".repeat(1000);
        let row = "61,,page-faults,787539,100.00,77.456,K/sec";
        assert_eq!(learn(&format!("{others}{row}\n")).dialect.map(|(_, line)| line), Some(1001));
        let numbers = "7,100.00,".repeat(100);
        assert!(learn(&format!("{numbers}\n")).dialect.is_none());
        assert_eq!(learn(&format!("{numbers}\r\n{row}")).dialect.map(|(_, line)| line), Some(2));
    }

    #[test]
    fn other_tables_are_not_taken_for_perfs() {
        for text in [
            "CPU_CLK_UNHALTED,1234,100.00",
            "PAPI_TOT_CYC;123",
            "id,name,city,count,percent\n5,abc,def,12,33.33,x",
            "0,cycles,123,100.00",
            "hello,world\n1,2,3,4",
            "12,34\n",
            "2026-11-22 15:16:25,100.00",
        ] {
            assert_eq!(dialect(text), None, "{text}");
        }
    }
}
