//! Does one side tend to larger values? The test of Mann and Whitney, exact where it can be.

use super::sample::{Sample, float};
use super::special::normal_tail;

/// Exact up to this many pairs of values; the normal approximation is good beyond.
pub const EXACT_PAIRS: usize = 400;

/// The test of Mann & Whitney (Annals of Mathematical Statistics 18, 1947) on two sides.
#[derive(Debug, Clone, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which the value of the first side is the larger, ties counted half.
    pub u: f64,
    /// Sizes of the sides.
    pub n: (usize, usize),
    /// Twice the mid-rank of every value of both sides, ascending: whole numbers even with ties.
    doubled: Vec<usize>,
    /// Twice the sum of the mid-ranks of the first side.
    sum: usize,
    /// Sum of `t^3 - t` over the groups of `t` tied values.
    ties: f64,
}

impl MannWhitney {
    /// Ranks both sides together.
    pub fn new(first: &Sample, second: &Sample) -> Self {
        let n = (first.len(), second.len());
        let mut test = Self { u: 0.0, n, doubled: Vec::with_capacity(n.0 + n.1), sum: 0, ties: 0.0 };
        let (mut x, mut y) = (first.values(), second.values());
        while let Some(value) = [x.first(), y.first()].into_iter().flatten().copied().reduce(f64::min) {
            let (of_x, of_y) = (take(&mut x, value), take(&mut y, value));
            let (before, tied) = (test.doubled.len(), of_x + of_y);
            // Ranks before + 1 ..= before + tied; twice their mean is the sum of the first and the last.
            let doubled = 2 * before + 1 + tied;
            test.doubled.resize(before + tied, doubled);
            test.sum += of_x * doubled;
            test.ties += float(tied).powi(3) - float(tied);
        }
        test.u = float(test.sum - n.0 * (n.0 + 1)) / 2.0;
        test
    }

    /// Two-sided p: exact for few pairs ([`EXACT_PAIRS`]), else normal with continuity correction.
    pub fn p(&self) -> f64 {
        if self.n.0 * self.n.1 <= EXACT_PAIRS { self.exact_p() } else { self.normal_p(true) }
    }

    /// Share of all divisions of the mid-ranks into two sides that are at least as far from the even one: exact with ties too.
    /// Time and memory grow with the pairs; meant for few.
    pub fn exact_p(&self) -> f64 {
        // Choosing the smaller side or the larger is the same division.
        let all: usize = self.doubled.iter().sum();
        let (size, sum) = if self.n.0 <= self.n.1 { (self.n.0, self.sum) } else { (self.n.1, all - self.sum) };
        let even = size * (self.doubled.len() + 1);
        let ways = divisions(&self.doubled, size);
        let as_far = |at: &usize| at.abs_diff(even) >= sum.abs_diff(even);
        let far: f64 = (0..ways.len()).filter(as_far).map(|at| ways[at]).sum();
        far / ways.iter().sum::<f64>()
    }

    /// Two-sided p of the normal approximation, variance corrected for ties (Hollander, Wolfe & Chicken, Nonparametric Statistical
    /// Methods, section 4.1), with or without continuity correction; 1 when all values are equal.
    pub fn normal_p(&self, continuity: bool) -> f64 {
        let (n, m) = (float(self.n.0), float(self.n.1));
        let all = n + m;
        let variance = n * m / 12.0 * (all + 1.0 - self.ties / (all * (all - 1.0)));
        if variance <= 0.0 {
            return 1.0;
        }
        let off = (self.u - n * m / 2.0).abs() - if continuity { 0.5 } else { 0.0 };
        (2.0 * normal_tail(off / variance.sqrt())).min(1.0)
    }

    /// Cliff's δ (Psychological Bulletin 114, 1993): share of pairs in which the second side is larger less that in which the first
    /// is; within [-1, 1].
    pub fn cliffs_delta(&self) -> f64 {
        1.0 - 2.0 * self.u / (float(self.n.0) * float(self.n.1))
    }
}

/// Takes the leading values that equal one; returns how many.
fn take(values: &mut &[f64], value: f64) -> usize {
    let equal = values.partition_point(|other| *other <= value);
    *values = &values[equal..];
    equal
}

/// `ways[s]`: in how many ways `size` of the whole numbers have the sum `s`. Exact while the binomial is below 2^53.
pub(super) fn divisions(numbers: &[usize], size: usize) -> Vec<f64> {
    let mut largest = numbers.to_vec();
    largest.sort_unstable_by(|a, b| b.cmp(a));
    let top: usize = largest.iter().take(size).sum();
    let mut ways = vec![vec![0.0; top + 1]; size + 1];
    ways[0][0] = 1.0;
    for (seen, &number) in numbers.iter().enumerate() {
        for chosen in (1..=size.min(seen + 1)).rev() {
            let (fewer, more) = ways.split_at_mut(chosen);
            let (from, to) = (&fewer[chosen - 1], &mut more[0]);
            for sum in number..=top {
                to[sum] += from[sum - number];
            }
        }
    }
    ways.swap_remove(size)
}

/// The smallest two-sided p that sides of these sizes can reach without ties, `2 / C(n + m, n)`.
pub fn smallest_p(n: usize, m: usize) -> f64 {
    let (small, all) = (n.min(m), n + m);
    let divisions: f64 = (1..=small).map(|i| float(all - small + i) / float(i)).product();
    (2.0 / divisions).min(1.0)
}

/// The smallest size of two equal sides that can reach `p < alpha`; `None` for an alpha of 0 or less, or NaN.
pub fn smallest_sides(alpha: f64) -> Option<usize> {
    // 2 / C(2n, n) is 0 in floats from n = 515.
    (1..=520).find(|&n| smallest_p(n, n) < alpha)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn test(x: &[f64], y: &[f64]) -> MannWhitney {
        MannWhitney::new(&Sample::new(x.to_vec()).unwrap(), &Sample::new(y.to_vec()).unwrap())
    }

    #[test]
    fn both_corrections_show_in_the_normal_p() {
        let tied = test(&[10.0, 11.0, 11.0, 12.0, 13.0], &[11.0, 12.0, 13.0, 13.0, 14.0, 15.0]);
        assert!((tied.normal_p(false) - 0.076_550_849_369_853_42).abs() < 1e-15);
        let p_and_q = test(&[10.1, 10.2, 10.3, 10.4, 10.5, 10.6], &[10.5, 10.7, 10.8, 10.9, 11.0, 11.2]);
        assert!((p_and_q.normal_p(false) - 0.008_127_042_631_068_45).abs() < 1e-15);
    }

    #[test]
    fn equal_values_and_lone_values_say_nothing() {
        let equal = test(&[5.0; 4], &[5.0; 6]);
        assert_eq!((equal.p(), equal.normal_p(true), equal.cliffs_delta()), (1.0, 1.0, 0.0));
        let lone = test(&[1.0], &[2.0]);
        assert_eq!((lone.p(), lone.cliffs_delta()), (1.0, 1.0));
        assert_eq!(test(&[0.0; 30], &[0.0; 30]).p(), 1.0);
    }

    #[test]
    fn four_a_side_are_needed_for_five_percent() {
        assert_eq!(smallest_sides(0.05), Some(4));
        assert_eq!(smallest_sides(0.001), Some(7));
        assert_eq!((smallest_sides(0.0), smallest_sides(f64::NAN)), (None, None));
        assert_eq!((smallest_p(1, 1), smallest_p(1, 39), smallest_p(10_000, 10_000)), (1.0, 0.05, 0.0));
    }

    proptest! {
        #[test]
        fn sides_can_be_swapped_and_p_is_a_probability(
            x in prop::collection::vec(0..9_u8, 1..8),
            y in prop::collection::vec(0..9_u8, 1..30),
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = (x.into_iter().map(f64::from).collect(), y.into_iter().map(f64::from).collect());
            let (one, other) = (test(&x, &y), test(&y, &x));
            prop_assert!((one.exact_p() - other.exact_p()).abs() < 1e-12);
            prop_assert!((one.cliffs_delta() + other.cliffs_delta()).abs() < 1e-12);
            prop_assert_eq!(one.u + other.u, float(x.len()) * float(y.len()));
            for p in [one.exact_p(), one.normal_p(true), one.normal_p(false)] {
                prop_assert!((0.0..=1.0).contains(&p), "{}", p);
            }
        }
    }
}
