//! Values that come again in file after file, made once for each thread that parses.
//!
//! Files of one tree name the same events. Made anew for each file, these texts would be most of what a parser allocates, of what the
//! writer, another thread, has to fetch from memory and free, and of what it hashes to find their ids; shared, they are known to it by
//! their address.

use std::sync::Arc;

use hashbrown::HashTable;

/// Values that are kept; there may be more different ones in a tree than fit into memory.
const MOST_KEPT: usize = 20_000;

/// Shared values of one kind.
pub(super) struct Pool<T: ?Sized> {
    values: HashTable<(u64, Arc<T>)>,
}

impl<T: ?Sized> Default for Pool<T> {
    fn default() -> Self {
        Self { values: HashTable::new() }
    }
}

impl<T: ?Sized> Pool<T> {
    /// The value that `is_it` knows, made when it is not kept. Equal values have equal hashes.
    pub(super) fn get(&mut self, hash: u64, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> Arc<T>) -> Arc<T> {
        if let Some((_, value)) = self.values.find(hash, |(h, value)| *h == hash && is_it(value)) {
            return Arc::clone(value);
        }
        if self.values.len() == MOST_KEPT {
            self.values.clear();
        }
        let value = make();
        self.values.insert_unique(hash, (hash, Arc::clone(&value)), |&(h, _)| h);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::super::intern::hash_of;
    use super::*;

    fn get(pool: &mut Pool<str>, text: &str) -> Arc<str> {
        pool.get(hash_of(text), |known| known == text, || text.into())
    }

    #[test]
    fn equal_values_are_one() {
        let mut pool = Pool::default();
        let (first, other, again) = (get(&mut pool, "cycles"), get(&mut pool, "branches"), get(&mut pool, "cycles"));
        assert!(Arc::ptr_eq(&first, &again) && !Arc::ptr_eq(&first, &other));
        assert_eq!((&*first, &*other), ("cycles", "branches"));
    }

    #[test]
    fn a_pool_does_not_grow_with_the_data() {
        let mut pool = Pool::default();
        (0..=MOST_KEPT).for_each(|number| assert_eq!(*get(&mut pool, &number.to_string()), *number.to_string()));
        assert_eq!(pool.values.len(), 1);
    }
}
