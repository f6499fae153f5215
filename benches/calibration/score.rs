//! How well rows are told apart.

use prc_etl::stats::Sample;
use prc_etl::stats::recall::{Confusion, Judged, at_false_alarm_rate, auc};

use super::judged::{METHODS, Row};

/// The rows as one method sees them: those that `wanted` chooses of the faulty, and all good ones.
pub(super) fn seen(rows: &[Row], method: usize, wanted: impl Fn(&Row) -> bool) -> Vec<Judged> {
    rows.iter().filter(|row| row.fault.is_none() || wanted(row)).map(|row| (row.scores[method], row.fault.is_none())).collect()
}

/// Thresholds of the methods at a rate of false alarms on these rows.
pub(super) fn thresholds(rows: &[Row], rate: f64) -> [f64; METHODS] {
    std::array::from_fn(|method| at_false_alarm_rate(&seen(rows, method, |_| false), rate).map_or(f64::MIN, |found| found.0))
}

/// What a threshold makes of the rows.
pub(super) fn confusion(rows: &[Row], method: usize, threshold: f64, wanted: impl Fn(&Row) -> bool) -> Confusion {
    Confusion::of(&seen(rows, method, wanted), threshold)
}

/// Area under the ROC curve: mean over the seeds, and the range of 95 % of them.
pub(super) fn area(seeds: &[Vec<Row>], method: usize, wanted: impl Fn(&Row) -> bool) -> Option<(f64, f64, f64)> {
    let of_seed = |rows: &Vec<Row>| auc(&seen(rows, method, &wanted));
    let areas = Sample::new(seeds.iter().filter_map(of_seed).collect()).ok()?;
    Some((areas.mean(), areas.quantile(0.025), areas.quantile(0.975)))
}
