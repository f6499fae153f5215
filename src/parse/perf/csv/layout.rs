//! The columns of a row: `[TIME][SCOPE [NR]] VALUE UNIT EVENT [CGROUP] [STDDEV%] RUNTIME PERCENT METRIC METRICUNIT`.

mod columns;

use super::dialect::Dialect;
use super::fields::Fields;
use super::interval;
use crate::model::{RejectKind, ScopeKind, Status};
use crate::parse::notation::Notation;
use crate::parse::number::{self, Printed, is_digits};
use crate::parse::perf::rows::Row;
use crate::parse::perf::scope;

/// Units that perf and the kernel's PMUs export; others are accepted once the dialect is known.
const UNITS: [&str; 12] = ["", "msec", "ns", "sec", "Joules", "KiB", "MiB", "GiB", "Bytes", "B", "C", "n/a"];

/// Events that show a row beyond doubt where nothing else does.
const EVENTS: [&str; 22] = [
    "cycles",
    "cpu-cycles",
    "instructions",
    "branches",
    "branch-instructions",
    "branch-misses",
    "cache-references",
    "cache-misses",
    "bus-cycles",
    "ref-cycles",
    "task-clock",
    "cpu-clock",
    "task-clock-msecs",
    "cpu-clock-msecs",
    "page-faults",
    "faults",
    "minor-faults",
    "major-faults",
    "context-switches",
    "cpu-migrations",
    "CPU-migrations",
    "stalled-cycles-frontend",
];

type Refusal = (RejectKind, String);

/// Whether an event is one that every perf knows, modifiers aside.
pub(super) fn is_known_event(event: &str) -> bool {
    if !event.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let name = event.split(':').next().unwrap_or_default();
    EVENTS.contains(&name) || ["L1-dcache-", "L1-icache-", "LLC-", "dTLB-", "iTLB-"].iter().any(|cache| name.starts_with(cache))
}

/// Whether a unit and an event are perf's rather than the cells of some table.
pub(super) fn is_likely(unit: Option<&str>, event: &str) -> bool {
    event.contains(|c: char| c.is_ascii_alphabetic()) && (UNITS.contains(&unit.unwrap_or_default()) || event.contains('/'))
}

/// Reads a line as a row; `None` when it has no shape of one.
pub(super) fn row<'l>(fields: &Fields<'l, '_>, dialect: &Dialect<'_>) -> Option<Result<Row<'l>, Refusal>> {
    if fields.len() < 2 {
        return None;
    }
    let place = place(fields, dialect)?;
    if let Some(first) = columns::group(fields, place.at, dialect) {
        return Some(Ok(Row { metric: columns::metric(fields, first, dialect), group: true, ..place.row() }));
    }
    if is_continuation(fields, place.at) {
        return Some(Ok(Row { metric: columns::metric(fields, fields.len() - 2, dialect), ..place.row() }));
    }
    let Some(value) = &place.value else {
        return damaged(fields, place.at, dialect)
            .then(|| Err((RejectKind::Number, "the value in front of the event cannot be read".to_owned())));
    };
    let counter = if dialect.old { columns::old_counter(fields, value)? } else { columns::counter(fields, value, dialect)? };
    Some(counter.map(|(counter, cgroup, metric)| Row { cgroup, counter: Some(counter), metric, ..place.row() }))
}

/// Whether a line without a value has the other columns of a row: a unit that is known or empty, an event, and time and percentage.
fn damaged(fields: &Fields<'_, '_>, at: usize, dialect: &Dialect<'_>) -> bool {
    let unit = fields.get(at + 1).is_some_and(|unit| UNITS.contains(&unit));
    let event = fields.get(at + 2).is_some_and(|event| event.starts_with(|c: char| c.is_ascii_alphabetic()));
    unit && event && (at + 3..fields.len()).any(|at| columns::anchor(fields, at, dialect).is_some())
}

/// What stands in front of the unit.
struct Place<'l> {
    interval_ns: Option<i64>,
    label: Option<&'l str>,
    members: Option<i32>,
    /// The value, when one can be read.
    value: Option<Value>,
    /// The field where it stands or should stand.
    at: usize,
}

impl<'l> Place<'l> {
    /// The row so far.
    fn row(&self) -> Row<'l> {
        Row { interval_ns: self.interval_ns, label: self.label, members: self.members, ..Row::default() }
    }
}

/// Time, scope, number of counters and value.
fn place<'l>(fields: &Fields<'l, '_>, dialect: &Dialect<'_>) -> Option<Place<'l>> {
    let start = if dialect.separator == " " { indented(fields) } else { 0 };
    let first = unindented(fields.get(start)?);
    let interval_ns = interval(first);
    let at = start + usize::from(interval_ns.is_some() || first == "summary");
    let value = value(fields, at, dialect);
    let place = Place { interval_ns, label: None, members: None, value, at };
    if place.value.is_some() || fields.get(at)?.is_empty() {
        return Some(place);
    }
    Some(labelled(fields, at, dialect).map_or(place, |labelled| Place { interval_ns, ..labelled }))
}

/// The field where a row begins whose fields blanks separate: up to 6.1 some more stand in front of the time.
fn indented(fields: &Fields<'_, '_>) -> usize {
    let first = (0..fields.len()).find_map(|at| Some((at, fields.get(at).filter(|text| !text.is_empty())?)));
    first.filter(|(_, text)| interval(text).is_some() || *text == "summary").map_or(0, |(at, _)| at)
}

/// A field without the blanks in front, which few have.
fn unindented(field: &str) -> &str {
    if field.as_bytes().first().is_some_and(u8::is_ascii_graphic) { field } else { field.trim_start() }
}

/// A scope and what stands behind it. A separator may stand inside a label: the label ends where a value follows.
fn labelled<'l>(fields: &Fields<'l, '_>, at: usize, dialect: &Dialect<'_>) -> Option<Place<'l>> {
    (at + 1..fields.len()).find_map(|end| {
        let label = fields.span(at, end)?;
        let kind = scope::kind_of(label);
        let counted = !matches!(kind, ScopeKind::Cpu | ScopeKind::Thread);
        if kind == ScopeKind::Thread && !is_thread(label) {
            return None;
        }
        // `percore` events have no number of counters behind their core, so the number may be the value itself.
        let members = fields.get(end).filter(|_| counted).and_then(|members| members.parse().ok());
        let filled = |at, members| {
            let value = value(fields, at, dialect);
            let filled = value.is_some() || is_continuation(fields, at) || columns::group(fields, at, dialect).is_some();
            filled.then_some(Place { interval_ns: None, label: Some(label), members, value, at })
        };
        members.and_then(|members| filled(end + 1, Some(members))).or_else(|| filled(end, None))
    })
}

/// Whether a label is `comm-pid`.
fn is_thread(label: &str) -> bool {
    // From the end: each separator in a long line is asked for the label before it.
    let name = label.trim_end_matches(|c: char| c.is_ascii_digit());
    name.len() < label.len() && name.len() > 1 && name.ends_with('-')
}

/// A value and the field behind it.
struct Value {
    status: Status,
    number: Option<Printed>,
    next: usize,
}

fn value(fields: &Fields<'_, '_>, at: usize, dialect: &Dialect<'_>) -> Option<Value> {
    let first = fields.get(at)?;
    if first.starts_with('<') {
        let (status, fields) = match (first, fields.get(at + 1)) {
            ("<not counted>", _) => (Status::NotCounted, 1),
            ("<not supported>", _) => (Status::NotSupported, 1),
            ("<not", Some("counted>")) => (Status::NotCounted, 2),
            ("<not", Some("supported>")) => (Status::NotSupported, 2),
            _ => return None,
        };
        return Some(Value { status, number: None, next: at + fields });
    }
    let (text, next) = decimal_text(fields, at, dialect)?;
    Some(Value { status: Status::Counted, number: Some(ungrouped(text, dialect.notation)?), next })
}

/// A number's text and the field behind it: a decimal comma that is also the separator makes two fields of one number, whose
/// second has the two decimals (six before 5.0) that perf prints.
fn decimal_text<'l>(fields: &Fields<'l, '_>, at: usize, dialect: &Dialect<'_>) -> Option<(&'l str, usize)> {
    let whole = fields.get(at)?;
    let decimals = || fields.get(at + 1).filter(|text| matches!(text.len(), 2 | 6) && is_digits(text));
    if dialect.splits_numbers() && is_digits(whole) && decimals().is_some() {
        return Some((fields.span(at, at + 2)?, at + 2));
    }
    Some((whole, at + 1))
}

/// A number without groups.
fn ungrouped(text: &str, notation: Notation) -> Option<Printed> {
    let mut marked = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'-' => {}
            b'.' | b',' => marked = true,
            _ => return None,
        }
    }
    // A mark that is no decimal mark would be a group, which perf never prints here.
    number::number(text, notation).ok().filter(|printed| printed.decimals > 0 || !marked)
}

/// Whether a row only continues the metrics of the one above: nothing but a number and its name at its end.
fn is_continuation(fields: &Fields<'_, '_>, at: usize) -> bool {
    let empty = |field| fields.get(field).is_some_and(str::is_empty);
    fields.len() >= at + 4 && (at..fields.len() - 2).all(empty)
}
