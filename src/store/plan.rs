//! Decides what happens to each source of a batch. Pure: what the ledger knows comes in, actions come out.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};

use super::{Rules, Storable, Verdict};
use crate::model::{Digest, Identity, Parsed, Reject, RejectKind, SourceState};

/// Why a file is not loaded that looks like another one.
const NAMESAKE: &str = "the same path and content were loaded from below another root, where other side files say where they belong; \
                        when these are two files, import both below one directory, so that their paths differ; \
                        when it moved, --replace --stale takes it over";

/// A source that stands in the ledger.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) source_id: i64,
    pub(super) digest: Digest,
    pub(super) path: String,
    /// Root and path as one absolute location; `None` for a stream, or when the root is none that the batch could mean.
    pub(super) location: Option<String>,
    /// Whether it is a file, which has a place, and not a stream.
    pub(super) located: bool,
    /// Whether an older parser read it than that of its format now.
    pub(super) stale: bool,
    /// What lay around it, as [`Parsed::sides`].
    pub(super) sides: Option<String>,
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
    /// Ids of the sources that lose their place first, and stay.
    pub(super) displace: Vec<i64>,
    /// What was not written because it stands at another location.
    pub(super) passed_over: Vec<Digest>,
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
    location: Option<&'a str>,
    located: bool,
    stale: bool,
    sides: Option<&'a str>,
    alive: bool,
}

/// Positions by a key that many may share, nearly always one has; without a list of memory for each.
#[derive(Default)]
struct Index {
    hasher: DefaultHashBuilder,
    positions: HashTable<(u64, usize)>,
}

impl Index {
    fn add(&mut self, key: impl Hash, position: usize) {
        let hash = self.hasher.hash_one(key);
        self.positions.insert_unique(hash, (hash, position), |known| known.0);
    }

    /// Those that may have the key, and few others.
    fn near(&self, key: impl Hash) -> impl Iterator<Item = usize> {
        let hash = self.hasher.hash_one(key);
        self.positions.iter_hash(hash).map(|known| known.1)
    }
}

/// Every way to read a location as root and path.
pub(super) fn splits(location: &str) -> impl Iterator<Item = (&str, &str)> {
    location.match_indices('/').map(|(at, _)| (if at == 0 { "/" } else { &location[..at] }, &location[at + 1..]))
}

/// Whether a source holds anything that belongs somewhere.
fn says_something(source: &Parsed) -> bool {
    matches!(source.state, SourceState::Known)
}

struct Planner<'a> {
    known: Vec<Known<'a>>,
    by_digest: Index,
    by_location: Index,
    /// Files by logical path; filled only where that makes a difference.
    by_path: Index,
    rules: &'a Rules,
    elsewhere: &'a HashMap<Digest, String>,
    /// What the import has not written so far because it stood at another location.
    passed_over: &'a HashSet<Digest>,
    plan: Plan,
}

/// Plans a batch.
///
/// `stored` holds every row of the ledger that has an identity or a location of the batch; `elsewhere` the first path of each of its
/// digests among all other rows; `passed_over` what [`Plan::passed_over`] gave for earlier batches of the import. The verdicts do not
/// depend on how sources are cut into batches.
pub(super) fn plan<'a>(
    batch: &'a [Storable],
    stored: &'a [Stored],
    (elsewhere, passed_over): (&'a HashMap<Digest, String>, &'a HashSet<Digest>),
    rules: &'a Rules,
) -> Plan {
    let mut planner = Planner {
        known: Vec::new(),
        by_digest: Index::default(),
        by_location: Index::default(),
        by_path: Index::default(),
        rules,
        elsewhere,
        passed_over,
        plan: Plan::default(),
    };
    for row in stored {
        let &Stored { source_id, digest, ref path, ref location, located, stale, ref sides } = row;
        let (place, location, sides) = (Place::Ledger(source_id), location.as_deref(), sides.as_deref());
        planner.learn(Known { digest, path, place, location, located, stale, sides, alive: true });
    }
    for (position, candidate) in batch.iter().enumerate() {
        let verdict = planner.judge(position, candidate);
        planner.plan.verdicts.push(verdict);
    }
    planner.finish()
}

impl<'a> Planner<'a> {
    fn learn(&mut self, known: Known<'a>) {
        let index = self.known.len();
        self.by_digest.add(known.digest, index);
        if self.rules.replace && known.located {
            self.by_path.add(known.path, index);
        }
        if let Some(location) = known.location {
            self.by_location.add(location, index);
        }
        self.known.push(known);
    }

    fn judge(&mut self, position: usize, candidate: &'a Storable) -> Verdict {
        let identity = candidate.stored_as();
        let digest = match (candidate.reject(), candidate.digest) {
            (Some(reject), _) => return Verdict::Rejected(reject.clone()),
            (None, None) => return Verdict::Rejected(Reject::source(RejectKind::Unreadable, "its content was not read")),
            (None, Some(digest)) => digest,
        };
        let location = candidate.location();
        let near = self.near(identity, location, digest);
        if self.has_namesake(&near, candidate, digest) {
            return Verdict::Rejected(Reject::source(RejectKind::Store, NAMESAKE));
        }
        let (same, outdated): (Vec<usize>, Vec<usize>) =
            near.into_iter().partition(|&index| self.stands_for(index, candidate, digest));
        let replaces = self.forget(&outdated, digest);
        if !same.is_empty() && outdated.is_empty() {
            if !same.iter().any(|&index| self.lies_at(index, location)) {
                self.plan.passed_over.push(digest);
            }
            let stale = same.iter().all(|&index| self.is_stale(index, candidate));
            return if stale { Verdict::Stale } else { Verdict::AlreadyThere };
        }
        let twin = self.twin(digest);
        // What was there and is only read again by a newer parser stays, wherever else its content stands.
        let was_there = outdated.iter().any(|&index| self.known[index].digest == digest);
        let unwanted = !same.is_empty() || (self.rules.content_once && twin.is_some() && !was_there);
        if unwanted {
            self.plan.passed_over.push(digest);
        } else {
            let (located, sides) = (location.is_some(), candidate.sides.as_deref());
            let place = Place::Batch(position);
            self.learn(Known { digest, path: &identity.path, place, location, located, stale: false, sides, alive: true });
        }
        match twin {
            _ if replaces => Verdict::Replaced,
            Some(path) if unwanted => Verdict::Elsewhere { path },
            same_content_as => Verdict::Loaded { same_content_as },
        }
    }

    /// Everything alive that the source may be, or may replace.
    fn near(&self, identity: &Identity, location: Option<&str>, digest: Digest) -> Vec<usize> {
        let mut near: Vec<usize> = Vec::new();
        if let Some(location) = location {
            near.extend(self.by_location.near(location).filter(|&index| self.known[index].location == Some(location)));
        }
        let has_path = |&index: &usize| self.known[index].path == identity.path;
        near.extend(self.by_digest.near(digest).filter(|&index| self.known[index].digest == digest).filter(has_path));
        if self.rules.replace && location.is_some() {
            near.extend(self.by_path.near(&*identity.path).filter(has_path));
        }
        near.retain(|&index| self.known[index].alive);
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Whether the path and the content of a source that is new at its location are known from below another root, where other side
    /// files placed them: nobody can tell whether the file moved, or is another one that looks alike.
    fn has_namesake(&self, near: &[usize], source: &Storable, digest: Digest) -> bool {
        let alike = near.iter().copied().filter(|&index| self.known[index].digest == digest && self.known[index].located);
        let (here, elsewhere): (Vec<usize>, Vec<usize>) = alike.partition(|&index| self.lies_at(index, source.location()));
        let elsewhere = elsewhere.into_iter().map(|index| &self.known[index]);
        !self.rules.replace
            && says_something(source)
            && here.is_empty()
            && elsewhere.into_iter().any(|known| known.sides != source.sides.as_deref())
    }

    /// Whether what is known makes reading this content again needless.
    fn stands_for(&self, index: usize, source: &Storable, digest: Digest) -> bool {
        self.known[index].digest == digest && !(self.rules.stale && self.is_stale(index, source))
    }

    /// Whether an older parser read what is known, or other side files placed it; what says nothing is placed where it was first met.
    fn is_stale(&self, index: usize, source: &Storable) -> bool {
        let known = &self.known[index];
        let is_placed = says_something(source) || self.lies_at(index, source.location());
        known.stale || (is_placed && known.sides != source.sides.as_deref())
    }

    /// Whether what is known lies where a source lies.
    fn lies_at(&self, index: usize, location: Option<&str>) -> bool {
        location.is_none_or(|location| self.known[index].location == Some(location))
    }

    /// Takes away what a source of this content outdates, and says whether anything was. What others were passed over for is on the disk
    /// there: it stays, without the place where it is no more.
    fn forget(&mut self, outdated: &[usize], digest: Digest) -> bool {
        let mut replaces = false;
        for &index in outdated {
            let old = self.known[index].digest;
            let stays = old != digest && (self.passed_over.contains(&old) || self.plan.passed_over.contains(&old));
            self.known[index].alive = stays;
            replaces |= !stays;
            if let Place::Ledger(source_id) = self.known[index].place {
                if stays { &mut self.plan.displace } else { &mut self.plan.delete }.push(source_id);
            }
        }
        replaces
    }

    fn alive_with(&self, digest: Digest) -> impl Iterator<Item = &Known<'a>> {
        let found = self.by_digest.near(digest).map(|index| &self.known[index]);
        found.filter(move |known| known.digest == digest && known.alive)
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
