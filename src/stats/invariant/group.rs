//! Rules over the rows of a group.

use crate::stats::Sample;
use crate::stats::class::Class;

/// I19 (soft): the instructions in user mode of a deterministic program range over at most 0.1 % of their median.
pub fn deterministic(sample: &Sample) -> bool {
    sample.max() - sample.min() <= 0.001 * sample.median().abs()
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
