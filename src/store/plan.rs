//! Decides what happens to each source of a batch. Pure: what the ledger knows comes in, actions come out.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::Verdict;
use crate::model::{Digest, Identity, Parsed, Reject, RejectKind};

/// A source of a batch, with the reason when it cannot be loaded.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub(super) source: &'a Parsed,
    /// What it is stored under: its identity, cut where that is too long to be stored.
    pub(super) identity: Cow<'a, Identity>,
    pub(super) reject: Option<Reject>,
}

/// A source that stands in the ledger.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) source_id: i64,
    pub(super) digest: Digest,
    pub(super) path: String,
    /// Root and path as one absolute location; `None` for a stream, or when the root is none that the batch could mean.
    pub(super) location: Option<String>,
}

/// What is to be done for a batch.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What became of each source, in order.
    pub(super) verdicts: Vec<Verdict>,
    /// Positions of the sources of which the rows are to be written.
    pub(super) write: Vec<usize>,
    /// Ids of the sources of which the rows are to be deleted first.
    pub(super) delete: Vec<i64>,
}

/// Where a source that the planner knows stands.
enum Place {
    Ledger(i64),
    Batch(usize),
}

struct Known<'a> {
    digest: Digest,
    path: &'a str,
    place: Place,
    alive: bool,
}

/// Root and path as one absolute location; `None` for a stream.
pub(super) fn location(identity: &Identity) -> Option<String> {
    let root = identity.root.as_deref()?;
    let slash = if root.ends_with('/') { "" } else { "/" };
    Some(format!("{root}{slash}{}", identity.path))
}

/// Every way to read a location as root and path.
pub(super) fn splits(location: &str) -> impl Iterator<Item = (&str, &str)> {
    location.match_indices('/').map(|(at, _)| (if at == 0 { "/" } else { &location[..at] }, &location[at + 1..]))
}

struct Planner<'a> {
    known: Vec<Known<'a>>,
    by_digest: HashMap<Digest, Vec<usize>>,
    by_location: HashMap<String, Vec<usize>>,
    elsewhere: &'a HashMap<Digest, String>,
    plan: Plan,
}

/// Plans a batch.
///
/// `stored` holds every row of the ledger that has an identity or a location of the batch; `elsewhere` the first path of each of its
/// digests among all other rows. The verdicts do not depend on how sources are cut into batches.
pub(super) fn plan<'a>(batch: &'a [Candidate<'a>], stored: &'a [Stored], elsewhere: &'a HashMap<Digest, String>) -> Plan {
    let mut planner =
        Planner { known: Vec::new(), by_digest: HashMap::new(), by_location: HashMap::new(), elsewhere, plan: Plan::default() };
    for row in stored {
        planner.learn(row.digest, &row.path, row.location.clone(), Place::Ledger(row.source_id));
    }
    for (position, candidate) in batch.iter().enumerate() {
        let verdict = planner.judge(position, candidate);
        planner.plan.verdicts.push(verdict);
    }
    planner.finish()
}

impl<'a> Planner<'a> {
    fn learn(&mut self, digest: Digest, path: &'a str, location: Option<String>, place: Place) {
        let index = self.known.len();
        self.known.push(Known { digest, path, place, alive: true });
        self.by_digest.entry(digest).or_default().push(index);
        if let Some(location) = location {
            self.by_location.entry(location).or_default().push(index);
        }
    }

    fn judge(&mut self, position: usize, candidate: &'a Candidate<'a>) -> Verdict {
        let identity = candidate.identity.as_ref();
        let digest = match (&candidate.reject, candidate.source.digest) {
            (Some(reject), _) => return Verdict::Rejected(reject.clone()),
            (None, None) => return Verdict::Rejected(Reject::source(RejectKind::Unreadable, "its content was not read")),
            (None, Some(digest)) => digest,
        };
        let location = location(identity);
        let (same, outdated) = self.at_location(location.as_deref(), digest);
        self.forget(&outdated);
        let there = same || self.has(digest, &identity.path);
        let twin = self.twin(digest);
        if !there {
            self.learn(digest, &identity.path, location, Place::Batch(position));
        }
        match (outdated.is_empty(), there) {
            (false, _) => Verdict::Replaced,
            (true, true) => Verdict::AlreadyThere,
            (true, false) => Verdict::Loaded { same_content_as: twin },
        }
    }

    /// Whether the location is known with this digest, and what stands there with another one.
    fn at_location(&self, location: Option<&str>, digest: Digest) -> (bool, Vec<usize>) {
        let found = location.and_then(|location| self.by_location.get(location)).map_or(&[][..], Vec::as_slice);
        let alive = found.iter().copied().filter(|&index| self.known[index].alive);
        let (same, outdated): (Vec<usize>, Vec<usize>) = alive.partition(|&index| self.known[index].digest == digest);
        (!same.is_empty(), outdated)
    }

    fn forget(&mut self, outdated: &[usize]) {
        for &index in outdated {
            self.known[index].alive = false;
            if let Place::Ledger(source_id) = self.known[index].place {
                self.plan.delete.push(source_id);
            }
        }
    }

    fn alive_with(&self, digest: Digest) -> impl Iterator<Item = &Known<'a>> {
        let found = self.by_digest.get(&digest).map_or(&[][..], Vec::as_slice);
        found.iter().map(|&index| &self.known[index]).filter(|known| known.alive)
    }

    fn has(&self, digest: Digest, path: &str) -> bool {
        self.alive_with(digest).any(|known| known.path == path)
    }

    /// The first path that holds the same content.
    fn twin(&self, digest: Digest) -> Option<String> {
        let near = self.alive_with(digest).map(|known| known.path).min();
        let far = self.elsewhere.get(&digest).map(String::as_str);
        near.into_iter().chain(far).min().map(str::to_owned)
    }

    fn finish(mut self) -> Plan {
        let write = self.known.iter().filter(|known| known.alive).filter_map(|known| match known.place {
            Place::Batch(position) => Some(position),
            Place::Ledger(_) => None,
        });
        self.plan.write = write.collect();
        self.plan
    }
}
