//! I17 by canonical events: whatever a run calls them, and however often it asks for them, the numbers of one event agree.

use std::collections::BTreeMap;

use super::{Checked, Part, reading};
use crate::question::grade;
use crate::stats::invariant::{Finding, Kind, Reading};
use crate::store::query::Fact;

/// What counters of one event may be apart, beside what matters in practice for its class, because the kernel starts one after the other:
/// the tolerance of I5, for the same reason.
const ABSOLUTE: f64 = 1_000.0;

/// An event, or a name of which no event is known, and the rings that are counted.
type Same<'p> = (Option<i64>, i64, Option<&'p str>);

/// Every number of an event against that of the same event which ran longest. What was multiplexed is an estimate, and counters are read
/// one after the other at the ends of intervals: such a difference is no contradiction.
pub(super) fn check(part: &Part<'_>) -> Vec<Checked> {
    let mut same: BTreeMap<Same<'_>, Vec<(usize, Reading)>> = BTreeMap::new();
    for (at, fact) in part.facts().filter(|(_, fact)| reading::is_plain(part.text(fact)) || !part.is_of_perf()) {
        if let Some(reading) = reading::of(part, fact) {
            same.entry(event(part, fact)).or_default().push((at, reading));
        }
    }
    same.into_values().flat_map(|members| apart(part, &members)).collect()
}

fn event<'p>(part: &Part<'p>, fact: &Fact<'_>) -> Same<'p> {
    let binding = part.names.binding(part.facts.run.name(fact.spelling_id));
    match binding.filter(|binding| binding.relation.as_deref() == Some("same")).and_then(|binding| binding.event_id) {
        Some(event) => (Some(event), 0, binding.and_then(|binding| binding.privilege.as_deref())),
        None => (None, fact.spelling_id, None),
    }
}

fn apart(part: &Part<'_>, members: &[(usize, Reading)]) -> Vec<Checked> {
    let Some((first, known)) = members.iter().min_by(|a, b| a.1.slack.total_cmp(&b.1.slack)) else { return Vec::new() };
    let class = part.names.class(part.facts.run.name(part.facts.facts[*first].spelling_id));
    let relative = grade(class).practical_difference();
    let is_estimate = |at: usize| part.facts.facts[at].running_percent.is_some_and(|percent| percent < 99.9);
    let check = |(at, reading): &(usize, Reading)| {
        let reach = relative * known.value.abs() + ABSOLUTE + known.slack + reading.slack;
        let is_soft = part.interval_ns.is_some() || is_estimate(*at) || is_estimate(*first);
        let kind = if is_soft { Kind::Soft } else { Kind::Hard };
        let rows = vec![*at, *first];
        let events = rows.iter().map(|at| part.text(&part.facts.facts[*at]).to_owned()).collect();
        let finding =
            Finding { id: "I17", kind, events, found: reading.value, low: known.value - reach, high: known.value + reach };
        Checked { finding, rows }
    };
    members.iter().filter(|(at, _)| at != first).map(check).collect()
}
