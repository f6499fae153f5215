//! Small integer names for texts that repeat on every line of a file.

use std::hash::{BuildHasher, Hash};
use std::sync::LazyLock;

use hashbrown::{DefaultHashBuilder, HashTable};

/// A borrowed form of `Owned`, cheap to make for each line, owned only when it is new.
pub trait Key<Owned>: Hash {
    /// A number that equal keys share and others hardly ever.
    fn hash_key(&self) -> u64 {
        hash_of(self)
    }

    /// Whether this key and an owned value mean the same.
    fn is(&self, owned: &Owned) -> bool;

    /// The owned value, made once per distinct key; `hash` is that of the key.
    fn to_owned_key(&self, hash: u64) -> Owned;
}

/// The hash of a key, the same in every table of this process: who looks into a second one need not make it again.
pub(super) fn hash_of(key: &(impl Hash + ?Sized)) -> u64 {
    static HASHER: LazyLock<DefaultHashBuilder> = LazyLock::new(DefaultHashBuilder::default);
    HASHER.hash_one(key)
}

/// Room that is made with the first value, for so many: most files name as many events, and growing to it step by step costs more.
const USUAL: usize = 16;

/// Values up to which their hashes are looked through one by one, which is faster for so few than to look them up.
const FEW: usize = 24;

/// Gives equal values the same index, in order of first appearance.
///
/// A result file names the same twenty events on thousands of lines; results hold indices into this table instead of a
/// string each, and the store resolves each distinct value once per source.
#[derive(Debug, Clone)]
pub struct Interner<Owned> {
    values: Vec<Owned>,
    /// Of each value.
    hashes: Vec<u64>,
    /// Indices by hash, when there are more than a few.
    index: HashTable<u32>,
}

impl<Owned> Default for Interner<Owned> {
    fn default() -> Self {
        Self { values: Vec::new(), hashes: Vec::new(), index: HashTable::new() }
    }
}

impl<Owned> Interner<Owned> {
    /// The index of `key`, which is added when it is new.
    ///
    /// # Panics
    /// When there are more than 2^32 distinct values, which no source and no memory of today holds.
    pub fn intern(&mut self, key: &(impl Key<Owned> + ?Sized)) -> u32 {
        let hash = key.hash_key();
        if let Some(index) = self.find_hashed(hash, key) {
            return index;
        }
        let index = u32::try_from(self.values.len()).expect("there are fewer than 2^32 distinct values");
        if self.values.is_empty() {
            self.values.reserve(USUAL);
            self.hashes.reserve(USUAL);
        }
        self.values.push(key.to_owned_key(hash));
        self.hashes.push(hash);
        self.enter(index);
        index
    }

    /// Enters the last value into the index, and with the first that is one too many all before it.
    fn enter(&mut self, last: u32) {
        let first = match self.values.len() {
            ..=FEW => return,
            length if length == FEW + 1 => 0,
            _ => last,
        };
        let hash = |&index: &u32| self.hashes[index as usize];
        for index in first..=last {
            self.index.insert_unique(hash(&index), index, hash);
        }
    }

    /// The index of `key` when it is known.
    pub fn find(&self, key: &(impl Key<Owned> + ?Sized)) -> Option<u32> {
        self.find_hashed(key.hash_key(), key)
    }

    fn find_hashed(&self, hash: u64, key: &(impl Key<Owned> + ?Sized)) -> Option<u32> {
        let is_it = |index: u32| key.is(&self.values[index as usize]);
        if self.values.len() > FEW {
            return self.index.find(hash, |&index| self.hashes[index as usize] == hash && is_it(index)).copied();
        }
        let first = self.hashes.iter().position(|&of_value| of_value == hash)?;
        (0..).zip(&self.hashes).skip(first).find(|&(index, &of_value)| of_value == hash && is_it(index)).map(|(index, _)| index)
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

#[cfg(test)]
mod tests {
    use super::*;

    impl Key<Self> for u32 {
        fn is(&self, owned: &Self) -> bool {
            self == owned
        }

        fn to_owned_key(&self, _: u64) -> Self {
            *self
        }
    }

    #[test]
    fn few_values_and_many_are_found_again() {
        let mut interner = Interner::default();
        for last in (0..).take(4 * FEW) {
            assert_eq!((interner.find(&last), interner.intern(&last)), (None, last));
            assert!((0..=last).all(|value| interner.find(&value) == Some(value) && interner.intern(&value) == value));
        }
        assert_eq!(interner.values().len(), 4 * FEW);
    }
}
