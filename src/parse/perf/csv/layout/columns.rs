//! The columns behind the value.

use super::{Dialect, Fields, Refusal, UNITS, Value, decimal_text, is_digits, ungrouped};
use crate::model::RejectKind;
use crate::parse::notation::Notation;
use crate::parse::number::Printed;
use crate::parse::perf::rows::Counter;

/// Counter, cgroup and metric.
type Columns<'l> = (Counter<'l>, Option<&'l str>, Option<(Printed, &'l str)>);

/// The columns behind the value, found from the time and percentage that every row of 4.1 and later has.
pub(super) fn counter<'l>(
    fields: &Fields<'l, '_>,
    value: &Value,
    dialect: &Dialect<'_>,
) -> Option<Result<Columns<'l>, Refusal>> {
    let unit = fields.get(value.next)?;
    let names = value.next + 1;
    let Some((runtime, percent, behind)) = (names + 1..fields.len()).find_map(|at| anchor(fields, at, dialect)) else {
        let cut =
            UNITS.contains(&unit) && fields.get(names).is_none_or(|event| event.starts_with(|c: char| c.is_ascii_alphabetic()));
        let reason = "no time and percentage stand behind the event: the row is cut or broken";
        return (cut && fields.len() > names).then(|| Err((RejectKind::Row, reason.to_owned())));
    };
    let (spread, end) = spread(fields, names, runtime, dialect);
    let (event, cgroup) = split_cgroup(fields, names, end, dialect)?;
    if event.is_empty() {
        return None;
    }
    let counter = Counter {
        status: value.status,
        number: value.number,
        unit: Some(unit).filter(|unit| !unit.is_empty()),
        event,
        spread_percent: spread,
        runtime_ns: fields.get(runtime)?.parse().ok(),
        running_percent: Some(percent),
    };
    Some(Ok((counter, cgroup, metric(fields, behind, dialect))))
}

/// A time in nanoseconds with a percentage behind it: the field of the time, the percentage, and the field behind.
pub(super) fn anchor(fields: &Fields<'_, '_>, at: usize, dialect: &Dialect<'_>) -> Option<(usize, f64, usize)> {
    fields.get(at).filter(|runtime| is_digits(runtime))?;
    let (percent, next) = decimal_text(fields, at + 1, dialect)?;
    let printed = ungrouped(percent, dialect.notation).filter(|printed| printed.decimals == 2)?;
    Some((at, printed.number.value, next))
}

/// The first field behind the percentage of a metric group's row, 6.5 and later: `[STDDEV%] RUNTIME PERCENT` with nothing in front, and
/// behind empty fields the name of the group or, where it goes on with another event, its next metric.
pub(super) fn group(fields: &Fields<'_, '_>, at: usize, dialect: &Dialect<'_>) -> Option<usize> {
    fields.get(at).filter(|value| value.is_empty())?;
    let (runtime, _, behind) = (at + 1..=at + 3).find_map(|at| anchor(fields, at, dialect))?;
    let (_, end) = spread(fields, at, runtime, dialect);
    let first = (behind..fields.len()).find(|&field| fields.get(field).is_some_and(|text| !text.is_empty()))?;
    (end == at + 1 && first >= behind + 2).then_some(first)
}

/// The spread before the time, and the field where the names end.
fn spread(fields: &Fields<'_, '_>, names: usize, runtime: usize, dialect: &Dialect<'_>) -> (Option<f64>, usize) {
    let percent = |from: usize| {
        let text = fields.span(from, runtime)?.strip_suffix('%')?;
        let printed = ungrouped(text, dialect.notation).filter(|printed| printed.decimals == 2)?;
        Some((Some(printed.number.value), from))
    };
    let split = dialect.splits_numbers().then(|| runtime.checked_sub(2)).flatten();
    let mut starts = [split, runtime.checked_sub(1)].into_iter().flatten().filter(|&from| from > names);
    starts.find_map(percent).unwrap_or((None, runtime))
}

/// The event, which may hold separators between slashes, and the cgroup behind it.
fn split_cgroup<'l>(
    fields: &Fields<'l, '_>,
    from: usize,
    to: usize,
    dialect: &Dialect<'_>,
) -> Option<(&'l str, Option<&'l str>)> {
    let whole = fields.span(from, to)?;
    if to - from < 2 || dialect.may_split_names() {
        return Some((whole.trim_end(), None));
    }
    let event = fields.span(from, to - 1)?;
    // The slash of a breakpoint, `mem:ADDRESS/LENGTH:w`, opens nothing.
    let opens = event.split_once('/').is_some_and(|(pmu, _)| !pmu.contains(':'));
    let open = opens && event.bytes().filter(|&byte| byte == b'/').count() % 2 == 1;
    Some(if open { (whole, None) } else { (event, fields.get(to - 1)) })
}

/// The metric behind the percentage; its name may hold separators.
pub(super) fn metric<'l>(fields: &Fields<'l, '_>, at: usize, dialect: &Dialect<'_>) -> Option<(Printed, &'l str)> {
    let number = fields.get(at)?;
    let name = fields.span(at + 1, fields.len()).filter(|name| !name.is_empty())?;
    ungrouped(number, dialect.notation).zip(Some(name))
}

/// The columns behind the value before 4.1: `[UNIT] EVENT [CGROUP] [STDDEV%]`.
pub(super) fn old_counter<'l>(fields: &Fields<'l, '_>, value: &Value) -> Option<Result<Columns<'l>, Refusal>> {
    let first = fields.get(value.next)?;
    let has_unit = UNITS.contains(&first) && fields.len() > value.next + 1;
    let names = value.next + usize::from(has_unit);
    let last = fields.get(fields.len() - 1)?;
    let spread =
        last.strip_suffix('%').and_then(|text| ungrouped(text, Notation::Point).or_else(|| ungrouped(text, Notation::Comma)));
    let end = fields.len() - usize::from(spread.is_some());
    let (event, cgroup) =
        old_names(fields, names, end).filter(|(event, _)| event.contains(|c: char| c.is_ascii_alphabetic()))?;
    let counter = Counter {
        status: value.status,
        number: value.number,
        unit: Some(first).filter(|unit| has_unit && !unit.is_empty()),
        event,
        spread_percent: spread.map(|printed| printed.number.value),
        runtime_ns: None,
        running_percent: None,
    };
    Some(Ok((counter, cgroup, None)))
}

/// The event and the cgroup of such a row. Nothing but the fields shows that it is one: more than these two are an event only where they
/// are a PMU's in all.
fn old_names<'l>(fields: &Fields<'l, '_>, from: usize, to: usize) -> Option<(&'l str, Option<&'l str>)> {
    let whole = fields.span(from, to).filter(|_| to > from)?;
    if to == from + 1 || is_pmu_event(whole) {
        return Some((whole.trim_end(), None));
    }
    let event = fields.span(from, to - 1)?;
    (to == from + 2 || is_pmu_event(event)).then(|| (event.trim_end(), fields.get(to - 1)))
}

/// Whether a text is `PMU/TERM,TERM/MODIFIERS`.
fn is_pmu_event(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let parts: Vec<&str> = text.trim_end().split('/').collect();
    let &[pmu, terms, modifiers] = parts.as_slice() else { return false };
    !pmu.is_empty()
        && pmu.bytes().all(is_of_name)
        && !terms.is_empty()
        && modifiers.bytes().all(|byte| byte.is_ascii_alphabetic())
}
