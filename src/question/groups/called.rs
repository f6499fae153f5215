//! The names of the events of groups, each set of them once.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

/// Tool and spelling.
type Name = (Arc<str>, Arc<str>);

/// Names of an event. What is told of them is made with the set: a million groups share a few thousand sets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct EventNames {
    names: BTreeSet<Name>,
    best: Option<Arc<str>>,
    text: String,
}

impl EventNames {
    /// The name that people know best: of perf before the other tools, a word before a code, and any name before a number.
    pub fn best(&self) -> Option<&str> {
        self.best.as_deref()
    }

    /// All of them: `oprofile:INST_RETIRED perf:instructions:u`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Each spelling, of whatever tool.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(_, spelling)| spelling.as_ref())
    }

    /// The names of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.names.union(&other.names).cloned().collect()
    }
}

impl FromIterator<Name> for EventNames {
    fn from_iter<I: IntoIterator<Item = Name>>(names: I) -> Self {
        let names: BTreeSet<Name> = names.into_iter().collect();
        let best = names.iter().min_by_key(|(tool, name)| (is_raw(name), has_marks(name), rank(tool), name.len(), name));
        let best = best.map(|(_, name)| Arc::clone(name));
        let text = names.iter().map(|(tool, name)| format!("{tool}:{name}")).collect::<Vec<_>>().join(" ");
        Self { names, best, text }
    }
}

fn rank(tool: &str) -> usize {
    ["perf", "papi", "oprofile"].iter().position(|known| *known == tool).unwrap_or(3)
}

fn has_marks(name: &str) -> bool {
    name.contains(['/', ':'])
}

/// Whether a name of perf is a number (`r11`, `r003c:u`, `cpu/event=0x3c/`): the kernel takes it whether or not the machine has such an event.
pub(crate) fn is_raw(text: &str) -> bool {
    let name = text.split(':').next().unwrap_or(text);
    let code = name.strip_prefix('r').unwrap_or_default();
    (!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || name.contains("event=0x")
        || name.contains("config=")
}

/// Names of a set that is kept as such, and with it every set on the way there. A larger one belongs to its group alone until all its
/// names are known: all sets on the way to n names hold n²/2 of them.
const MOST: usize = 64;

/// Bit of the numbers of large sets.
const LARGE: u32 = 1 << 31;

/// A set that its group alone has: another, and single names, by number.
struct Large {
    first: u32,
    others: HashSet<u32>,
}

/// Sets of names by number. Groups by the thousand have the same: a set of its own costs more than the numbers of a small group.
pub(super) struct NameSets {
    sets: Vec<Arc<EventNames>>,
    numbers: HashMap<Arc<EventNames>, u32>,
    /// The number of a set together with another.
    unions: HashMap<(u32, u32), u32>,
    large: Vec<Large>,
}

impl NameSets {
    pub(super) fn new() -> Self {
        Self { sets: Vec::new(), numbers: HashMap::new(), unions: HashMap::new(), large: Vec::new() }
    }

    pub(super) fn get(&self, number: u32) -> &Arc<EventNames> {
        &self.sets[number as usize]
    }

    /// The number of a set.
    pub(super) fn number(&mut self, set: EventNames) -> u32 {
        if let Some(known) = self.numbers.get(&set) {
            return *known;
        }
        let number = number(self.sets.len());
        let set = Arc::new(set);
        self.sets.push(Arc::clone(&set));
        self.numbers.insert(set, number);
        number
    }

    /// The number of the set of a group after a single name is added to it.
    pub(super) fn with(&mut self, set: u32, name: u32) -> u32 {
        if set & LARGE != 0 {
            self.large[(set & !LARGE) as usize].others.insert(name);
            return set;
        }
        if set == name {
            return set;
        }
        if let Some(known) = self.unions.get(&(set, name)) {
            return *known;
        }
        let both = self.get(set).union(self.get(name));
        if both.names.len() > MOST {
            self.large.push(Large { first: set, others: HashSet::from_iter([name]) });
            return LARGE | number(self.large.len() - 1);
        }
        let number = self.number(both);
        self.unions.insert((set, name), number);
        number
    }

    /// A set of which all names are known.
    pub(super) fn whole(&self, set: u32) -> Arc<EventNames> {
        if set & LARGE == 0 {
            return Arc::clone(self.get(set));
        }
        let Large { first, others } = &self.large[(set & !LARGE) as usize];
        let names = others.iter().chain([first]).flat_map(|number| self.get(*number).names.iter().cloned());
        Arc::new(names.collect())
    }
}

/// The place of a set as its number.
fn number(place: usize) -> u32 {
    u32::try_from(place).ok().filter(|number| number & LARGE == 0).expect("there are fewer than 2^31 sets of names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_have_one_number_whatever_they_were_made_of() {
        let name = |text: &str| EventNames::from_iter([("perf".into(), text.into())]);
        let mut sets = NameSets::new();
        let [a, b] = ["cycles", "cpu-cycles"].map(|text| sets.number(name(text)));
        let both = sets.with(a, b);
        assert_eq!((sets.with(b, a), sets.with(both, b), sets.number(name("cycles"))), (both, both, a));
        assert_eq!(sets.get(both).text(), "perf:cpu-cycles perf:cycles");
        assert_eq!(sets.sets.len(), 3);
    }

    /// A thousand names: not half a million on the way.
    #[test]
    fn a_large_set_is_made_once_when_all_its_names_are_known() {
        let names: Vec<(Arc<str>, Arc<str>)> = (0..1000).map(|at| ("perf".into(), format!("r{at:x}").into())).collect();
        let mut sets = NameSets::new();
        let single: Vec<u32> = names.iter().map(|name| sets.number(EventNames::from_iter([name.clone()]))).collect();
        let set = single.iter().chain(&single).fold(single[0], |set, name| sets.with(set, *name));
        assert_eq!(*sets.whole(set), names.into_iter().collect::<EventNames>());
        let kept: usize = sets.sets.iter().map(|set| set.names.len()).sum();
        // The single ones, and all sets of 2 to 64.
        assert_eq!(kept, 1000 + (2..=MOST).sum::<usize>());
    }

    #[test]
    fn raw_codes_are_told_from_names() {
        for raw in ["r11", "r08:u", "cpu/event=0x3c/", "cpu/config=0x1/u", "rc0"] {
            assert!(is_raw(raw), "{raw}");
        }
        for name in ["ref-cycles", "r", "instructions", "cpu/cycles/", ""] {
            assert!(!is_raw(name), "{name}");
        }
    }

    #[test]
    fn the_best_name_is_a_word_of_perf() {
        let names = [("perf", "r11"), ("papi", "PAPI_TOT_CYC"), ("perf", "cycles"), ("oprofile", "X:1")];
        let names: EventNames = names.into_iter().map(|(tool, name)| (tool.into(), name.into())).collect();
        assert_eq!(names.best(), Some("cycles"));
        let names: EventNames = ["r11:u", "cycles:u"].into_iter().map(|name| ("perf".into(), name.into())).collect();
        assert_eq!(names.best(), Some("cycles:u"));
        assert_eq!(EventNames::default().best(), None);
    }
}
