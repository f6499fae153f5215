//! What the numbers of one run say together: the rules over events, inside one window of time and one part of the machine.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use crate::model::{Kind, Scope, Status};
use crate::stats::invariant::row::in_range;
use crate::stats::invariant::{Finding, Kind as Strictness, Machine, Reading, Window, check as check_window};
use crate::store::query::{Fact, Facts, Names};

/// What the rules say of one number.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// Hard rules that could be checked.
    pub(super) checked: u32,
    /// Rules that do not hold.
    pub(super) failed: Vec<Finding>,
    /// I1: no counter can hold the number.
    pub(super) out_of_range: bool,
}

impl Found {
    /// Hard rules that do not hold.
    pub(super) fn broken(&self) -> u32 {
        let hard = self.failed.iter().filter(|finding| finding.rule.kind == Strictness::Hard).count();
        u32::try_from(hard).unwrap_or(u32::MAX).saturating_add(self.out_of_range.into())
    }
}

/// One part of the machine in one interval.
type Part<'f> = (Option<&'f Scope>, Option<i64>);

/// What the rules say of each number of a run, in the order of the numbers.
pub(super) fn check(names: &Names, facts: &Facts<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = facts.facts.iter().map(|fact| range(names, fact)).collect();
    let mut parts: HashMap<Part<'_>, Vec<usize>> = HashMap::new();
    for (at, fact) in facts.facts.iter().enumerate() {
        parts.entry((fact.scope, fact.interval_ns)).or_default().push(at);
    }
    for members in parts.into_values() {
        let (window, places) = window(names, facts, &members);
        for finding in check_window(&window, &Machine::default()) {
            for at in finding.events.iter().filter_map(|event| places.get(event)) {
                add(&mut found[*at], &finding);
            }
        }
    }
    found
}

/// I1 on its own: metrics may be negative, counts not.
fn range(names: &Names, fact: &Fact<'_>) -> Found {
    let is_count = names.spelling(fact.spelling_id).is_some_and(|spelling| spelling.kind == Kind::Count);
    match fact.value.filter(|_| is_count) {
        Some(value) => Found { checked: 1, failed: Vec::new(), out_of_range: !in_range(value) },
        None => Found::default(),
    }
}

fn add(found: &mut Found, finding: &Finding) {
    found.checked += u32::from(finding.rule.kind == Strictness::Hard);
    if !finding.holds() {
        found.failed.push(finding.clone());
    }
}

/// The readings of one part by the names that the rules use, and where each stands among the numbers. An event that is there twice is
/// left out, for nothing says which of its numbers is meant.
fn window(names: &Names, facts: &Facts<'_>, members: &[usize]) -> (Window, HashMap<String, usize>) {
    let (mut readings, mut places, mut twice) = (BTreeMap::new(), HashMap::new(), HashSet::new());
    for &at in members {
        let Some((event, reading)) = reading(names, facts, &facts.facts[at]) else { continue };
        if places.insert(event.clone(), at).is_some() {
            twice.insert(event.clone());
        }
        readings.insert(event, reading);
    }
    for event in twice {
        readings.remove(&event);
        places.remove(&event);
    }
    (Window(readings), places)
}

/// The rules are written in the generic names of perf, which only perf means by them. Modifiers but those of one ring say how to count,
/// and what they do to a rule nobody knows: such numbers are left out.
fn reading(names: &Names, facts: &Facts<'_>, fact: &Fact<'_>) -> Option<(String, Reading)> {
    let tool = names.tool(facts.run.place().tool_id)?;
    let spelling = names.spelling(fact.spelling_id)?;
    let modifier = spelling.text.rsplit_once(':').map(|(_, modifier)| modifier);
    let is_usual = modifier.is_none_or(|modifier| matches!(modifier, "u" | "k" | "h"));
    if tool.name != "perf" || spelling.kind != Kind::Count || fact.status != Status::Counted || !is_usual {
        return None;
    }
    let share = fact.running_percent.map_or(1.0, |percent| percent / 100.0);
    // perf prints clocks in milliseconds, the rules know nanoseconds.
    let unit = if spelling.unit.as_deref() == Some("msec") { 1e6 } else { 1.0 };
    let reading = Reading::counted(fact.value? * unit, share)?;
    Some((spelling.text.clone(), reading))
}
