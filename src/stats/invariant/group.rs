//! Rules over the rows of a group.

use super::window::error_to_expect;
use crate::stats::class::Class;

/// I19 (soft): over how much of their median the instructions in user mode of a deterministic program may range, 0.1 %, widened by the
/// error to expect at either end when the least of them was counted for such a share of the time.
pub fn range_of_deterministic(least_running: f64) -> f64 {
    0.001 + 2.0 * error_to_expect(least_running)
}

/// I20 (soft): whether a zero is suspicious: at least 90 % of the other runs of the same machine are not zero. Without other runs it is
/// not.
pub fn zero_is_suspicious(others: &[f64]) -> bool {
    let other_than_zero = others.iter().filter(|value| **value != 0.0).count();
    !others.is_empty() && 10 * other_than_zero >= 9 * others.len()
}

/// I17 (soft), across separate runs: the names of one event agree within the tolerance of its class, relative to the smaller.
pub fn aliases_agree(medians: &[f64], class: Class) -> bool {
    let (low, high) = medians.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), m| (low.min(m.abs()), high.max(m.abs())));
    medians.is_empty() || high - low <= class.tolerance() * low
}
