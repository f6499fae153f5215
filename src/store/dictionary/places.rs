//! The ids of whole placements: the runs of a directory differ in nothing but their repetition, and the texts that a placement is made of
//! need not be looked up, and in part written, for each of them.

use std::hash::{Hash, Hasher};

use hashbrown::{Equivalent, HashMap};

use super::{MOST_KEPT, PlaceIds};
use crate::model::{Given, Placement};

/// Ids by placement, whatever its repetition.
#[derive(Default)]
pub(super) struct Places {
    keys: HashMap<Stem, Key>,
    /// By key; `None` while they are to be found.
    ids: Vec<Option<PlaceIds>>,
    wanted: Vec<(Key, Placement)>,
}

/// Stands for a placement until memory is emptied, so that it is hashed once and not wherever it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Key(usize);

/// A placement of which the repetition does not matter, only where it came from.
#[derive(Eq)]
struct Stem(Placement);

/// The same, borrowed.
struct StemOf<'a>(&'a Placement);

impl Places {
    /// Notes a placement of which the ids are to be found; with whether it was not known before.
    pub(super) fn want(&mut self, placement: &Placement) -> (Key, bool) {
        if let Some(key) = self.keys.get(&StemOf(placement)) {
            return (*key, false);
        }
        let key = Key(self.ids.len());
        self.ids.push(None);
        self.keys.insert(Stem(placement.clone()), key);
        self.wanted.push((key, placement.clone()));
        (key, true)
    }

    /// The placements of which the ids are to be found.
    pub(super) fn take_wanted(&mut self) -> Vec<(Key, Placement)> {
        std::mem::take(&mut self.wanted)
    }

    pub(super) fn learn(&mut self, key: Key, ids: PlaceIds) {
        self.ids[key.0] = Some(ids);
    }

    pub(super) fn get(&self, key: Key) -> Option<PlaceIds> {
        *self.ids.get(key.0)?
    }

    pub(super) fn trim(&mut self) {
        if self.ids.len() > MOST_KEPT {
            *self = Self::default();
        }
    }
}

impl StemOf<'_> {
    fn is(&self, other: &Placement) -> bool {
        let Placement { experiment, tool, host, repetition, started, labels, environment, environment_origins } = self.0;
        (experiment, tool, host, started, labels, environment, environment_origins)
            == (
                &other.experiment,
                &other.tool,
                &other.host,
                &other.started,
                &other.labels,
                &other.environment,
                &other.environment_origins,
            )
            && origin(repetition.as_ref()) == origin(other.repetition.as_ref())
    }
}

impl Hash for StemOf<'_> {
    /// What tells placements of one tree apart; the origins follow from the rest nearly always, and hashing each would cost more.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Placement { experiment, tool, host, labels, environment, .. } = self.0;
        (experiment, tool, host, labels, environment).hash(state);
    }
}

impl Hash for Stem {
    fn hash<H: Hasher>(&self, state: &mut H) {
        StemOf(&self.0).hash(state);
    }
}

impl PartialEq for Stem {
    fn eq(&self, other: &Self) -> bool {
        StemOf(&self.0).is(&other.0)
    }
}

impl Equivalent<Stem> for StemOf<'_> {
    fn equivalent(&self, key: &Stem) -> bool {
        self.is(&key.0)
    }
}

fn origin<T>(given: Option<&Given<T>>) -> Option<crate::model::Origin> {
    given.map(|given| given.origin)
}
