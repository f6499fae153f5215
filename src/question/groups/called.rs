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
    /// The name that people know best: of perf before the other tools, a word before a code.
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
        let best = names.iter().min_by_key(|(tool, name)| (is_code(name), rank(tool), name.len(), name));
        let best = best.map(|(_, name)| Arc::clone(name));
        let text = names.iter().map(|(tool, name)| format!("{tool}:{name}")).collect::<Vec<_>>().join(" ");
        Self { names, best, text }
    }
}

fn rank(tool: &str) -> usize {
    ["perf", "papi", "oprofile"].iter().position(|known| *known == tool).unwrap_or(3)
}

fn is_code(name: &str) -> bool {
    name.contains(['/', ':']) || is_raw(name)
}

/// Whether perf would take a name for a number: `r11`, `r003c`.
fn is_raw(name: &str) -> bool {
    name.strip_prefix('r').is_some_and(|digits| !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_hexdigit()))
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
    fn the_best_name_is_a_word_of_perf() {
        let names = [("perf", "r11"), ("papi", "PAPI_TOT_CYC"), ("perf", "cycles"), ("oprofile", "X:1")];
        let names: EventNames = names.into_iter().map(|(tool, name)| (tool.into(), name.into())).collect();
        assert_eq!(names.best(), Some("cycles"));
        assert_eq!(EventNames::default().best(), None);
    }
}
