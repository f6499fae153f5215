//! Zeros that nobody counted. An emulated or missing counter takes every event and stays at 0, with 100 % of the time on a counter.

use super::reading::{self, Named};
use super::{Checked, Part};
use crate::question::is_raw;
use crate::stats::invariant::{Finding, Kind, SETTINGS};
use crate::store::query::Fact;

/// What has run has both of (rule Z1), in whatever rings and on whatever kind of core it ran.
const NEVER_ZERO: [&str; 2] = ["instructions", "cycles"];

/// What no program that ran can have none of: in all rings or in user mode.
const RAN: [&str; 4] = ["instructions", "cycles", "instructions:u", "cycles:u"];

/// Z1 and Z3.
pub(super) fn check(part: &Part<'_>, window: &Named) -> Vec<Checked> {
    let pairs = SETTINGS.iter().map(|setting| NEVER_ZERO.map(|event| setting.replace('*', event)));
    let mut found: Vec<Checked> = pairs.filter_map(|pair| one_of_two(part, window, &pair)).collect();
    found.extend(raw(part, window));
    found
}

/// Z1: of instructions and cycles, one is zero and the other is not.
fn one_of_two(part: &Part<'_>, window: &Named, pair: &[String; 2]) -> Option<Checked> {
    let [first, second] = [window.window.get(&pair[0])?, window.window.get(&pair[1])?];
    let lesser = usize::from(first.value > second.value);
    let low = if first.value == 0.0 && second.value == 0.0 { 0.0 } else { 1.0 };
    let rows = vec![window.place(&pair[lesser])?];
    let events = [lesser, 1 - lesser].into_iter().filter_map(|at| window.place(&pair[at]));
    let events = events.map(|at| part.text(&part.facts.facts[at]).to_owned()).collect();
    let found = first.value.min(second.value);
    Some(Checked { finding: Finding { id: "Z1", kind: Kind::Hard, events, found, low, high: f64::INFINITY }, rows })
}

/// Z3: a code that is zero all the time beside cycles or instructions that are not: the kernel takes any code.
fn raw(part: &Part<'_>, window: &Named) -> Vec<Checked> {
    let beside = RAN.iter().filter_map(|name| window.place(name).map(|at| &part.facts.facts[at]));
    let Some(beside) = beside.into_iter().find(|fact| fact.value.is_some_and(|value| value > 0.0)) else { return Vec::new() };
    let is_silent =
        |fact: &Fact<'_>| is_raw(part.text(fact)) && reading::of(part, fact).is_some_and(|reading| reading.value == 0.0);
    let silent = part.facts().filter(|(_, fact)| is_silent(fact));
    let finding = |(at, fact): (usize, &Fact<'_>)| {
        let events = vec![part.text(fact).to_owned(), part.text(beside).to_owned()];
        Checked {
            finding: Finding { id: "Z3", kind: Kind::Soft, events, found: 0.0, low: 1.0, high: f64::INFINITY },
            rows: vec![at],
        }
    };
    silent.map(finding).collect()
}
