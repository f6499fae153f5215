//! The values of one region of PAPI's high-level interface, as PAPI writes them and as its script `papi_hl_output_writer.py` does.

use hashbrown::HashSet;

use super::json::{Member, Place};
use super::output::Output;
use crate::model::{Kind, Number, RejectKind, RunResult, ScopeKind, Status};
use crate::parse::builder::MAX_NAME;
use crate::parse::notation::Notation;
use crate::parse::number::{Printed, is_digits, number};

/// What is known of a region beside its values.
#[derive(Debug)]
pub(super) struct Region<'a> {
    /// Where it begins.
    pub(super) place: Place,
    /// Its name, and that of the rank where there are several.
    pub(super) target: String,
    /// The thread; `None` when the threads were added up.
    pub(super) thread: Option<&'a str>,
    /// Version of PAPI.
    pub(super) version: Option<&'a str>,
    /// Events whose values are readings of the counter instead of differences; `None` when the output does not say.
    pub(super) instant: Option<&'a HashSet<&'a str>>,
}

/// What a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    /// The region.
    Whole,
    /// Several executions or threads of it, added up.
    Total,
    /// `min`, `median`, `avg`, `max` of them.
    Statistic(&'a str),
}

/// Reads the members of a region as a run of its own: regions contain one another and must not be added.
pub(super) fn read(output: &mut Output, region: &Region<'_>, members: &[Member<'_>]) {
    let run = output.builder.begin_run(region.place.line);
    let begun = output.builder.run(run);
    begun.target = Some(region.target.clone());
    begun.tool_version = region.version.map(str::to_owned);
    let mut reader = Reader { output, region, run };
    for member in members {
        reader.member(member);
    }
}

struct Reader<'o, 'r> {
    output: &'o mut Output,
    region: &'r Region<'r>,
    run: u32,
}

impl Reader<'_, '_> {
    fn member(&mut self, member: &Member<'_>) {
        match (member.key, member.leaf()) {
            ("name", Some(_)) | ("parent_region_id", Some("-1")) => {}
            ("parent_region_id", _) => self.output.builder.note("values of a region cover the regions within it"),
            ("region_count" | "Region count", Some(text)) if text != "1" => {
                self.output.builder.note("values of a region are sums over its executions: region_count of them");
                self.value(member.place, member.key, Part::Whole, text);
            }
            (name, Some(text)) => self.value(member.place, name, Part::Whole, text),
            (name, None) => member.members().iter().for_each(|part| self.part(name, part)),
        }
    }

    fn part(&mut self, name: &str, member: &Member<'_>) {
        let part = match member.key {
            "region_value" => Part::Whole,
            "total" => Part::Total,
            statistic @ ("min" | "median" | "avg" | "max") => Part::Statistic(statistic),
            key if key.starts_with("read_") => {
                return self.output.builder.note("readings within a region (read_N) are left out: its value covers them");
            }
            _ => return self.misplaced(member.place),
        };
        match member.leaf() {
            Some(text) => self.value(member.place, name, part, text),
            None => self.misplaced(member.place),
        }
    }

    fn misplaced(&mut self, place: Place) {
        self.output.fault(place, RejectKind::Row, MISPLACED);
    }

    fn value(&mut self, place: Place, name: &str, part: Part<'_>, text: &str) {
        let is_named = !name.is_empty() && name.len().max(self.region.thread.map_or(0, str::len)) < MAX_NAME - LONGEST_PART;
        if !is_named {
            return self.output.fault(place, RejectKind::Name, "no name of an event or thread");
        }
        // What the script could not compute.
        let printed = if text == "n/a" { None } else { Some(numeral(text)) };
        match (name, part, printed) {
            (_, _, Some(None)) => self.output.fault(place, RejectKind::Number, "no value of an event"),
            ("real_time_nsec", Part::Whole, Some(Some(time))) => self.wall(time.number.value / 1e9),
            ("Real time in s", Part::Whole, Some(Some(time))) => self.wall(time.number.value),
            (_, _, printed) => self.push(place, name, part, printed.flatten()),
        }
    }

    fn wall(&mut self, seconds: f64) {
        self.output.builder.run(self.run).wall_seconds = Some(seconds);
    }

    fn push(&mut self, place: Place, name: &str, part: Part<'_>, printed: Option<Printed>) {
        let (unit, kind) = self.unit_and_kind(name);
        let (text, kind) = match part {
            Part::Statistic(statistic) => (format!("{name} ({statistic})"), Kind::Metric),
            Part::Whole | Part::Total => (name.to_owned(), kind),
        };
        let spelling = self.output.builder.spelling(&text, unit, kind);
        let status = if printed.is_some() { Status::Counted } else { Status::NotCounted };
        let mut result = RunResult::new(self.run, place.line, spelling, status, printed.map(|printed| printed.number));
        result.flags = printed.map(|printed| printed.flags).unwrap_or_default();
        let thread = self.region.thread.map(|thread| (ScopeKind::Thread, thread));
        result.scope = thread.and_then(|(kind, label)| self.output.builder.scope(kind, label, None, None));
        self.output.push(result);
    }

    /// `cycles` are ticks of the time stamp counter, no event; and an instant value is no difference. Neither is a count of the region.
    fn unit_and_kind(&mut self, name: &str) -> (Option<&'static str>, Kind) {
        match (name, self.region.instant) {
            ("cycles", _) => (Some("ticks"), Kind::Metric),
            ("real_time_nsec", _) => (Some("ns"), Kind::Metric),
            _ if is_derived(name) => (None, Kind::Metric),
            (_, Some(instant)) if instant.contains(name) => {
                self.output
                    .builder
                    .note("events of type instant are readings of the counter, not counts of the region: kept as metrics");
                (None, Kind::Metric)
            }
            (_, Some(_)) => (None, Kind::Count),
            (_, None) => {
                self.output
                    .builder
                    .note("the output does not tell events of type instant, which are readings of the counter: all are taken for counts");
                (None, Kind::Count)
            }
        }
    }
}

/// Why a member is rejected that no output of PAPI has.
pub(super) const MISPLACED: &str = "no place where this program expects a value of PAPI";

/// What ` (median)` adds to a name.
const LONGEST_PART: usize = 16;

/// What counts executions, and what the script computes from events: `CPU time in s`, `IPC`, `MFLOPS/s`.
fn is_derived(name: &str) -> bool {
    let rate = name.ends_with("/s") || name.ends_with(" in M/s");
    rate || matches!(name, "region_count" | "Region count" | "CPU time in s" | "IPC") || name.starts_with("Number of ")
}

/// Floats that are whole below this are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number of PAPI, or of the script, which prints counts as floats too: `101.0`, `1.2345678901230002e+16`.
fn numeral(text: &str) -> Option<Printed> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    let printed = if plain { number(text, Notation::Point).ok()? } else { exponential(text)? };
    Some(Printed { number: whole(printed.number), ..printed })
}

fn exponential(text: &str) -> Option<Printed> {
    let (mantissa, exponent) = text.split_once('e')?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let mantissa = number(mantissa, Notation::Point).ok().filter(|_| is_digits(digits))?;
    Some(Printed { number: Number::inexact(text.parse().ok()?)?, ..mantissa })
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
fn whole(number: Number) -> Number {
    let is_exact = number.count.is_none() && number.value.fract() == 0.0 && number.value.abs() < EXACT;
    if is_exact { Number::exact(number.value as i64) } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_where_a_float_is() {
        let read = |text: &str| numeral(text).map(|printed| (printed.number.value, printed.number.count));
        assert_eq!(read("1234567890123"), Some((1_234_567_890_123.0, Some(1_234_567_890_123))));
        assert_eq!(read("-5"), Some((-5.0, Some(-5))));
        assert_eq!(read("101.0"), Some((101.0, Some(101))));
        assert_eq!(read("1.45"), Some((1.45, None)));
        assert_eq!(read("1.2345678901230002e+16"), Some((1.234_567_890_123_000_2e16, None)));
        for text in ["", "1,234", "12x4", "0x12", "e5", "1e", "1e+x", "1e999", "inf", "NaN", "1 2"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
