//! The time of this machine as the database keeps it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Microseconds since the epoch, UTC; negative on a machine whose clock stands before 1970.
pub(super) fn now() -> i64 {
    let micros = |duration: std::time::Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => micros(since),
        Err(before) => -micros(before.duration()),
    }
}
