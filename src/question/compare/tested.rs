//! What tests are given of two sides, however many numbers they have.

use std::borrow::Cow;

use crate::stats::Sample;
use crate::stats::sketch::{Ordered, WIDTH, rounded};
use crate::stats::verdict::{Comparison, Threshold, Verdict};

/// Most numbers of a side that tests are given; of more, as many of their quantiles.
const MOST: u32 = 4_096;

/// The numbers of both sides.
pub(super) struct Tested<'o> {
    pub(super) first: Cow<'o, Sample>,
    pub(super) second: Cow<'o, Sample>,
    /// Whether they are the middles of the buckets that the numbers are in.
    pub(super) are_rounded: bool,
}

impl<'o> Tested<'o> {
    /// `None` unless both sides have numbers. Where one side is known by its buckets only, the numbers of both are rounded to their middles:
    /// ranks of exact numbers among middles tell on which side of a middle they lie, not which side of the question has larger ones.
    pub(super) fn of(first: &'o Ordered<'_>, second: &'o Ordered<'_>) -> Option<Self> {
        let are_rounded = [first, second].iter().any(|side| side.sample().is_none());
        let side = |ordered| if are_rounded { in_buckets(&*numbers(ordered)?).map(Cow::Owned) } else { numbers(ordered) };
        Some(Self { first: side(first)?, second: side(second)?, are_rounded })
    }
}

/// The numbers of a side; of very many, their quantiles at even distances, the least and the greatest among them.
pub(super) fn numbers<'o>(ordered: &'o Ordered<'_>) -> Option<Cow<'o, Sample>> {
    let small = ordered.sample().filter(|sample| sample.len() <= MOST as usize).map(Cow::Borrowed);
    small.or_else(|| {
        let share = |position: u32| f64::from(position) / f64::from(MOST - 1);
        Sample::new((0..MOST).filter_map(|position| ordered.quantile(share(position))).collect()).ok().map(Cow::Owned)
    })
}

fn in_buckets(sample: &Sample) -> Option<Sample> {
    Sample::new(sample.values().iter().map(|value| rounded(*value)).collect()).ok()
}

/// The verdict on rounded numbers. Both sides may be off by half the width of a bucket: they are different or the same only if they are
/// with whatever lies within.
pub(super) fn verdict_of_rounded(comparison: &Comparison, adjusted_p: f64, threshold: Threshold) -> Verdict {
    let size = comparison.medians.0.abs().max(comparison.medians.1.abs());
    let moved = |by: f64| Threshold { relative: threshold.relative + by, absolute: threshold.absolute + by * size };
    match (comparison.verdict(adjusted_p, moved(WIDTH)), comparison.verdict(adjusted_p, moved(-WIDTH))) {
        (Verdict::Different, _) => Verdict::Different,
        (_, Verdict::Same) => Verdict::Same,
        _ => Verdict::Unclear { more_runs: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rank::MannWhitney;
    use crate::stats::sketch::Sketch;

    fn sketch<const LIMIT: usize>(values: impl Iterator<Item = f64>) -> Sketch<LIMIT> {
        let mut sketch = Sketch::default();
        assert!(values.into_iter().all(|value| sketch.add(value)));
        sketch
    }

    /// A thousand whole numbers from 1e8 on are in one bucket of 65,536; those from 1e6 to 1.5e6 in some 400.
    #[test]
    fn equal_numbers_are_equal_whichever_side_is_kept_exactly() {
        let narrow = || (0..1_000).map(|step| 1e8 + f64::from(step));
        let wide = || (0..5_000).map(|step| 1e6 + 100.0 * f64::from(step));
        let (exact, buckets) = (sketch::<5_000>(narrow()), sketch::<8>(narrow()));
        let (exact_wide, buckets_wide) = (sketch::<5_000>(wide()), sketch::<8>(wide()));
        for (first, second) in [(exact.ordered(), buckets.ordered()), (exact_wide.ordered(), buckets_wide.ordered())] {
            for (first, second) in [(&first, &second), (&second, &first)] {
                let tested = Tested::of(first, second).unwrap();
                let rank = MannWhitney::new(&tested.first, &tested.second);
                assert!(tested.are_rounded && rank.p() > 0.9 && rank.cliffs_delta().abs() < 0.01, "{rank:?}");
            }
            assert!(!Tested::of(&first, &first).unwrap().are_rounded);
        }
    }

    /// The numbers of both sides are in one bucket, whose middle is below them: the least number of a side may not stand for it.
    #[test]
    fn the_least_number_of_a_side_does_not_move_the_rest() {
        let side = |least: i32| sketch::<8>((least..1_000).map(|step| 1e8 + f64::from(step)));
        let (first, second) = (side(0), side(5));
        let (first, second) = (first.ordered(), second.ordered());
        let tested = Tested::of(&first, &second).unwrap();
        // The bucket is from 1525 x 65,536 to 1526 x 65,536.
        for side in [&tested.first, &tested.second] {
            assert_eq!((side.min(), side.max()), (99_975_168.0, 99_975_168.0));
        }
    }

    /// A bucket is up to 0.0977 % wide: a difference of 0.01 % is not told by it, one of 1 % is.
    #[test]
    fn what_rounding_hides_is_unclear() {
        let side = |from: f64| in_buckets(&Sample::new((0..20).map(|step| from + f64::from(step)).collect()).unwrap()).unwrap();
        let verdict = |second: f64, relative: f64| {
            let comparison = Comparison::new(&side(1e8), &side(second));
            verdict_of_rounded(&comparison, comparison.p, Threshold { relative, absolute: 10.0 })
        };
        assert_eq!(verdict(1e8, 0.001), Verdict::Same);
        assert_eq!(verdict(1e8, 0.0001), Verdict::Unclear { more_runs: None });
        // 0.01 % larger, in the next bucket.
        assert_eq!(verdict(100_010_000.0, 0.0001), Verdict::Unclear { more_runs: None });
        assert_eq!(verdict(1.01e8, 0.0001), Verdict::Different);
    }
}
