//! The ids of whole placements: the runs of a directory differ in nothing but their repetition, and the texts that a placement is made of
//! need not be looked up, and in part written, for each of them.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hashbrown::{Equivalent, HashMap};

use super::{MOST_KEPT, PlaceIds};
use crate::model::{Given, Placement};

/// Ids by placement, whatever its repetition.
#[derive(Default)]
pub(super) struct Places {
    /// By address, for the sources of one batch, which hold them meanwhile: nearly all share theirs with the source before.
    addresses: HashMap<usize, Key>,
    keys: HashMap<Stem, Key>,
    /// By key; `None` while they are to be found.
    ids: Vec<Option<PlaceIds>>,
    wanted: Vec<(Key, Arc<Placement>)>,
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
    pub(super) fn want(&mut self, placement: &Arc<Placement>) -> (Key, bool) {
        let address = Arc::as_ptr(placement).addr();
        if let Some(key) = self.addresses.get(&address) {
            return (*key, false);
        }
        let known = self.keys.get(&StemOf(placement)).copied();
        let key = known.unwrap_or_else(|| self.add(placement));
        self.addresses.insert(address, key);
        (key, known.is_none())
    }

    fn add(&mut self, placement: &Arc<Placement>) -> Key {
        let key = Key(self.ids.len());
        self.ids.push(None);
        self.keys.insert(Stem(Placement::clone(placement)), key);
        self.wanted.push((key, Arc::clone(placement)));
        key
    }

    /// The placements of which the ids are to be found.
    pub(super) fn take_wanted(&mut self) -> Vec<(Key, Arc<Placement>)> {
        std::mem::take(&mut self.wanted)
    }

    pub(super) fn learn(&mut self, key: Key, ids: PlaceIds) {
        self.ids[key.0] = Some(ids);
    }

    pub(super) fn get(&self, key: Key) -> Option<PlaceIds> {
        *self.ids.get(key.0)?
    }

    /// To be called before each batch.
    pub(super) fn trim(&mut self) {
        self.addresses.clear();
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
