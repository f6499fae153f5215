//! I16: the four shares of top-down analysis (Yasin, ISPASS 2014) that perf prints beside its slots.

use super::{Checked, Part};
use crate::model::Kind as Number;
use crate::stats::invariant::row::shares_add_up;
use crate::stats::invariant::{Finding, Kind};

/// What perf calls them, by its versions.
const LEVEL_1: [[&str; 4]; 3] = [
    ["retiring", "bad speculation", "frontend bound", "backend bound"],
    ["tma_retiring", "tma_bad_speculation", "tma_frontend_bound", "tma_backend_bound"],
    ["Retiring", "Bad_Speculation", "Frontend_Bound", "Backend_Bound"],
];

/// Each set of four of which all are there in percent, and once.
pub(super) fn check(part: &Part<'_>) -> Vec<Checked> {
    LEVEL_1.iter().filter_map(|names| of_level(part, names)).collect()
}

fn of_level(part: &Part<'_>, names: &[&str; 4]) -> Option<Checked> {
    let place = |name: &&str| {
        let mut found = part.facts().filter(|(_, fact)| {
            part.kind(fact) == Some(Number::Metric)
                && part.text(fact) == *name
                && part.unit(fact).is_some_and(|unit| unit.contains('%'))
        });
        found.next().filter(|_| found.next().is_none())
    };
    let places: Vec<_> = names.iter().map(place).collect::<Option<_>>()?;
    let shares: Vec<f64> = places.iter().map(|(_, fact)| fact.value).collect::<Option<_>>()?;
    let events = names.iter().map(|name| (*name).to_owned()).collect();
    let outside = shares.iter().copied().find(|share| !(0.0..=100.0).contains(share));
    let (found, low, high) = match outside.filter(|_| !shares_add_up(&shares)) {
        Some(share) => (share, 0.0, 100.0),
        None => (shares.iter().sum(), 98.0, 102.0),
    };
    let rows = places.into_iter().map(|(at, _)| at).collect();
    Some(Checked { finding: Finding { id: "I16", kind: Kind::Soft, events, found, low, high }, rows })
}
