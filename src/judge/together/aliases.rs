//! I17 by canonical events: whatever a run calls them, and however often it asks for them, the numbers of one event agree.

use std::collections::BTreeMap;

use super::{Checked, Part, reading};
use crate::judge::is_multiplexed;
use crate::question::grade;
use crate::stats::Class;
use crate::stats::invariant::{Finding, Kind, Reading};
use crate::store::query::Fact;

/// What counters of one event may be apart, beside what matters in practice for its class, because the kernel starts one after the other:
/// the tolerance of I5, for the same reason.
const ABSOLUTE: f64 = 1_000.0;

/// The hardware events of which perf has two names, and how steady they are: of a machine that is not known, a name is bound to no event.
const GENERIC: [(&str, &str, Class); 4] = [
    ("cycles", "cpu-cycles", Class::Cycle),
    ("branches", "branch-instructions", Class::Exact),
    ("stalled-cycles-frontend", "idle-cycles-frontend", Class::Rate),
    ("stalled-cycles-backend", "idle-cycles-backend", Class::Rate),
];

/// What numbers are of.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Same<'p> {
    /// An event, and the rings that are counted.
    Event(i64, Option<&'p str>),
    /// The first name of an event that perf has two names of, and what is written behind it.
    Generic(&'static str, &'p str),
    /// A name of which no event is known.
    Name(i64),
}

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
        Some(event) => Same::Event(event, binding.and_then(|binding| binding.privilege.as_deref())),
        None => generic(part, fact).map_or(Same::Name(fact.spelling_id), |(name, ring, _)| Same::Generic(name, ring)),
    }
}

/// The first name of an event that perf has two names of, the modifier, and the class.
fn generic<'p>(part: &Part<'p>, fact: &Fact<'_>) -> Option<(&'static str, &'p str, Class)> {
    let text = part.text(fact);
    let (name, ring) = text.split_once(':').unwrap_or((text, ""));
    let known = GENERIC.into_iter().find(|(first, second, _)| [*first, *second].contains(&name));
    known.filter(|_| part.is_of_perf()).map(|(first, _, class)| (first, ring, class))
}

fn apart(part: &Part<'_>, members: &[(usize, Reading)]) -> Vec<Checked> {
    let Some((first, known)) = members.iter().min_by(|a, b| a.1.slack.total_cmp(&b.1.slack)) else { return Vec::new() };
    let known_as = &part.facts.facts[*first];
    let class = part.names.class(part.facts.run.name(known_as.spelling_id));
    let of_name = || generic(part, known_as).map_or(Class::Rate, |(_, _, class)| class);
    let relative = class.map_or_else(of_name, |class| grade(Some(class))).practical_difference();
    let check = |(at, reading): &(usize, Reading)| {
        let reach = relative * known.value.abs() + ABSOLUTE + known.slack + reading.slack;
        let is_soft = part.interval_ns.is_some() || [*at, *first].iter().any(|at| is_multiplexed(&part.facts.facts[*at]));
        let kind = if is_soft { Kind::Soft } else { Kind::Hard };
        let rows = vec![*at, *first];
        let events = rows.iter().map(|at| part.text(&part.facts.facts[*at]).to_owned()).collect();
        let finding =
            Finding { id: "I17", kind, events, found: reading.value, low: known.value - reach, high: known.value + reach };
        Checked { finding, rows }
    };
    members.iter().filter(|(at, _)| at != first).map(check).collect()
}
