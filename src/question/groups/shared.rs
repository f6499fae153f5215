//! What groups have in common, each once: a group holds numbers and pointers, which is what lets a million of them be formed.

use std::sync::Arc;

use rayon::slice::ParallelSliceMut;

use super::super::key::{Aspects, Part, Together};
use super::called::NameSets;
use crate::model::{Interner, Key, Kind, ScopeKind};

/// What decides about the aspects of a number, in ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AspectIds {
    /// Number of its [`Sense`].
    pub(super) sense: u32,
    /// Number of its [`Covered`].
    pub(super) covered: u32,
    pub(super) interval: bool,
    pub(super) repeats: i32,
    /// Number of the events counted together.
    pub(super) together: Option<u32>,
}

/// What a name says of its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sense {
    pub(super) kind: Kind,
    pub(super) unit: Option<Arc<str>>,
    pub(super) privilege: Option<Arc<str>>,
}

/// What a number covers: the kind of part, which one, and the control group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Covered {
    pub(super) scope: ScopeKind,
    pub(super) part: Part,
    pub(super) cgroup: Part,
}

/// The values that groups share, by number.
pub(super) struct Shared {
    pub(super) parts: Interner<Arc<[Part]>>,
    pub(super) senses: Interner<Sense>,
    pub(super) covered: Interner<Covered>,
    /// The events counted together.
    pub(super) together: Interner<Together>,
    pub(super) names: NameSets,
    ids: Interner<AspectIds>,
    /// The aspects of `ids`, at equal places.
    aspects: Vec<Arc<Aspects>>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            parts: Interner::default(),
            senses: Interner::default(),
            covered: Interner::default(),
            together: Interner::default(),
            names: NameSets::new(),
            ids: Interner::default(),
            aspects: Vec::new(),
        }
    }

    /// The number of aspects.
    pub(super) fn aspects(&mut self, ids: AspectIds) -> u32 {
        let number = self.ids.intern(&ids);
        if number as usize == self.aspects.len() {
            let (sense, covered) = (self.senses.get(ids.sense), self.covered.get(ids.covered));
            self.aspects.push(Arc::new(Aspects {
                kind: sense.kind,
                unit: sense.unit.clone(),
                privilege: sense.privilege.clone(),
                scope: covered.scope,
                part: covered.part.clone(),
                cgroup: covered.cgroup.clone(),
                interval: ids.interval,
                repeats: ids.repeats,
                together: ids.together.map(|number| self.together.get(number).clone()),
            }));
        }
        number
    }

    pub(super) fn of_aspects(&self, number: u32) -> &Arc<Aspects> {
        &self.aspects[number as usize]
    }

    /// The place of each of the parts and of each of the aspects in their natural order: texts are compared once for each of these, not
    /// for each group.
    pub(super) fn ranks(&self) -> (Vec<u32>, Vec<u32>) {
        (ranks(self.parts.values()), ranks(&self.aspects))
    }
}

impl Key<Arc<[Part]>> for [Part] {
    fn is(&self, owned: &Arc<[Part]>) -> bool {
        self == owned.as_ref()
    }

    fn to_owned_key(&self, _: u64) -> Arc<[Part]> {
        self.into()
    }
}

impl Key<Self> for Together {
    fn is(&self, owned: &Self) -> bool {
        self == owned
    }

    fn to_owned_key(&self, _: u64) -> Self {
        self.clone()
    }
}

impl Key<Self> for Sense {
    fn is(&self, owned: &Self) -> bool {
        self == owned
    }

    fn to_owned_key(&self, _: u64) -> Self {
        self.clone()
    }
}

impl Key<Self> for Covered {
    fn is(&self, owned: &Self) -> bool {
        self == owned
    }

    fn to_owned_key(&self, _: u64) -> Self {
        self.clone()
    }
}

impl Key<Self> for AspectIds {
    fn is(&self, owned: &Self) -> bool {
        self == owned
    }

    fn to_owned_key(&self, _: u64) -> Self {
        *self
    }
}

fn ranks<T: Ord + Sync>(values: &[T]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.par_sort_unstable_by(|a, b| values[*a].cmp(&values[*b]));
    let mut ranks = vec![0; values.len()];
    for (rank, at) in (0..).zip(order) {
        ranks[at] = rank;
    }
    ranks
}
