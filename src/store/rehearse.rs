//! Says what an import would do, and does nothing.

use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::any::{self, Db};
use super::error::StoreError;
use super::ingest::MOST_SOURCES;
use super::ledger::Places;
use super::plan::{self, Plan, Stored};
use super::{Rules, Storable, Store, Verdict};
use crate::model::Digest;

/// A source that would have been written: hash of its path, digest, hash of what lay around it.
type Key = (u64, Digest, u64);

/// What lay around a source of an earlier batch, when it is not what lies around any of the same path in this one.
const OTHER_SIDES: &str = "";

/// An import that writes nothing.
///
/// It remembers what it would have written, some 100 bytes a source, so that its verdicts do not depend on how sources are cut into
/// batches. One thing it does not see: content that stood only in rows which an earlier batch would have replaced still counts as known
/// under that path.
pub struct Rehearsal {
    store: Option<Store>,
    rules: Rules,
    /// The sources that would have been written, by the hash of their path.
    written: HashTable<Key>,
    hasher: DefaultHashBuilder,
    /// The first path of each of their digests.
    first: HashMap<Digest, Box<str>>,
    /// Ids of the sources that would have been deleted.
    deleted: HashSet<i64>,
    /// What would not have been written because it stands at another location.
    passed_over: hashbrown::HashSet<Digest>,
}

impl Rehearsal {
    /// Against a database, or against an empty one.
    pub fn new(store: Option<Store>, rules: Rules) -> Self {
        let (written, hasher) = (HashTable::new(), DefaultHashBuilder::default());
        let (first, deleted, passed_over) = (HashMap::new(), HashSet::new(), hashbrown::HashSet::new());
        Self { store, rules, written, hasher, first, deleted, passed_over }
    }

    /// The database that is asked.
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// What [`Store::load`] would say of these sources.
    pub fn load(&mut self, sources: &[Storable]) -> Result<Vec<Verdict>, StoreError> {
        let mut verdicts = Vec::with_capacity(sources.len());
        for candidates in sources.chunks(MOST_SOURCES) {
            let (mut stored, mut elsewhere) = self.look_up(candidates)?;
            let recalled = self.recall(candidates, &mut stored, &mut elsewhere);
            let plan = plan::plan(candidates, &stored, (&elsewhere, &self.passed_over), &self.rules);
            self.remember(candidates, &plan, &recalled);
            self.passed_over.extend(&plan.passed_over);
            verdicts.extend(plan.verdicts);
        }
        Ok(verdicts)
    }

    fn look_up(&mut self, candidates: &[Storable]) -> Result<(Vec<Stored>, HashMap<Digest, String>), StoreError> {
        let Some(Store { db, url, .. }) = &mut self.store else { return Ok((Vec::new(), HashMap::new())) };
        let find = |db: &mut Db| Places::find(db, candidates.iter().collect(), &self.rules)?.look_up(db);
        let found = any::look_up(db, find);
        found.map_err(|error| StoreError::database(url, "look sources up", &error))
    }

    /// Puts what earlier batches would have changed into what the ledger says. The sources they would have written get negative ids:
    /// -1 is the first of the list that is returned.
    fn recall(&self, candidates: &[Storable], stored: &mut Vec<Stored>, elsewhere: &mut HashMap<Digest, String>) -> Vec<Key> {
        stored.retain(|row| !self.deleted.contains(&row.source_id));
        for (digest, first) in candidates.iter().filter_map(|candidate| self.first.get_key_value(&candidate.digest?)) {
            let path = elsewhere.entry(*digest).or_insert_with(|| first.to_string());
            if **first < **path {
                *path = first.to_string();
            }
        }
        let paths: BTreeMap<&str, bool> =
            candidates.iter().map(Storable::stored_as).map(|known| (&*known.path, known.root.is_some())).collect();
        let texts: HashMap<u64, Option<&str>> = candidates
            .iter()
            .map(|candidate| candidate.sides.as_deref())
            .map(|sides| (self.hasher.hash_one(sides), sides))
            .collect();
        let mut recalled = Vec::new();
        let mut source_id = 0;
        for (path, located) in paths {
            let key = self.hasher.hash_one(path);
            let mut written: Vec<Key> = self.written.iter_hash(key).filter(|known| known.0 == key).copied().collect();
            written.sort_unstable();
            for written in written {
                let (_, digest, sides) = written;
                let sides = texts.get(&sides).copied().unwrap_or(Some(OTHER_SIDES));
                source_id -= 1;
                stored.push(Stored {
                    source_id,
                    digest,
                    path: path.to_owned(),
                    location: None,
                    located,
                    stale: false,
                    sides: sides.map(str::to_owned),
                });
                recalled.push(written);
            }
        }
        recalled
    }

    fn remember(&mut self, candidates: &[Storable], plan: &Plan, recalled: &[Key]) {
        for &source_id in &plan.delete {
            match usize::try_from(-1 - source_id) {
                Ok(index) => self.forget(&recalled[index]),
                Err(_) => {
                    self.deleted.insert(source_id);
                }
            }
        }
        for candidate in plan.write.iter().map(|&position| &candidates[position]) {
            let path = candidate.stored_as().path.as_str();
            let Some(digest) = candidate.digest else { continue };
            // Of each, two that differ and have the same hash would be one; 64 bits make that rarer than a failure of the memory.
            let key = (self.hasher.hash_one(path), digest, self.hasher.hash_one(candidate.sides.as_deref()));
            if self.written.find(key.0, |known| *known == key).is_none() {
                self.written.insert_unique(key.0, key, |known| known.0);
            }
            let first = self.first.entry(digest).or_insert_with(|| path.into());
            if path < &**first {
                *first = path.into();
            }
        }
    }

    fn forget(&mut self, key: &Key) {
        if let Ok(known) = self.written.find_entry(key.0, |known| known == key) {
            known.remove();
        }
    }
}
