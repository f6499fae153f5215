//! Results that are not wanted although they fit.

use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::HashSet;

/// Results by run and position there, and how many of them a listing or question came across.
#[derive(Debug, Default)]
pub struct LeftOut {
    ids: HashSet<(i64, i32)>,
    met: AtomicU64,
}

impl LeftOut {
    /// How many of them fitted and were passed over, up to now: those that a condition excludes anyway are not counted.
    pub fn met(&self) -> u64 {
        self.met.load(Ordering::Relaxed)
    }

    /// Whether a result that fits is one of them.
    pub(in crate::store) fn meets(&self, id: (i64, i32)) -> bool {
        let is_one = self.ids.contains(&id);
        self.met.fetch_add(is_one.into(), Ordering::Relaxed);
        is_one
    }
}

impl FromIterator<(i64, i32)> for LeftOut {
    fn from_iter<I: IntoIterator<Item = (i64, i32)>>(ids: I) -> Self {
        Self { ids: ids.into_iter().collect(), met: AtomicU64::new(0) }
    }
}
