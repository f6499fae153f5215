//! Ids of values that many sources share, by their address: a name that the next file has too is neither hashed nor compared again.

use std::sync::Arc;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use super::MOST_KEPT;

/// Ids by address. The values are kept, so that no address can come to mean another one.
pub(super) struct Shared<T: ?Sized> {
    known: HashMap<usize, (Arc<T>, Option<i64>)>,
    wanted: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Shared<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), wanted: Vec::new() }
    }
}

impl<T: ?Sized> Shared<T> {
    /// Notes a value of which the id is to be found; `false` when it is known or wanted already.
    pub(super) fn want(&mut self, value: &Arc<T>) -> bool {
        let Entry::Vacant(vacant) = self.known.entry(address(value)) else { return false };
        vacant.insert((Arc::clone(value), None));
        self.wanted.push(Arc::clone(value));
        true
    }

    /// Asks `id` for each id that is to be found.
    pub(super) fn learn<E>(&mut self, id: impl Fn(&T) -> Result<i64, E>) -> Result<(), E> {
        for value in self.wanted.drain(..) {
            let found = id(&value)?;
            self.known.insert(address(&value), (value, Some(found)));
        }
        Ok(())
    }

    pub(super) fn id(&self, value: &Arc<T>) -> Option<i64> {
        self.known.get(&address(value))?.1
    }

    pub(super) fn trim(&mut self) {
        if self.known.len() > MOST_KEPT {
            self.known.clear();
        }
    }
}

fn address<T: ?Sized>(value: &Arc<T>) -> usize {
    Arc::as_ptr(value).addr()
}
