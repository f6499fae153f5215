//! What a source's rows have in common: the separator, the decimal mark, and whether they end in time and percentage.

use super::fields::Splitter;
use super::layout;
use crate::parse::lines::{Lines, count_lines};
use crate::parse::notation::Notation;
use crate::parse::perf::text;

/// Most fields of such a row behind its first: scope, number of counters, value, unit, event.
const MAX_OLD_FIELDS: usize = 5;
/// How many percentages of a line are taken for the one of a row: a row has it behind at most six fields, a long line of numbers may have a
/// hundred thousand, and each is a look at the whole line.
const MOST_TRIES: u32 = 8;
/// Longest separator that is looked for.
const MAX_SEPARATOR: usize = 4;

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

    /// Whether metrics lose their decimals: perf prints them through a buffer that ends at the separator.
    pub(super) fn cuts_metrics(&self) -> bool {
        self.splits_numbers()
    }

    /// Whether the separator occurs in the names of events, so that no field can be told to be a cgroup.
    pub(super) fn may_split_names(&self) -> bool {
        self.separator.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ' | '/' | '.' | '_' | ':' | '='))
            && self.separator != "::"
    }
}

/// The dialect of a text, and the line that shows it.
pub(super) fn learn(source: &str) -> Option<(Dialect<'_>, u32)> {
    anchored(source).or_else(|| {
        // Rows of before 4.1 show by little; in an output for people or an object they are none.
        let other = text::has_header(source) || source.trim_start().starts_with('{');
        if other { None } else { Lines::new(source).find_map(|line| Some((old(line.text)?, line.number))) }
    })
}

/// The dialect of the first row that holds a time in nanoseconds and a percentage of two decimals: `,1043009,100.00,`.
///
/// Every text comes here: what looks like such a percentage is searched for in all of it, and only then is its line looked at.
fn anchored(source: &str) -> Option<(Dialect<'_>, u32)> {
    let bytes = source.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut seen, mut start, mut tries) = (0, 0, 0);
    memchr::memchr2_iter(b'.', b',', bytes).find_map(|mark| {
        if !digit(mark + 1) || !digit(mark + 2) || digit(mark + 3) {
            return None;
        }
        let percent = (mark.saturating_sub(3)..mark).find(|&at| (at..mark).all(digit))?;
        let separator = separator_before(source, percent)?;
        let behind = &source[mark + 3..];
        if !behind.starts_with(separator) && !matches!(behind.as_bytes(), [] | [b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..]) {
            return None;
        }
        let notation = Notation::of_mark(bytes[mark].into())?;
        if let Some(end) = memchr::memrchr(b'\n', &bytes[seen..mark]) {
            (start, tries) = (seen + end + 1, 0);
        }
        (seen, tries) = (mark, tries + 1);
        if tries > MOST_TRIES {
            return None;
        }
        let line = Lines::new(&source[start..]).next()?.text;
        let dialect = shown_by(line, Dialect { separator, notation, old: false })?;
        // Counted once, for the line that shows it: a table of another program may have a million that do not.
        Some((dialect, count_lines(&source[..=mark])))
    })
}

/// The marks between a number and a percentage on one line.
fn separator_before(source: &str, percent: usize) -> Option<&str> {
    let before = &source[..percent];
    let number = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let separator = &before[number.len()..];
    // Between equal marks stands an empty field, so the separator is one of them.
    let separator = if number.ends_with(|c: char| c.is_ascii_digit()) { separator } else { return None };
    ((1..=MAX_SEPARATOR).contains(&separator.len()) && !separator.contains('\n')).then_some(separator)
}

/// The dialect of a row of before 4.1: `value SEP [unit SEP] event`, with an event that perf is known to count.
fn old(line: &str) -> Option<Dialect<'_>> {
    // Nothing in such a row but the fields themselves shows its separator. Most lines of other tools come here: a look at the fields is
    // cheaper than reading a row.
    let bytes = line.as_bytes();
    let at = bytes.iter().position(|byte| matches!(byte, b',' | b';' | b'\t' | b'|' | b':'))?;
    let separator = if bytes[at..].starts_with(b"::") { &line[at..at + 2] } else { &line[at..=at] };
    if !line.split(separator).skip(1).take(MAX_OLD_FIELDS).any(|field| layout::is_known_event(field.trim_end())) {
        return None;
    }
    let notations =
        [Notation::Point, Notation::Comma].into_iter().filter(|notation| separator != "," || *notation == Notation::Point);
    notations.map(|notation| Dialect { separator, notation, old: true }).find_map(|dialect| shown_by(line, dialect))
}

/// The dialect when the line is a counter row in it beyond doubt.
fn shown_by<'a>(line: &'a str, dialect: Dialect<'a>) -> Option<Dialect<'a>> {
    let mut splitter = Splitter::new(dialect.separator);
    let row = layout::row(&splitter.fields(line)?, &dialect)?.ok()?;
    let counter = row.counter?;
    let sure = if dialect.old { layout::is_known_event(counter.event) } else { layout::is_likely(counter.unit, counter.event) };
    sure.then_some(dialect)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> Option<(&str, Notation, bool)> {
        learn(text).map(|(dialect, _)| (dialect.separator, dialect.notation, dialect.old))
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
        assert_eq!(learn(&format!("{others}{row}\n")).map(|(_, line)| line), Some(1001));
        let numbers = "7,100.00,".repeat(100);
        assert!(learn(&format!("{numbers}\n")).is_none());
        assert_eq!(learn(&format!("{numbers}\r\n{row}")).map(|(_, line)| line), Some(2));
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
