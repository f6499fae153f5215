//! What the numbers of one run say together: rules over events, over what is printed beside them, and over the times of the run.
//!
//! A rule looks at one [`Part`]: one window of time and one part of the machine.

mod aliases;
mod printed;
mod reading;
mod shares;
mod times;
mod zeros;

use std::collections::BTreeMap;

use crate::model::{Kind, Scope};
use crate::stats::invariant::row::in_range;
use crate::stats::invariant::{Finding, Kind as Strictness, Machine, check as check_window};
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
        let hard = self.failed.iter().filter(|finding| finding.kind == Strictness::Hard).count();
        u32::try_from(hard).unwrap_or(u32::MAX).saturating_add(self.out_of_range.into())
    }

    fn add(&mut self, finding: &Finding) {
        self.checked += u32::from(finding.kind == Strictness::Hard);
        if !finding.holds() {
            self.failed.push(finding.clone());
        }
    }
}

/// The numbers of a run in one interval and of one part of the machine.
struct Part<'p> {
    names: &'p Names,
    facts: &'p Facts<'p>,
    scope: Option<&'p Scope>,
    interval_ns: Option<i64>,
    /// Where they stand among the numbers of the run.
    members: Vec<usize>,
}

impl<'p> Part<'p> {
    fn facts(&self) -> impl Iterator<Item = (usize, &'p Fact<'p>)> + '_ {
        self.members.iter().map(|at| (*at, &self.facts.facts[*at]))
    }

    fn text(&self, fact: &Fact<'_>) -> &'p str {
        self.names.spelling(fact.spelling_id).map_or("", |spelling| &spelling.text)
    }

    fn kind(&self, fact: &Fact<'_>) -> Option<Kind> {
        self.names.spelling(fact.spelling_id).map(|spelling| spelling.kind)
    }

    fn unit(&self, fact: &Fact<'_>) -> Option<&'p str> {
        self.names.spelling(fact.spelling_id)?.unit.as_deref()
    }

    fn is_of_perf(&self) -> bool {
        self.names.tool(self.facts.run.place().tool_id).is_some_and(|tool| tool.name == "perf")
    }

    /// Whether it is all of a run.
    fn is_whole(&self) -> bool {
        self.scope.is_none() && self.interval_ns.is_none()
    }
}

/// A rule that was checked, and the numbers that it was checked on.
struct Checked {
    finding: Finding,
    rows: Vec<usize>,
}

/// What the rules say of each number of a run, in the order of the numbers.
pub(super) fn check(names: &Names, facts: &Facts<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = facts.facts.iter().map(|fact| range(names, fact)).collect();
    for part in parts(names, facts) {
        let window = reading::window(&part);
        let mut all = over_events(&part, &window);
        all.extend(aliases::check(&part));
        all.extend(zeros::check(&part, &window));
        all.extend(printed::check(&part, &window));
        all.extend(shares::check(&part));
        all.extend(times::check(&part));
        for checked in &all {
            for at in &checked.rows {
                found[*at].add(&checked.finding);
            }
        }
    }
    found
}

fn parts<'p>(names: &'p Names, facts: &'p Facts<'p>) -> Vec<Part<'p>> {
    let mut parts: BTreeMap<(Option<i64>, Option<&Scope>), Part<'p>> = BTreeMap::new();
    for (at, fact) in facts.facts.iter().enumerate() {
        let (scope, interval_ns) = (fact.scope, fact.interval_ns);
        let part =
            parts.entry((interval_ns, scope)).or_insert_with(|| Part { names, facts, scope, interval_ns, members: vec![] });
        part.members.push(at);
    }
    parts.into_values().collect()
}

/// I1 on its own: metrics may be negative, counts not. What is known to the digit is told by its digits, for a float cannot hold the last
/// of 63 bits.
fn range(names: &Names, fact: &Fact<'_>) -> Found {
    let is_count = names.spelling(fact.spelling_id).is_some_and(|spelling| spelling.kind == Kind::Count);
    match fact.value.filter(|_| is_count) {
        Some(value) => {
            let is_held = fact.count.map_or_else(|| in_range(value), |count| count >= 0);
            Found { checked: 1, failed: Vec::new(), out_of_range: !is_held }
        }
        None => Found::default(),
    }
}

/// The rules of the table; events are told by the names that the tool gave them.
fn over_events(part: &Part<'_>, window: &reading::Named) -> Vec<Checked> {
    let named = |mut finding: Finding| {
        let rows: Vec<usize> = finding.events.iter().filter_map(|event| window.place(event)).collect();
        finding.events = rows.iter().map(|at| part.text(&part.facts.facts[*at]).to_owned()).collect();
        Checked { finding, rows }
    };
    check_window(&window.window, &Machine::default(), part.interval_ns.is_some()).into_iter().map(named).collect()
}
