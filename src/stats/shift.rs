//! By how much does one side differ from the other? Differences of all pairs, and intervals without assumptions on shape.

use super::rank::{EXACT_PAIRS, divisions};
use super::sample::{Sample, float};
use super::special::{coin_at_most, normal_beyond, normal_tail};

/// An interval and the probability with which it covers the truth, at least that asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Position of the lower end among the ordered values, from 1; the upper end is as far from the other end.
    pub position: usize,
    /// Probability that an interval made this way covers the truth.
    pub level: f64,
}

/// The shift of Hodges & Lehmann (Annals of Mathematical Statistics 34, 1963): median of all differences `second - first`. Memory
/// does not grow with the pairs.
pub fn hodges_lehmann(first: &Sample, second: &Sample) -> f64 {
    let pairs = first.len() * second.len();
    let (low, high) = (difference(first, second, pairs.div_ceil(2)), difference(first, second, pairs / 2 + 1));
    low + (high - low) / 2.0
}

/// Interval of that shift: the k-th smallest and k-th largest difference, `k` the smallest integer with `P(U <= k) > (1 - level) / 2`
/// (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, section 4.3); U exact for few pairs, else normal. `None` when
/// the sides are too small for the level, or the level is not within (0, 1).
pub fn shift_interval(first: &Sample, second: &Sample, level: f64) -> Option<Interval> {
    let (n, m) = (first.len(), second.len());
    let side = Some((1.0 - level) / 2.0).filter(|side| *side > 0.0 && *side < 0.5)?;
    let (position, below) = if n * m <= EXACT_PAIRS { exact_rank(n, m, side) } else { normal_rank(n, m, side)? };
    (position > 0).then(|| Interval {
        low: difference(first, second, position),
        high: difference(first, second, n * m + 1 - position),
        position,
        level: 1.0 - 2.0 * below,
    })
}

/// Smallest `k` with `P(U <= k) > side`, and `P(U < k)`.
fn exact_rank(n: usize, m: usize, side: f64) -> (usize, f64) {
    let (small, all) = (n.min(m), n + m);
    let ways = divisions(&(1..=all).collect::<Vec<_>>(), small);
    let total: f64 = ways.iter().sum();
    let least = small * (small + 1) / 2;
    let (mut k, mut below) = (0, 0.0);
    while (below + ways[least + k]) / total <= side {
        below += ways[least + k];
        k += 1;
    }
    (k, below / total)
}

/// The same by the normal approximation with continuity correction; `None` when the side is beyond it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position below the number of pairs")]
fn normal_rank(n: usize, m: usize, side: f64) -> Option<(usize, f64)> {
    let (pairs, all) = (float(n) * float(m), float(n + m));
    let (mean, sigma) = (pairs / 2.0, (pairs * (all + 1.0) / 12.0).sqrt());
    let k = (mean - normal_beyond(side)? * sigma - 0.5).ceil().max(0.0);
    Some((k as usize, normal_tail((mean - k + 0.5) / sigma)))
}

/// The k-th smallest (from 1) of all differences `y - x`, by bisection over the floats: exact, in linear memory.
fn difference(first: &Sample, second: &Sample, k: usize) -> f64 {
    let (mut low, mut high) = (key(second.min() - first.max()), key(second.max() - first.min()));
    while low < high {
        // The mean rounded down, without overflow (Dietz).
        let middle = (low & high) + ((low ^ high) >> 1);
        if differences_at_most(first, second, value(middle)) >= k { high = middle } else { low = middle + 1 }
    }
    // Of equal numbers the least float that is not below their difference is the negative zero.
    value(low) + 0.0
}

fn differences_at_most(first: &Sample, second: &Sample, limit: f64) -> usize {
    let x = first.values();
    let mut above = 0;
    let mut count = 0;
    for y in second.values() {
        // Differences fall along x and rise along y: what was too large for the last y is for this one too.
        above += x[above..].iter().take_while(|x| y - **x > limit).count();
        count += x.len() - above;
    }
    count
}

/// Whole numbers in the order of the floats.
fn key(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

fn value(key: i64) -> f64 {
    f64::from_bits((key ^ ((key >> 63).cast_unsigned() >> 1).cast_signed()).cast_unsigned())
}

/// Interval of the median from order statistics, whatever the distribution (Conover, Practical Nonparametric Statistics, section
/// 3.2): the j-th smallest and largest value, `j` the largest that reaches the level. `None` when even the extremes do not.
pub fn median_interval(sample: &Sample, level: f64) -> Option<Interval> {
    let n = sample.n();
    let covered = |position: usize| 1.0 - 2.0 * coin_at_most(float(position - 1), n);
    let half = sample.len().div_ceil(2);
    let (mut reached, mut missed) = (0, half + 1);
    while missed - reached > 1 {
        let middle = usize::midpoint(reached, missed);
        if covered(middle) >= level { reached = middle } else { missed = middle }
    }
    (reached > 0 && level > 0.0).then(|| Interval {
        low: sample.values()[reached - 1],
        high: sample.values()[sample.len() - reached],
        position: reached,
        level: covered(reached),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    #[test]
    fn the_interval_of_p_and_q_is_that_of_rank_six() {
        let p = sample(&[10.1, 10.2, 10.3, 10.4, 10.5, 10.6]);
        let q = sample(&[10.5, 10.7, 10.8, 10.9, 11.0, 11.2]);
        let found = shift_interval(&p, &q, 0.95).unwrap();
        assert_eq!(found.position, 6);
        assert!((found.low - 0.2).abs() < 1e-12 && (found.high - 0.8).abs() < 1e-12);
        assert!((found.level - 0.95887).abs() < 5e-6);
        assert_eq!([0.0, 1.0, f64::NAN].map(|level| shift_interval(&p, &q, level)), [None; 3]);
        assert_eq!(shift_interval(&sample(&[1.0; 3]), &sample(&[1.0; 3]), 0.95), None);
    }

    #[test]
    fn no_difference_is_a_positive_zero() {
        let equal = sample(&[5.0; 8]);
        let found = shift_interval(&equal, &equal, 0.95).unwrap();
        assert!(
            [found.low, found.high, hodges_lehmann(&equal, &equal)].iter().all(|end| *end == 0.0 && end.is_sign_positive())
        );
    }

    #[test]
    fn exact_and_normal_ranks_meet_where_one_hands_over_to_the_other() {
        assert_eq!(exact_rank(20, 20, 0.025).0, normal_rank(20, 20, 0.025).unwrap().0);
    }

    #[test]
    fn positions_and_levels_of_median_intervals() {
        for (n, position, percent) in
            [(6, 1, 96.875), (7, 1, 98.4375), (8, 1, 99.219), (9, 2, 96.094), (10, 2, 97.852), (20, 6, 95.861)]
        {
            let values = sample(&(1..=n).map(f64::from).collect::<Vec<_>>());
            let found = median_interval(&values, 0.95).unwrap();
            assert_eq!((found.position, found.low), (position, values.values()[position - 1]), "n = {n}");
            assert!((100.0 * found.level - percent).abs() < 5e-4, "n = {n}: {}", found.level);
        }
        assert_eq!(median_interval(&sample(&[1.0; 5]), 0.95), None);
        assert_eq!(median_interval(&sample(&[1.0; 50]), f64::NAN), None);
    }

    proptest! {
        #[test]
        fn the_shift_is_the_median_of_all_differences(
            x in prop::collection::vec(-1e6..1e6_f64, 1..12),
            y in prop::collection::vec(-1e6..1e6_f64, 1..12),
        ) {
            let all = sample(&y.iter().flat_map(|y| x.iter().map(move |x| y - x)).collect::<Vec<_>>());
            let (x, y) = (sample(&x), sample(&y));
            prop_assert_eq!(hodges_lehmann(&x, &y), all.median());
            for k in 1..=all.len() {
                prop_assert_eq!(difference(&x, &y, k), all.values()[k - 1]);
            }
        }
    }
}
