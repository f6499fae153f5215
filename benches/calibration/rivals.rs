//! What people use instead of trust: as scores that are low where a value stands out.

use prc_etl::stats::Sample;

/// Largest score of distance; what is farther away is no farther.
const FAR: f64 = 1e9;

/// The distance from the mean in standard deviations, of all values: beyond 3 is an outlier.
pub(super) fn three_sigma(values: &[f64]) -> Vec<f64> {
    let Ok(sample) = Sample::new(values.to_vec()) else { return vec![0.0; values.len()] };
    let summary = sample.summary();
    let sd = summary.sd().unwrap_or(0.0);
    values.iter().map(|value| score((value - summary.mean).abs(), sd)).collect()
}

/// The distance from the nearer quartile in distances of the quartiles: beyond 1.5 is outside Tukey's inner fences.
pub(super) fn fences(values: &[f64]) -> Vec<f64> {
    let Ok(sample) = Sample::new(values.to_vec()) else { return vec![0.0; values.len()] };
    let (low, high) = (sample.quantile(0.25), sample.quantile(0.75));
    values.iter().map(|value| score((low - value).max(value - high).max(0.0), high - low)).collect()
}

fn score(distance: f64, width: f64) -> f64 {
    if distance == 0.0 { 0.0 } else { -(distance / width).min(FAR) }
}
