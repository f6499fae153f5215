//! One row: `[TIME ][SCOPE [NR ]]VALUE [UNIT ]EVENT[ CGROUP][ # METRIC][  ( +- NN% )][  (NN%)]`.

use nom::Parser;
use nom::bytes::complete::take_while1;
use nom::character::complete::char;
use nom::combinator::{not, opt};

use super::label::{label, thread};
use super::layout::{Step, blanks, blanks1, interval_time, is_blank, number_length, skip_blanks, trim_blanks, word_length};
use super::tail::{self, Tail};
use super::value::{self, Value, leading_value};
use crate::parse::notation::Notation;

/// The name column of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// The event, and the cgroup where there is one, with the blanks between them.
    pub(super) text: &'a str,
    /// Whether it is known to be one word, so that nobody need look for a cgroup.
    pub(super) one_word: bool,
}

/// What a row holds behind its time and scope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Body<'a> {
    /// A counter.
    Counter {
        /// Its value.
        value: Value<'a>,
        /// Its unit, when that column is filled.
        unit: Option<&'a str>,
        /// The event, and the cgroup where there is one.
        name: Name<'a>,
        /// The text behind `#`.
        metric: Option<&'a str>,
    },
    /// A further metric of the counter above.
    Continuation(&'a str),
    /// The name of a metric group and its first metric.
    Group {
        /// The name; hybrid CPUs print none.
        name: &'a str,
        /// The text behind `#`.
        metric: &'a str,
    },
    /// Nothing but numbers: a row of `--metric-only`.
    Numbers(&'a str),
    /// A value without an event.
    Nameless,
}

/// A row, its numbers uninterpreted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row<'a> {
    /// End of the interval, nanoseconds.
    pub(super) time: Option<i64>,
    /// The scope label.
    pub(super) label: Option<&'a str>,
    /// How many CPUs or counters were added up.
    pub(super) members: Option<i32>,
    /// What the row says.
    pub(super) body: Body<'a>,
    /// The percentages at its end.
    pub(super) tail: Tail<'a>,
}

/// Reads a line (without quotation marks) as a row of an output whose notation is not known; `None` when it has no shape of one.
pub(super) fn row(line: &str) -> Option<Row<'_>> {
    let (text, tail) = tail::split(skip_blanks(line));
    of_columns(text, tail, None, Notation::Point)
}

/// The same for a line without the blanks in front of it and the tail behind it, in an output of a notation.
///
/// A label of a thread can be any text, even one that looks like the value of a counter, so it is looked for first in a block that is
/// known to have threads, and not at all in one that is known to have none.
pub(super) fn of_columns<'a>(text: &'a str, tail: Tail<'a>, threads: Option<bool>, notation: Notation) -> Option<Row<'a>> {
    let (time, text) = interval_time(text).map_or((None, text), |(time, rest)| (Some(time), rest));
    let row = |label, members, body| Row { time, label, members, body, tail };
    let scoped = |rest| body(rest, notation).or_else(|| group(rest));
    let of_thread = || {
        let (label, rest) = thread(text, threads == Some(true))?;
        Some(row(Some(label), None, scoped(rest)?))
    };
    if threads == Some(true)
        && let Some(row) = of_thread()
    {
        return Some(row);
    }
    if let Some(body) = body(text, notation) {
        let of_thread = if threads.is_none() && has_words(&body) { of_thread() } else { None };
        return of_thread.or_else(|| Some(row(None, None, body)));
    }
    if let Ok((rest, (label, members))) = label(text) {
        return Some(row(Some(label), members, scoped(rest)?));
    }
    if threads.is_none()
        && let Some(row) = of_thread()
    {
        return Some(row);
    }
    group(text).map(|body| row(None, None, body))
}

/// Whether what looks like a counter can be a label of a thread that begins with a number: `1 worker-1234      1,234      cycles`.
fn has_words(body: &Body<'_>) -> bool {
    matches!(body, Body::Counter { name, unit, .. } if unit.is_some() || !name.one_word)
}

/// Whether a line has the columns of a counter row, but a value that is none: `   12x3      cycles`.
///
/// Only for lines that [`row`] does not read. `between_rows`: no blank line has ended the rows; below one, only a time shows a row.
pub(super) fn is_damaged(line: &str, between_rows: bool) -> bool {
    let text = skip_blanks(line);
    let (timed, text) = interval_time(text).map_or((false, text), |(_, rest)| (true, rest));
    let value = text.split(is_blank).next().unwrap_or_default();
    let event = skip_blanks(&text[value.len()..]);
    let gap = text.len() - value.len() - event.len();
    let columns = value.starts_with(|c: char| c.is_ascii_digit()) && event.starts_with(|c: char| c.is_ascii_alphabetic());
    columns && gap >= MIN_GAP && (timed || between_rows)
}

/// Blanks between a value and an event without unit: the empty unit column.
const MIN_GAP: usize = 4;

/// The value column and what follows, or a metric alone.
fn body(text: &str, notation: Notation) -> Option<Body<'_>> {
    if let Some(metric) = text.strip_prefix("# ") {
        return Some(Body::Continuation(metric.trim()));
    }
    let (value, rest) = leading_value(text, notation)?;
    if rest.is_empty() {
        return Some(if matches!(value, Value::Number { .. }) { Body::Numbers(text) } else { Body::Nameless });
    }
    let behind = skip_blanks(rest);
    if behind.len() == rest.len() {
        return None;
    }
    // A row of `--table` is a time and its distance from the mean: `0.01085 (-0.00384) ####`.
    match behind.as_bytes().first() {
        Some(b'(') => return None,
        Some(b'0'..=b'9' | b'-') if only_numbers(text) => return Some(Body::Numbers(text)),
        _ => {}
    }
    if behind_mark(behind).is_some() {
        return Some(Body::Nameless);
    }
    let first = word_length(behind);
    let (names, metric) = split_metric(behind, first);
    let one_blank = rest.len() - behind.len() == 1 && rest.starts_with(' ');
    let one_word = names.len() <= first;
    let (unit, text) = if one_word { (None, names) } else { split_unit(names, first, one_blank) };
    Some(Body::Counter { value, unit, name: Name { text, one_word }, metric })
}

fn only_numbers(text: &str) -> bool {
    text.split(is_blank).filter(|word| !word.is_empty()).all(|word| {
        let number = word.trim_end_matches('%');
        !number.is_empty() && number_length(number) == number.len()
    })
}

/// Splits a text without blanks around it at the first `#` that stands free behind its first word: an event may hold one. What copies the
/// table without the blanks between its columns puts it right behind an event that fills its own.
fn split_metric(text: &str, first_word: usize) -> (&str, Option<&str>) {
    let mut end = first_word;
    loop {
        let more = skip_blanks(&text[end..]);
        if more.is_empty() {
            return (text, None);
        }
        if let Some(metric) = behind_mark(more) {
            return (&text[..end], Some(skip_blanks(metric)));
        }
        if end > EVENT_WIDTH && text.as_bytes()[end - 1] == b'#' && value::is_metric(more) {
            return (&text[..end - 1], Some(more));
        }
        end = text.len() - more.len() + word_length(more);
    }
}

/// The text behind a `#` that a blank follows.
fn behind_mark(text: &str) -> Option<&str> {
    match text.as_bytes() {
        [b'#', b' ' | b'\t', ..] | [b'#', 0xc2, 0xa0, ..] => Some(&text[1..]),
        _ => None,
    }
}

/// How wide the column of events is at least: 24 in 2.6.32 to 3.0, 25 to 5.11, 32 since.
const EVENT_WIDTH: usize = 24;

/// What 3.13 to 4.19 print behind the clocks, in text only (builtin-stat.c, `nsec_printout`); their CSV has the bare name.
const CLOCK_UNIT: &str = " (msec)";

/// Splits the unit off names of more than one word; that of a clock, which stands behind the event, is left to [`Name::split`].
///
/// A unit stands exactly one blank behind the value and has a name behind it. Before 3.14, when there was no unit column, the name stood
/// one blank behind the value, and behind it nothing, or a cgroup: as far away as the column of events is wide.
fn split_unit(names: &str, first_word: usize, one_blank: bool) -> (Option<&str>, &str) {
    let of_clock =
        |(before, behind): (&str, &str)| before.ends_with(CLOCK_UNIT) && (behind.is_empty() || behind.starts_with("  "));
    if names.find(')').map(|at| names.split_at(at + 1)).is_some_and(of_clock) {
        return (Some("msec"), names);
    }
    let rest = skip_blanks(&names[first_word..]);
    let is_unit = one_blank && names.len() - rest.len() <= EVENT_WIDTH && !rest.starts_with(['(', '[']);
    if is_unit { (Some(&names[..first_word]), rest) } else { (None, names) }
}

impl<'a> Name<'a> {
    /// The event, and the cgroup where there is one.
    #[inline]
    pub(super) fn split(self, known: &[String]) -> (&'a str, Option<&'a str>) {
        if self.one_word {
            return (self.text, None);
        }
        let (event, cgroup) = split_cgroup(self.text, known);
        (event.strip_suffix(CLOCK_UNIT).unwrap_or(event), cgroup)
    }
}

/// The event and the cgroup of a name column: the cgroup is padded away from the event, unless the event is too long for that.
fn split_cgroup<'a>(name: &'a str, known: &[String]) -> (&'a str, Option<&'a str>) {
    let bytes = name.as_bytes();
    let is_gap = |at: &usize| bytes[*at] == b'\t' || bytes[*at] == b' ' && bytes.get(at + 1) == Some(&b' ');
    if let Some(gap) = (0..bytes.len()).find(is_gap) {
        return (&name[..gap], Some(trim_blanks(skip_blanks(&name[gap..]))));
    }
    if let Some((event, cgroup)) = behind_closed_terms(name) {
        return (event, Some(cgroup));
    }
    if known.is_empty() {
        return (name, None);
    }
    match name.rsplit_once(' ') {
        Some((event, last)) if known.iter().any(|cgroup| cgroup == last) => (event, Some(last)),
        _ => (name, None),
    }
}

/// An event of a PMU that fills its column, so that the cgroup stands one blank behind the slash that closes it. In brackets would stand
/// the PMU of an event that is not merged.
fn behind_closed_terms(name: &str) -> Option<(&str, &str)> {
    let (event, word) = name.split_once(' ')?;
    let (_, modifiers) = event.split_once('/')?.1.rsplit_once('/')?;
    let closed = event.len() >= EVENT_WIDTH && modifiers.bytes().all(|byte| byte.is_ascii_alphabetic());
    (closed && !word.contains(' ') && !word.starts_with(['[', '('])).then_some((event, word))
}

/// `TopdownL1      #     37.0 %  tma_backend_bound`; the group's name may have a PMU behind it.
pub(super) fn group(text: &str) -> Option<Body<'_>> {
    let (name, metric) = split_metric(text, word_length(text));
    let word = |input| -> Step<'_, &str> { take_while1(|c: char| c.is_ascii_alphanumeric() || c == '_').parse(input) };
    let suffix = (blanks1, char('('), word, char(')'));
    let whole: Step<'_, _> = (word, opt(suffix), blanks, not(nom::character::complete::anychar)).parse(name);
    let metric = metric.filter(|metric| value::is_metric(metric))?;
    whole.ok().map(|_| Body::Group { name: name.trim_matches(is_blank), metric })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(line: &str) -> (&str, Option<&str>, &str, Option<&str>) {
        match row(line).expect(line).body {
            Body::Counter { value, unit, name, metric } => (written(value), unit, name.split(&[]).0, metric),
            other => panic!("{line}: {other:?}"),
        }
    }

    fn written(value: Value<'_>) -> &str {
        match value {
            Value::Number { text, .. } => text,
            Value::NotCounted => "<not counted>",
            Value::NotSupported => "<not supported>",
        }
    }

    #[test]
    fn units_are_told_from_events() {
        for (line, expected) in [
            (
                "              1.79 msec task-clock   #    0.114 CPUs utilized ",
                ("1.79", Some("msec"), "task-clock", Some("0.114 CPUs utilized")),
            ),
            ("         22605.61 MiB  uncore_imc/data_reads/  ", ("22605.61", Some("MiB"), "uncore_imc/data_reads/", None)),
            ("         864197523      my event     # 1 /sec", ("864197523", None, "my event", Some("1 /sec"))),
            ("            41,190 context-switches  #  0.024 M/sec", ("41,190", None, "context-switches", Some("0.024 M/sec"))),
            ("          54011  context switches     #   0.043 M/sec", ("54011", None, "context switches", Some("0.043 M/sec"))),
            ("       <not counted> msec task-clock   ", ("<not counted>", Some("msec"), "task-clock", None)),
            ("         12.345678      task-clock (msec)         ", ("12.345678", Some("msec"), "task-clock", None)),
            ("      1920.159821 task-clock (msec)   ", ("1920.159821", Some("msec"), "task-clock", None)),
            ("         12.345678      task-clock (msec)         grp", ("12.345678", Some("msec"), "task-clock", None)),
            ("             1,234 cycles                    grp", ("1,234", None, "cycles", None)),
            ("             1,234 llc_misses.of_each_socket grp", ("1,234", None, "llc_misses.of_each_socket grp", None)),
            ("             1,234 cpu/event=0x3c,umask=0x0/ grp", ("1,234", None, "cpu/event=0x3c,umask=0x0/", None)),
            (
                "         1,234 cpu/event=0x3c,umask=0x0/#    4.400 M/sec",
                ("1,234", None, "cpu/event=0x3c,umask=0x0/", Some("4.400 M/sec")),
            ),
            ("         1,234 cpu/event=0x3c,umask=0x0/# grp", ("1,234", None, "cpu/event=0x3c,umask=0x0/# grp", None)),
            ("              1.50 Joules   power/energy-pkg/", ("1.50", Some("Joules"), "power/energy-pkg/", None)),
            ("18446744073709551616      instructions", ("18446744073709551616", None, "instructions", None)),
            (
                "      861970685      unc_m.all #    219.4 ns  LATENCY",
                ("861970685", None, "unc_m.all", Some("219.4 ns  LATENCY")),
            ),
        ] {
            assert_eq!(counter(line), expected, "{line}");
        }
    }

    #[test]
    fn scopes_of_every_kind_are_found() {
        let place = |line| row(line).map(|row| (row.time, row.label, row.members));
        assert_eq!(place("CPU0                  800      page-faults [software]"), Some((None, Some("CPU0"), None)));
        assert_eq!(place("S0-D0-C0     2         #    1.88  stalled cycles per insn"), Some((None, Some("S0-D0-C0"), Some(2))));
        assert_eq!(place("S0-D0-C0              1               0.00 Joules p/e/"), Some((None, Some("S0-D0-C0"), Some(1))));
        assert_eq!(
            place("S0-D0-L3-ID0          2       <not supported>      cycles"),
            Some((None, Some("S0-D0-L3-ID0"), Some(2)))
        );
        assert_eq!(
            place("     0.103848423 S0-D0-C0     1   104.04 msec cpu-clock"),
            Some((Some(103_848_423), Some("S0-D0-C0"), Some(1)))
        );
        assert_eq!(
            place("       we\"ird, c-15175        <not counted> msec task-clock  "),
            Some((None, Some("we\"ird, c-15175"), None))
        );
        assert_eq!(place("   kworker/0:1-ev-12     4.71 msec task-clock"), Some((None, Some("kworker/0:1-ev-12"), None)));
        assert_eq!(place("N0        2       1,234      cycles"), Some((None, Some("N0"), Some(2))));
    }

    #[test]
    fn lines_without_a_counter_are_told_apart() {
        let body = |line| {
            let (text, tail) = tail::split(skip_blanks(line));
            of_columns(text, tail, Some(false), Notation::Point).map(|row| row.body)
        };
        assert_eq!(
            body("                          #    1.88  stalled cycles per insn  (48.84%)"),
            Some(Body::Continuation("1.88  stalled cycles per insn"))
        );
        assert_eq!(
            body("         TopdownL1 (cpu_core)       #     37.0 %  tma_backend_bound "),
            Some(Body::Group { name: "TopdownL1 (cpu_core)", metric: "37.0 %  tma_backend_bound" })
        );
        assert_eq!(
            body("                           55043.0               1898.0"),
            Some(Body::Numbers("55043.0               1898.0"))
        );
        assert_eq!(body("     1,234,567"), Some(Body::Numbers("1,234,567")));
        for line in [
            "hello world",
            "make[1]: Entering directory",
            "12:30 started",
            "102: perf stat tests",
            "  $ perf stat -e cycles # x",
        ] {
            assert_eq!(body(line), None, "{line}");
        }
    }

    #[test]
    fn a_value_that_is_none_shows_by_its_columns() {
        assert!(is_damaged("         12x3      cycles", true));
        assert!(is_damaged("     1.000266796     7x,313      fpu.total", false));
        for line in ["12x3 cycles", "102: perf stat tests", "take 12x      cycles"] {
            assert!(!is_damaged(line, true), "{line}");
        }
    }

    #[test]
    fn cgroups_stand_behind_a_gap_or_are_known() {
        assert_eq!(split_cgroup("cpu-clock                 prcetlA", &[]), ("cpu-clock", Some("prcetlA")));
        assert_eq!(split_cgroup("my event", &[]), ("my event", None));
        for (event, cgroup) in
            [("cpu/event=0x3c,umask=0x0,name=foo_bar_baz/", "system.slice"), ("cpu_core/event=0xc0,edge/ukp", "/")]
        {
            assert_eq!(split_cgroup(&format!("{event} {cgroup}"), &[]), (event, Some(cgroup)));
        }
        for whole in ["cpu/event=0x3c,umask=0x0,name=foo/ [cpu]", "cpu/event=0x3c,umask=0x0,name=foo bar/", "cpu/cycles/ left"]
        {
            assert_eq!(split_cgroup(whole, &[]), (whole, None));
        }
        let known = ["grp".to_owned()];
        assert_eq!(split_cgroup("unhalted_core_cycles_of_all grp", &known), ("unhalted_core_cycles_of_all", Some("grp")));
        assert_eq!(split_cgroup("unhalted_core_cycles_of_all grp", &[]), ("unhalted_core_cycles_of_all grp", None));
    }
}
