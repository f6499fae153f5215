//! How two spellings stand to each other.

use super::classes::{self, Membership};
use super::machine::Machine;
use super::own::folded;
use super::resolution::{Candidate, Resolution, Status};
use super::spelling::Name;

/// How two spellings stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// One event.
    Same,
    /// One counts a part of what the other counts.
    Subset,
    /// At least one is computed from several events.
    Derived,
    /// Two events of one semantic class on one microarchitecture.
    Related,
    /// Events of one semantic class on two microarchitectures.
    Class,
    /// Two events.
    Different,
    /// At least one is not known well enough.
    Unknown,
}

impl Relation {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Subset => "subset",
            Self::Derived => "derived",
            Self::Related => "related",
            Self::Class => "class",
            Self::Different => "different",
            Self::Unknown => "unknown",
        }
    }
}

/// The answer to whether two spellings may be compared.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// How they stand to each other.
    pub relation: Relation,
    /// Whether their values may be compared: the relation allows it, and both were counted alike.
    pub comparable: bool,
    /// Why, in one sentence for each reason.
    pub why: String,
}

/// A spelling resolved on a machine.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// What the spelling means there.
    pub resolution: &'a Resolution,
}

/// Compares two spellings: on one microarchitecture by their events, on two by their semantic classes, never by their texts.
pub fn compare(a: Side<'_>, b: Side<'_>) -> Comparison {
    if let Some(unknown) = unresolved(a).or_else(|| unresolved(b)) {
        return unknown;
    }
    let (relation, why) = if a.machine.microarch().is(&b.machine.microarch()) { on_one(a, b) } else { on_two(a, b) };
    let unlike = match relation {
        Relation::Same | Relation::Class => unlike(a.resolution, b.resolution),
        Relation::Derived if is_one_formula(a.resolution, b.resolution) => unlike(a.resolution, b.resolution),
        _ => return Comparison { relation, comparable: false, why },
    };
    match unlike {
        Some(reason) => Comparison { relation, comparable: false, why: format!("{why}; {reason}") },
        None => Comparison { relation, comparable: relation != Relation::Class || is_firm(a, b), why },
    }
}

fn unresolved(side: Side<'_>) -> Option<Comparison> {
    let resolution = side.resolution;
    (resolution.status == Status::Unresolved).then(|| Comparison {
        relation: Relation::Unknown,
        comparable: false,
        why: format!("{} '{}': {}", resolution.spelling.tool, resolution.spelling, resolution.reason),
    })
}

/// The spelling with its tool and what it means.
fn told(resolution: &Resolution) -> String {
    let events: Vec<String> = resolution.candidates.iter().map(|candidate| candidate.event.to_string()).collect();
    let formula = resolution.formula.as_ref().map(|formula| format!("{formula}"));
    let meaning: Vec<String> = formula.into_iter().chain(events).collect();
    format!("{} '{}' is {}", resolution.spelling.tool, resolution.spelling, meaning.join(" or "))
}

fn on_one(a: Side<'_>, b: Side<'_>) -> (Relation, String) {
    let both = format!("{}; {}", told(a.resolution), told(b.resolution));
    let (left, right) = (a.resolution, b.resolution);
    if left.formula.is_some() || right.formula.is_some() {
        return (Relation::Derived, both);
    }
    let shared = left.candidates.iter().any(|one| right.candidates.iter().any(|other| one.event == other.event));
    if left.status == Status::Ambiguous || right.status == Status::Ambiguous {
        let reason = if left.reason.is_empty() { &right.reason } else { &left.reason };
        return if shared { (Relation::Unknown, format!("{both}; {reason}")) } else { (different(a, b), both) };
    }
    if !shared {
        return (if is_part(left, right) { Relation::Subset } else { different(a, b) }, both);
    }
    match turned_into_another(a, b) {
        Some(reason) => (Relation::Related, format!("{both}; {reason}")),
        None => (Relation::Same, both),
    }
}

/// Asked for precisely, `cycles` is another event on Intel from Core 2 to Skylake: the kernel puts one with a counter mask in its place,
/// but not on Goldmont.
///
/// Source: Linux, `arch/x86/events/intel/core.c`, `intel_pebs_aliases_*`.
fn turned_into_another(a: Side<'_>, b: Side<'_>) -> Option<String> {
    const REPLACED: &[&str] = &[
        "core2",
        "bonnell",
        "nehalemep",
        "nehalemex",
        "westmereep-dp",
        "westmereep-sp",
        "westmereex",
        "sandybridge",
        "jaketown",
        "ivybridge",
        "ivytown",
        "haswell",
        "haswellx",
        "broadwell",
        "broadwellx",
        "broadwellde",
        "skylake",
        "skylakex",
        "cascadelakex",
        "silvermont",
        "knightslanding",
    ];
    let precise = |resolution: &Resolution| resolution.spelling.modifiers.precise > 0;
    let is_cycles = a.resolution.event().and_then(super::Event::config) == Some(0x3c);
    let replaced =
        is_cycles && precise(a.resolution) != precise(b.resolution) && REPLACED.contains(&a.machine.microarch().row.generic);
    replaced.then(|| "counted precisely, the kernel puts another event in its place".to_owned())
}

/// Whether one of them counts user mode alone with a counter of its own (s390).
fn is_part(a: &Resolution, b: &Resolution) -> bool {
    let is_subset = |resolution: &Resolution| resolution.candidates.iter().any(|candidate| candidate.is_subset);
    let codes = |resolution: &Resolution| resolution.event().and_then(super::Event::config);
    // The counters of problem state are those of all states, 32 further on.
    is_subset(a) != is_subset(b) && codes(a).zip(codes(b)).is_some_and(|(one, other)| one.abs_diff(other) == 0x20)
}

fn different(a: Side<'_>, b: Side<'_>) -> Relation {
    if shared_class(a, b).is_some() { Relation::Related } else { Relation::Different }
}

fn on_two(a: Side<'_>, b: Side<'_>) -> (Relation, String) {
    let both = format!("{}; {}", told(a.resolution), told(b.resolution));
    match shared_class(a, b) {
        Some((one, other)) => {
            let soft = if one.is_soft || other.is_soft { ", of which one is only roughly a member" } else { "" };
            (Relation::Class, format!("{both}; both belong to the class '{}'{soft}", one.class.name))
        }
        None => (Relation::Different, format!("{both}; on two microarchitectures, in no common class")),
    }
}

/// The class that both belong to with certainty: every event that either may mean is a member.
fn shared_class(a: Side<'_>, b: Side<'_>) -> Option<(Membership, Membership)> {
    let ours = certain(a);
    let theirs = certain(b);
    ours.into_iter().find_map(|one| theirs.iter().find(|other| other.class.name == one.class.name).map(|other| (one, *other)))
}

fn certain(side: Side<'_>) -> Vec<Membership> {
    if side.resolution.formula.is_some() {
        return Vec::new();
    }
    let of = |candidate: &Candidate| classes::of(&candidate.event, side.machine);
    let mut each = side.resolution.candidates.iter().map(of);
    let first = each.next().unwrap_or_default();
    each.fold(first, |common, other| {
        let softened = |one: Membership| {
            let twin = other.iter().find(|twin| twin.class.name == one.class.name)?;
            Some(Membership { is_soft: one.is_soft || twin.is_soft, ..one })
        };
        common.into_iter().filter_map(softened).collect()
    })
}

fn is_firm(a: Side<'_>, b: Side<'_>) -> bool {
    shared_class(a, b).is_some_and(|(one, other)| !one.is_soft && !other.is_soft)
}

fn is_one_formula(a: &Resolution, b: &Resolution) -> bool {
    a.status == Status::Resolved
        && b.status == Status::Resolved
        && a.formula.as_ref().zip(b.formula.as_ref()).is_some_and(|(one, other)| one.equals(other))
}

/// Why two numbers of one event are not to be compared.
fn unlike(a: &Resolution, b: &Resolution) -> Option<String> {
    let (left, right) = (&a.spelling.modifiers, &b.spelling.modifiers);
    // Software events and times count the same whatever rings are asked for; what perf is told is still what is compared.
    if a.scope != b.scope {
        return Some(format!("the first counts {}, the second {}", a.scope.as_str(), b.scope.as_str()));
    }
    if left.precise != right.precise {
        return Some(format!("the first asks for precise level {}, the second for {}", left.precise, right.precise));
    }
    if left.guest_or_host != right.guest_or_host {
        return Some("guest and host are counted differently".to_owned());
    }
    let (one, other) = (instance(&a.spelling.name), instance(&b.spelling.name));
    (one != other).then(|| "the first counts on one instance of the PMU, the second on another".to_owned())
}

/// The numbered PMU that a spelling names, where the machine has several of one kind.
fn instance(name: &Name) -> Option<&str> {
    match name {
        Name::Terms { pmu, .. } if !pmu.starts_with("arm") => pmu.strip_prefix(folded(pmu)).filter(|number| !number.is_empty()),
        _ => None,
    }
}
