//! Small integer names for texts that repeat on every line of a file.

use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// A borrowed form of `Owned`, cheap to make for each line, owned only when it is new.
pub trait Key<Owned>: Hash {
    /// Whether this key and an owned value mean the same.
    fn is(&self, owned: &Owned) -> bool;
    /// The owned value, made once per distinct key.
    fn to_owned_key(&self) -> Owned;
}

/// Room that is made with the first value, for so many: most files name as many events, and growing to it step by step costs more.
const USUAL: usize = 8;

/// Gives equal values the same index, in order of first appearance.
///
/// A result file names the same twenty events on thousands of lines; results hold indices into this table instead of a
/// string each, and the store resolves each distinct value once per source.
#[derive(Debug, Clone)]
pub struct Interner<Owned> {
    values: Vec<Owned>,
    index: HashTable<(u64, u32)>,
    hasher: DefaultHashBuilder,
}

impl<Owned> Default for Interner<Owned> {
    fn default() -> Self {
        Self { values: Vec::new(), index: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl<Owned> Interner<Owned> {
    /// The index of `key`, which is added when it is new.
    ///
    /// # Panics
    /// When there are more than 2^32 distinct values, which no source and no memory of today holds.
    pub fn intern(&mut self, key: &(impl Key<Owned> + ?Sized)) -> u32 {
        let hash = self.hasher.hash_one(key);
        if let Some(index) = self.find_hashed(hash, key) {
            return index;
        }
        let index = u32::try_from(self.values.len()).expect("there are fewer than 2^32 distinct values");
        if self.values.is_empty() {
            self.values.reserve(USUAL);
            self.index.reserve(USUAL, |&(h, _)| h);
        }
        self.values.push(key.to_owned_key());
        self.index.insert_unique(hash, (hash, index), |&(h, _)| h);
        index
    }

    /// The index of `key` when it is known.
    pub fn find(&self, key: &(impl Key<Owned> + ?Sized)) -> Option<u32> {
        self.find_hashed(self.hasher.hash_one(key), key)
    }

    fn find_hashed(&self, hash: u64, key: &(impl Key<Owned> + ?Sized)) -> Option<u32> {
        self.index.find(hash, |&(h, i)| h == hash && key.is(&self.values[i as usize])).map(|&(_, index)| index)
    }

    /// The values in order of their index.
    pub fn values(&self) -> &[Owned] {
        &self.values
    }

    /// The value that `index` was given for.
    pub fn get(&self, index: u32) -> &Owned {
        &self.values[index as usize]
    }
}
