//! What other tools count of the same event.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::peers::{ENVIRONMENT, EVENT, EXPERIMENT, LABELS, TOOL, TOOL_VERSION};
use crate::question::{EventName, Group, Key, Part, Together};
use crate::stats::Sample;
use crate::stats::trust::Cross;
use crate::store::query::selection::Field;

/// A tool's numbers of an event.
struct Side {
    tool: Part,
    median: f64,
    rows: usize,
}

/// The numbers of every tool, by what they share beside the tool.
pub(super) struct Others {
    sides: HashMap<Key, Vec<Side>>,
    /// Experiments, with the places of the labels that say the same of several tools there.
    common: HashSet<(Part, usize)>,
}

impl Others {
    /// Those of groups by the fields of [`peers`](super::peers).
    pub(super) fn of(groups: &[Group]) -> Self {
        let groups: Vec<&Group> = groups.iter().filter(|group| is_comparable(group)).collect();
        let mut others = Self { sides: HashMap::new(), common: common_labels(&groups) };
        for group in groups {
            let Ok(sample) = Sample::new(group.points.iter().map(|point| point.value).collect()) else { continue };
            let side = Side { tool: group.key.parts[TOOL].clone(), median: sample.median(), rows: sample.len() };
            others.sides.entry(others.whoever_counted(&group.key)).or_default().push(side);
        }
        others
    }

    /// The side of another tool that has the most rows, with its median; of equal ones the one that is farthest off, so that a doubt is
    /// not hidden by an order.
    pub(super) fn against(&self, group: &Group, sample: &Sample) -> Option<(Cross, (Arc<str>, f64))> {
        let sides = self.sides.get(&self.whoever_counted(&group.key)).filter(|_| is_comparable(group))?;
        let own = sample.median();
        let off = |side: &Side| ratio(own, side.median).ln().abs();
        let other = sides
            .iter()
            .filter(|side| side.tool != group.key.parts[TOOL])
            .max_by(|a, b| a.rows.cmp(&b.rows).then(off(a).total_cmp(&off(b))))?;
        let rows = u32::try_from(sample.len().min(other.rows)).unwrap_or(u32::MAX);
        let Part::Text(tool) = &other.tool else { return None };
        Some((Cross { ratio: ratio(own, other.median), rows }, (Arc::clone(tool), other.median)))
    }

    /// The key without the tool and its version, without labels that part the tools, and without what identifies a CPU where its
    /// microarchitecture is known: each tool tells something else of it.
    fn whoever_counted(&self, key: &Key) -> Key {
        let mut key = key.clone();
        let parts = Arc::make_mut(&mut key.parts);
        parts[TOOL] = Part::Unknown;
        parts[TOOL_VERSION] = Part::Unknown;
        let environment =
            |wanted: Field| Field::ENVIRONMENT.iter().position(|field| *field == wanted).map(|at| ENVIRONMENT + at);
        if environment(Field::Microarch).is_some_and(|at| parts[at] != Part::Unknown) {
            let identity = [Field::Arch, Field::Vendor, Field::Family, Field::Model, Field::Stepping];
            identity.into_iter().filter_map(environment).for_each(|at| parts[at] = Part::Unknown);
        }
        let experiment = parts[EXPERIMENT].clone();
        for (at, part) in parts.iter_mut().enumerate().skip(LABELS) {
            if !self.common.contains(&(experiment.clone(), at)) {
                *part = Part::Unknown;
            }
        }
        let aspects = Arc::make_mut(&mut key.aspects);
        aspects.together = aspects.together.as_ref().and_then(software);
        aspects.repeats = 1;
        key
    }
}

/// Only canonical events are the same for several tools. Intervals are cut by each tool as it likes.
fn is_comparable(group: &Group) -> bool {
    matches!(group.key.parts[EVENT], Part::Event(EventName::Canonical { .. })) && !group.key.aspects.interval
}

/// The labels that have some value with two tools of an experiment: they tell what was run. A label that has other values with each
/// tool tells how it was counted, or what the tool says of the machine.
fn common_labels(groups: &[&Group]) -> HashSet<(Part, usize)> {
    let mut first: HashMap<(&Part, usize, &Part), &Part> = HashMap::new();
    let mut common = HashSet::new();
    for group in groups {
        let parts = &group.key.parts;
        for (at, value) in parts.iter().enumerate().skip(LABELS).filter(|(_, value)| **value != Part::Unknown) {
            let tool = *first.entry((&parts[EXPERIMENT], at, value)).or_insert(&parts[TOOL]);
            if *tool != parts[TOOL] {
                common.insert((parts[EXPERIMENT].clone(), at));
            }
        }
    }
    common
}

/// Of the events counted together those of the kernel's software: they cost instructions of the kernel, a page fault some 240 (lab, finding
/// 3). Counters beside a counter cost nothing, and one event a run is how ocount is used.
fn software(together: &Together) -> Option<Together> {
    // No event of the kernel's software holds a comma.
    let found: Vec<&str> = together.text.split(',').filter(|event| event.starts_with("software/")).collect();
    (!found.is_empty()).then(|| Together::of(&found))
}

/// A zero against a number is a disagreement without bound, two zeros agree.
fn ratio(own: f64, other: f64) -> f64 {
    match (own == 0.0, other == 0.0) {
        (true, true) => 1.0,
        (true, false) => f64::MIN_POSITIVE,
        (false, true) => f64::MAX,
        (false, false) => (own / other).abs(),
    }
}
