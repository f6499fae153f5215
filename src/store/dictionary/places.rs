//! The ids of whole placements: the runs of a directory differ in nothing but their repetition, and the texts that a placement is made of
//! need not be looked up, and in part written, for each of them.

use std::hash::{Hash, Hasher};

use hashbrown::{Equivalent, HashMap, HashSet};

use super::{MOST_KEPT, PlaceIds};
use crate::model::{Given, Placement};

/// Ids by placement, whatever its repetition.
#[derive(Default)]
pub(super) struct Places {
    known: HashMap<Stem, PlaceIds>,
    wanted: HashSet<Stem>,
}

/// A placement of which the repetition does not matter, only where it came from.
#[derive(Eq)]
struct Stem(Placement);

/// The same, borrowed.
struct StemOf<'a>(&'a Placement);

impl Places {
    /// Notes a placement of which the ids are to be found; `false` when they are known or wanted already.
    pub(super) fn want(&mut self, placement: &Placement) -> bool {
        let stem = StemOf(placement);
        let new = !self.known.contains_key(&stem) && !self.wanted.contains(&stem);
        if new {
            self.wanted.insert(Stem(placement.clone()));
        }
        new
    }

    /// The placements of which the ids are to be found.
    pub(super) fn take_wanted(&mut self) -> Vec<Placement> {
        self.wanted.drain().map(|stem| stem.0).collect()
    }

    pub(super) fn learn(&mut self, placement: Placement, ids: PlaceIds) {
        self.known.insert(Stem(placement), ids);
    }

    pub(super) fn get(&self, placement: &Placement) -> Option<PlaceIds> {
        self.known.get(&StemOf(placement)).copied()
    }

    pub(super) fn trim(&mut self) {
        if self.known.len() > MOST_KEPT {
            self.known.clear();
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
