//! The numbers of a part by the names that the rules use.

use std::collections::{BTreeMap, BTreeSet};

use super::Part;
use crate::model::{Kind, Status};
use crate::question::is_raw;
use crate::stats::invariant::{Reading, Window};
use crate::store::query::Fact;

/// The rules are written in the generic names of perf. What other tools, and perf by other names, call the same is known by its semantic
/// class.
const CLASSES: &[(&str, &str)] = &[
    ("cycles", "cycles"),
    ("reference-cycles", "ref-cycles"),
    ("instructions", "instructions"),
    ("branches", "branches"),
    ("branch-misses", "branch-misses"),
    ("l1d-loads", "L1-dcache-loads"),
    ("l1d-load-misses", "L1-dcache-load-misses"),
    ("llc-loads", "LLC-loads"),
    ("llc-load-misses", "LLC-load-misses"),
    ("stalled-frontend", "stalled-cycles-frontend"),
    ("stalled-backend", "stalled-cycles-backend"),
    ("task-clock", "task-clock"),
    ("page-faults", "page-faults"),
    ("minor-faults", "minor-faults"),
    ("major-faults", "major-faults"),
    ("context-switches", "context-switches"),
    ("cpu-migrations", "cpu-migrations"),
];

/// The readings of a part and where each stands among the numbers of the run.
pub(super) struct Named {
    pub(super) window: Window,
    places: BTreeMap<String, usize>,
}

impl Named {
    /// Where the number of an event stands.
    pub(super) fn place(&self, event: &str) -> Option<usize> {
        self.places.get(event).copied()
    }
}

/// The readings of a part: those of generic names first, of the same class only what has none by its own name. An event that is there
/// twice is left out, for nothing says which of its numbers is meant.
pub(super) fn window(part: &Part<'_>) -> Named {
    let mut named = once(part.facts().filter_map(|(at, fact)| Some((generic(part, fact)?, (at, of(part, fact)?)))));
    let by_class = part.facts().filter(|(_, fact)| generic(part, fact).is_none());
    let others = once(by_class.filter_map(|(at, fact)| Some((of_class(part, fact)?, (at, of(part, fact)?)))));
    for (name, reading) in others {
        named.entry(name).or_insert(reading);
    }
    let places = named.iter().map(|(name, (at, _))| (name.clone(), *at)).collect();
    Named { window: Window(named.into_iter().map(|(name, (_, reading))| (name, reading)).collect()), places }
}

fn once(readings: impl Iterator<Item = (String, (usize, Reading))>) -> BTreeMap<String, (usize, Reading)> {
    let (mut all, mut twice) = (BTreeMap::new(), BTreeSet::new());
    for (name, reading) in readings {
        if all.insert(name.clone(), reading).is_some() {
            twice.insert(name);
        }
    }
    all.retain(|name, _| !twice.contains(name));
    all
}

/// What only perf means by a name. Modifiers but those of one ring say how to count, and what they do to a rule nobody knows: such
/// numbers are left out.
fn generic(part: &Part<'_>, fact: &Fact<'_>) -> Option<String> {
    let text = part.text(fact);
    (part.is_of_perf() && is_plain(text) && !is_raw(text)).then(|| text.to_owned())
}

/// Whether at most one ring is asked for, and nothing else.
pub(super) fn is_plain(text: &str) -> bool {
    text.rsplit_once(':').is_none_or(|(_, modifier)| matches!(modifier, "u" | "k" | "h"))
}

/// The name of the class, with the rings as perf writes them.
fn of_class(part: &Part<'_>, fact: &Fact<'_>) -> Option<String> {
    let name = part.facts.run.name(fact.spelling_id);
    let class = part.names.same_event(name)?.class.as_deref()?;
    let (_, generic) = CLASSES.iter().find(|(known, _)| *known == class)?;
    let rings = match part.names.binding(name)?.privilege.as_deref()? {
        "user" => ":u",
        "kernel" => ":k",
        "user+kernel" => "",
        _ => return None,
    };
    Some(format!("{generic}{rings}"))
}

/// The reading of a count, which may be off by half of what was printed last.
pub(super) fn of(part: &Part<'_>, fact: &Fact<'_>) -> Option<Reading> {
    if part.kind(fact) != Some(Kind::Count) || fact.status != Status::Counted {
        return None;
    }
    let share = fact.running_percent.map_or(1.0, |percent| percent / 100.0);
    let value = fact.value?;
    // perf prints clocks in milliseconds, the rules know nanoseconds.
    let (half, unit) = if part.unit(fact) == Some("msec") { (half_step(value, 2), 1e6) } else { (0.0, 1.0) };
    let reading = Reading::counted(value * unit, share)?;
    Some(Reading { slack: reading.slack + half * unit, ..reading })
}

/// Half of the last printed decimal, of which there are at least so many, widened by what binary fractions lose.
pub(super) fn half_step(value: f64, least: usize) -> f64 {
    let written = value.to_string();
    let shown = written.split_once('.').map_or(0, |(_, digits)| digits.len()).max(least);
    let shown = i32::try_from(shown).unwrap_or(i32::MAX);
    0.5 * 10_f64.powi(-shown) + 1e-9 * value.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_step_is_that_of_the_last_decimal() {
        for (value, least, expected) in [(0.63, 2, 0.005), (0.6, 2, 0.005), (0.634_827, 2, 5e-7), (3.0, 3, 0.0005)] {
            assert!((half_step(value, least) - expected).abs() < 1e-8, "{value}");
        }
    }
}
