//! The names of the events of groups, each set of them once.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::HashMap;

/// Names of an event: tool and spelling.
pub type EventNames = BTreeSet<(Arc<str>, Arc<str>)>;

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
        let both = self.get(one).union(self.get(other)).cloned().collect();
        let number = self.number(both);
        self.unions.insert((one, other), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_have_one_number_whatever_they_were_made_of() {
        let name = |text: &str| EventNames::from([("perf".into(), text.into())]);
        let mut sets = NameSets::new();
        let [a, b] = ["cycles", "cpu-cycles"].map(|text| sets.number(name(text)));
        let both = sets.union(a, b);
        assert_eq!((sets.union(b, a), sets.union(both, b), sets.number(name("cycles"))), (both, both, a));
        assert_eq!(sets.get(both).len(), 2);
        assert_eq!(sets.sets.len(), 3);
    }
}
