//! Each number against its group, each group against those of other tools.

use hashbrown::HashMap;

use super::ResultId;
use super::company::Company;
use super::tools::Others;
use crate::model::{Kind, ScopeKind};
use crate::question::{By, Group, Options, Part, Point, grade, groups};
use crate::stats::Sample;
use crate::stats::group::deviations_in_modes;
use crate::stats::invariant::group::{range_of_deterministic, zero_is_suspicious};
use crate::stats::invariant::{Finding, Kind as Strictness};
use crate::stats::outlier::{Deviation, Floor};
use crate::stats::way::are_shared;
use crate::store::query::Selection;
use crate::store::query::selection::Field;
use crate::store::{Store, StoreError};

/// Where the tool stands among [`fields`].
pub(super) const TOOL: usize = 0;
/// Where the event stands.
pub(super) const EVENT: usize = 1;
/// Where the experiment stands.
pub(super) const EXPERIMENT: usize = 2;
/// Where the version of the tool stands.
pub(super) const TOOL_VERSION: usize = 3;
/// Where the fields of the environment begin, in their order.
pub(super) const ENVIRONMENT: usize = 4;
/// Where the labels begin.
pub(super) const LABELS: usize = ENVIRONMENT + Field::ENVIRONMENT.len();

/// Numbers that agree in these (and in unit, rings, the part that they cover and company) are meant to be equal. The host is not among
/// them: a bad machine must stand out among its like.
fn fields() -> impl Iterator<Item = Field> {
    [Field::Tool, Field::Event, Field::Experiment, Field::ToolVersion].into_iter().chain(Field::ENVIRONMENT)
}

/// What every number of the population has for company. Numbers without an experiment are in none: nothing says that they are equal; nor are metrics.
pub(super) fn of(store: &mut Store, population: &Selection) -> Result<HashMap<ResultId, Company>, StoreError> {
    let labels: Vec<Field> = store.names()?.label_keys().into_iter().map(|key| Field::Label(key.to_owned())).collect();
    let by = By::all(fields().chain(labels).collect());
    let found = groups(store, population, &Options { by, mixed: Vec::new(), with_points: true })?;
    let others = Others::of(&found.groups);
    let mut companies = HashMap::new();
    let mut siblings: Vec<ResultId> = Vec::new();
    for group in found.groups.iter().filter(|group| has_peers(group)) {
        of_group(group, &others, &mut companies);
        if is_whole(group) {
            siblings.extend(group.points.iter().map(|point| (point.run_id, point.ordinal)));
        }
    }
    siblings.sort_unstable();
    for run in siblings.chunk_by(|a, b| a.0 == b.0) {
        of_run(run, &mut companies);
    }
    Ok(companies)
}

/// A metric is named by its unit alone (`/sec`, `of all branches`): equal names stand beside different counters, which says nothing of
/// their being equal. Intervals of a run are what a program did one thing after the other.
fn has_peers(group: &Group) -> bool {
    let aspects = &group.key.aspects;
    group.key.parts[EXPERIMENT] != Part::Unknown && aspects.kind != Kind::Metric && !aspects.interval
}

/// Whether each number is that of a whole run: those of intervals, of control groups and of parts of the machine are the same event many
/// times.
fn is_whole(group: &Group) -> bool {
    let aspects = &group.key.aspects;
    aspects.scope == ScopeKind::Whole && aspects.cgroup == Part::Unknown && !aspects.interval
}

/// Tells the numbers of a run that stand out together.
fn of_run(run: &[ResultId], companies: &mut HashMap<ResultId, Company>) {
    let known: Vec<ResultId> = run.iter().copied().filter(|id| companies.contains_key(id)).collect();
    let deviations: Vec<Deviation> = known.iter().map(|id| companies[id].deviation).collect();
    for (id, is_shared) in known.iter().zip(are_shared(&deviations)) {
        if let Some(company) = companies.get_mut(id) {
            company.is_shared = is_shared;
        }
    }
}

fn of_group(group: &Group, others: &Others, companies: &mut HashMap<ResultId, Company>) {
    let values: Vec<f64> = group.points.iter().map(|point| point.value).collect();
    // What is not known to vary is expected not to.
    let floor = group.class.as_deref().map_or(Floor::COUNT, |class| Floor::of(grade(Some(class))));
    let floor = match group.key.aspects.unit {
        Some(_) => Floor { absolute: step(&values), ..floor },
        None => floor,
    };
    let (Ok(sample), Ok(deviations)) = (Sample::new(values.clone()), deviations_in_modes(&values, floor)) else { return };
    let zeros = values.iter().filter(|value| **value == 0.0).count();
    let lone_zero = zero_is_suspicious(&without_one_zero(&values, zeros));
    let cov = sample.robust_cov().filter(|_| sample.len() >= 3);
    let against = others.against(group, &sample);
    for (point, deviation) in group.points.iter().zip(deviations) {
        let company = Company {
            deviation,
            is_shared: false,
            lone_zero: lone_zero && point.value == 0.0,
            found: None,
            cov,
            cross: against.as_ref().map(|(cross, _)| *cross),
            other: against.as_ref().map(|(_, other)| other.clone()),
            median: sample.median(),
        };
        companies.insert((point.run_id, point.ordinal), company);
    }
    // Of two that are as far off the larger, whichever was imported first.
    let farthest = |a: &&Point, b: &&Point| {
        let order = off(a.value, &sample).total_cmp(&off(b.value, &sample));
        order.then(a.value.total_cmp(&b.value))
    };
    if let (Some(finding), Some(point)) = (unsteady(group, &sample), group.points.iter().max_by(farthest))
        && let Some(company) = companies.get_mut(&(point.run_id, point.ordinal))
    {
        company.found = Some(Box::new(finding));
    }
}

fn off(value: f64, sample: &Sample) -> f64 {
    (value - sample.median()).abs()
}

/// I19: the instructions of whole runs in user mode, which repeat if the program is deterministic.
fn unsteady(group: &Group, sample: &Sample) -> Option<Finding> {
    let is_meant = group.class.as_deref() == Some("instructions")
        && group.key.aspects.privilege.as_deref() == Some("user")
        && group.key.aspects.kind == Kind::Count
        && is_whole(group);
    let are_runs = group.points.iter().any(|point| point.run_id != group.points[0].run_id);
    let events = group.names.spellings().map(str::to_owned).collect();
    let spread = (sample.max() - sample.min()) / sample.median().abs();
    let high = range_of_deterministic(group.least_running.map_or(1.0, |percent| percent / 100.0));
    let finding = Finding { id: "I19", kind: Strictness::Soft, events, found: spread, low: 0.0, high };
    (is_meant && are_runs && spread > high).then_some(finding)
}

/// The last decimal that the tool printed of any of these: 0.34 and 0.36 ms are two steps apart, not 117 spreads. 0 beyond six decimals.
fn step(values: &[f64]) -> f64 {
    let is_whole = |number: f64| (number - number.round()).abs() <= 1e-9 * number.abs().max(1.0);
    let decimals = (0..=6).find(|decimals| values.iter().all(|value| is_whole(value * 10_f64.powi(*decimals))));
    decimals.map_or(0.0, |decimals| 10_f64.powi(-decimals))
}

/// The others as a zero of the group sees them; none when there is no zero.
fn without_one_zero(values: &[f64], zeros: usize) -> Vec<f64> {
    let nonzero = values.iter().copied().filter(|value| *value != 0.0);
    if zeros == 0 { Vec::new() } else { nonzero.chain(std::iter::repeat_n(0.0, zeros - 1)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_the_last_decimal_that_was_printed() {
        for (values, expected) in [
            (&[0.34, 0.36, 0.3][..], 0.01),
            (&[10.08, 9.0], 0.01),
            (&[7.0, 12.0], 1.0),
            (&[0.123_456_7], 0.0),
            (&[1.5e9, 0.5], 0.1),
        ] {
            assert!((step(values) - expected).abs() < 1e-12, "{values:?}: {}", step(values));
        }
    }
}
