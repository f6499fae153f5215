//! The names of the events of groups, each set of them once.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::HashMap;

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

/// Sets of names by number. Groups by the thousand have the same: a set of its own costs more than the numbers of a small group.
pub(super) struct NameSets {
    sets: Vec<Arc<EventNames>>,
    numbers: HashMap<Arc<EventNames>, u32>,
    /// The number of a set together with another.
    unions: HashMap<(u32, u32), u32>,
}

impl NameSets {
    pub(super) fn new() -> Self {
        Self { sets: Vec::new(), numbers: HashMap::new(), unions: HashMap::new() }
    }

    pub(super) fn get(&self, number: u32) -> &Arc<EventNames> {
        &self.sets[number as usize]
    }

    /// The number of a set.
    pub(super) fn number(&mut self, set: EventNames) -> u32 {
        if let Some(known) = self.numbers.get(&set) {
            return *known;
        }
        let number = u32::try_from(self.sets.len()).expect("there are fewer than 2^32 sets of names");
        let set = Arc::new(set);
        self.sets.push(Arc::clone(&set));
        self.numbers.insert(set, number);
        number
    }

    /// The number of the set that holds the names of both.
    pub(super) fn union(&mut self, one: u32, other: u32) -> u32 {
        if one == other {
            return one;
        }
        if let Some(known) = self.unions.get(&(one, other)) {
            return *known;
        }
        let number = self.number(self.get(one).union(self.get(other)));
        self.unions.insert((one, other), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_have_one_number_whatever_they_were_made_of() {
        let name = |text: &str| EventNames::from_iter([("perf".into(), text.into())]);
        let mut sets = NameSets::new();
        let [a, b] = ["cycles", "cpu-cycles"].map(|text| sets.number(name(text)));
        let both = sets.union(a, b);
        assert_eq!((sets.union(b, a), sets.union(both, b), sets.number(name("cycles"))), (both, both, a));
        assert_eq!(sets.get(both).text(), "perf:cpu-cycles perf:cycles");
        assert_eq!(sets.sets.len(), 3);
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
