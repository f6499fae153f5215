//! When did a series change, and which points merely stand out?

use super::outlier::Floor;
use super::robust::MAD_TO_SIGMA;
use super::sample::Sample;

/// A baseline needs this many points before anything is judged by it.
pub const BASELINE: usize = 10;
/// Points of the baseline: the last this many of a segment, the default window of Apache Otava.
pub const WINDOW: usize = 50;
/// Consecutive points, all on one side, that make a step; fewer are outliers (apache/otava issue 150 asks for the same).
pub const LEAST_SEGMENT: usize = 3;
/// Distance from the median of the baseline, in robust deviations, from which a point is outside.
pub const LIMIT: f64 = 5.0;

/// Neighbouring points that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Position of the first point, from 0.
    pub start: usize,
    /// Position behind the last.
    pub end: usize,
    /// Median of its points.
    pub median: f64,
}

/// A series, cut where it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The segments, in order, without gaps; each but the first begins with a step.
    pub segments: Vec<Segment>,
    /// Positions of points that stand out of their segment and began none.
    pub outliers: Vec<usize>,
}

impl Trend {
    /// Ratio of the medians across each step, in order; `None` where it is not finite.
    pub fn steps(&self) -> Vec<(usize, Option<f64>)> {
        let ratio =
            |pair: &[Segment]| (pair[1].start, Some(pair[1].median / pair[0].median).filter(|ratio: &f64| ratio.is_finite()));
        self.segments.windows(2).map(ratio).collect()
    }
}

/// Cuts a series, which is in its own order (time or version). A point begins a segment when it and the next two lie on one side of
/// `median ± 5 σ` of the at least 10 and at most 50 points before it in its segment; σ is `1.4826 MAD` raised to the floors. Only points
/// that `is_new` says stand at another place of the order than the one before begin any: within one place nothing comes before anything
/// else that could have changed it. `None` when the series is empty or holds a value that no [`Sample`] holds.
pub fn trend(series: &[f64], is_new: impl Fn(usize) -> bool, floor: Floor) -> Option<Trend> {
    Sample::new(series.to_vec()).ok()?;
    let mut starts = vec![0];
    let mut start = 0;
    for at in 0..series.len() {
        if at >= start + BASELINE
            && is_new(at)
            && begins(&series[start.max(at.saturating_sub(WINDOW))..at], &series[at..], floor)
        {
            start = at;
            starts.push(at);
        }
    }
    let ends = starts[1..].iter().copied().chain([series.len()]);
    let bounds: Vec<(usize, usize)> = starts.iter().copied().zip(ends).collect();
    let segment = |&(start, end): &(usize, usize)| Segment { start, end, median: middle(&series[start..end]).median() };
    let segments: Vec<Segment> = bounds.iter().map(segment).collect();
    let outliers = segments.iter().flat_map(|segment| outside(series, segment, floor)).collect();
    Some(Trend { segments, outliers })
}

fn middle(points: &[f64]) -> Sample {
    Sample::derived(points.to_vec())
}

/// Whether the next points, all on one side of the baseline, leave it.
fn begins(before: &[f64], next: &[f64], floor: Floor) -> bool {
    let (centre, reach) = band(&middle(before), floor);
    let next = next.get(..LEAST_SEGMENT).unwrap_or_default();
    !next.is_empty() && (next.iter().all(|point| *point > centre + reach) || next.iter().all(|point| *point < centre - reach))
}

fn band(baseline: &Sample, floor: Floor) -> (f64, f64) {
    let centre = baseline.median();
    (centre, LIMIT * floor.raise(MAD_TO_SIGMA * baseline.mad(), centre))
}

/// Points that stand out of their segment, each judged by the points around it: half a window on either side, so that a slow
/// drift makes no outliers. Segments shorter than the baseline are not judged.
fn outside(series: &[f64], segment: &Segment, floor: Floor) -> Vec<usize> {
    let (start, end) = (segment.start, segment.end);
    let around = |at: usize| &series[start.max(at.saturating_sub(WINDOW / 2))..end.min(at + WINDOW / 2)];
    let stands_out = |at: &usize| {
        let (centre, reach) = band(&middle(around(*at)), floor);
        (series[*at] - centre).abs() > reach
    };
    if end - start < BASELINE { Vec::new() } else { (start..end).filter(stands_out).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A steady series around a level, with a small regular swing.
    fn steady(level: f64, n: usize) -> Vec<f64> {
        (0..n).map(|i| level + [0.0, 3.0, -2.0, 1.0, -3.0][i % 5] * level / 10_000.0).collect()
    }

    fn found(series: &[f64]) -> (Vec<usize>, Vec<usize>) {
        let trend = trend(series, |_| true, Floor::COUNT).unwrap();
        (trend.segments.iter().map(|segment| segment.start).collect(), trend.outliers)
    }

    #[test]
    fn a_step_is_no_outlier_and_a_spike_is_no_step() {
        let mut series = [steady(1e6, 20), steady(1.1e6, 20)].concat();
        assert_eq!(found(&series), (vec![0, 20], vec![]));
        series[7] = 2e6;
        series[30] = 1e5;
        assert_eq!(found(&series), (vec![0, 20], vec![7, 30]));
        let ratio = trend(&series, |_| true, Floor::COUNT).unwrap().steps()[0];
        assert_eq!(ratio.0, 20);
        assert!((ratio.1.unwrap() - 1.1).abs() < 1e-3);
    }

    #[test]
    fn three_on_one_side_are_a_step_two_are_not_and_spikes_both_ways_are_not() {
        let with = |points: &[f64]| [steady(1e6, 15), points.to_vec(), steady(1e6, 15)].concat();
        assert_eq!(found(&with(&[2e6, 2e6])), (vec![0], vec![15, 16]));
        assert_eq!(found(&with(&[2e6, 1e5, 2e6])), (vec![0], vec![15, 16, 17]));
        assert_eq!(found(&[steady(1e6, 15), vec![2e6; 3]].concat()), (vec![0, 15], vec![]));
    }

    #[test]
    fn a_slow_drift_has_neither_steps_nor_outliers() {
        let drift: Vec<f64> = (0..400).map(|i| 1e6 * (1.0 + f64::from(i) / 4000.0)).collect();
        assert_eq!(found(&drift), (vec![0], vec![]));
    }

    #[test]
    fn short_series_are_not_judged_and_bad_ones_refused() {
        assert_eq!(found(&[1.0, 9.0, 1.0]), (vec![0], vec![]));
        assert_eq!(found(&[0.0; 30]), (vec![0], vec![]));
        let refused = |series: &[f64]| trend(series, |_| true, Floor::COUNT).is_none();
        assert!(refused(&[]) && refused(&[1.0, f64::NAN]));
    }

    #[test]
    fn a_step_begins_only_at_a_new_place() {
        let series = [steady(1e6, 20), steady(2e6, 20)].concat();
        let starts = |is_new: fn(usize) -> bool| -> Vec<usize> {
            trend(&series, is_new, Floor::COUNT).unwrap().segments.iter().map(|segment| segment.start).collect()
        };
        assert_eq!((starts(|_| false), starts(|at| at % 20 == 0)), (vec![0], vec![0, 20]));
    }

    proptest! {
        #[test]
        fn segments_cover_the_series_and_none_is_too_short(series in prop::collection::vec(prop_oneof![Just(1e6), Just(2e6), 0.0..3e6], 1..80)) {
            let trend = trend(&series, |_| true, Floor::COUNT).unwrap();
            prop_assert_eq!(trend.segments.first().unwrap().start, 0);
            prop_assert_eq!(trend.segments.last().unwrap().end, series.len());
            for pair in trend.segments.windows(2) {
                prop_assert_eq!(pair[0].end, pair[1].start);
                prop_assert!(pair[0].end - pair[0].start >= BASELINE);
            }
        }
    }
}
