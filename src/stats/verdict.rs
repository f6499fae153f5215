//! Are two sides different, the same, or can it not be told?

use super::bootstrap::ratio_interval;
use super::class::Class;
use super::rank::{MannWhitney, smallest_p, smallest_sides};
use super::sample::{Sample, float};
use super::shift::{Interval, hodges_lehmann, shift_interval};
use super::welch::{Welch, welch};

/// Level of all tests: a corrected p below it is significant, intervals cover with one less it.
pub const ALPHA: f64 = 0.05;

/// Everything that is known of two sides before a verdict; the p is corrected for its family afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Sizes of the sides.
    pub n: (usize, usize),
    /// Their medians.
    pub medians: (f64, f64),
    /// Their robust coefficients of variation.
    pub spreads: (Option<f64>, Option<f64>),
    /// Median of the second side over that of the first; `None` unless the first is above 0 and the second not below.
    pub ratio: Option<f64>,
    /// Bootstrap interval of the ratio; `None` where a value is below 0, or many of the first side are 0.
    pub ratio_interval: Option<(f64, f64)>,
    /// Shift of Hodges & Lehmann, second less first, in the unit of the values.
    pub shift: f64,
    /// Its interval; `None` for sides too small for one.
    pub shift_interval: Option<Interval>,
    /// Two-sided p of Mann & Whitney: the one that verdicts rest on.
    pub p: f64,
    /// The test of Welch, for comparison.
    pub welch: Option<Welch>,
    /// Cliff's δ, positive when the second side is larger.
    pub cliffs_delta: f64,
}

impl Comparison {
    /// Compares two sides.
    pub fn new(first: &Sample, second: &Sample) -> Self {
        let rank = MannWhitney::new(first, second);
        let medians = (first.median(), second.median());
        Self {
            n: rank.n,
            medians,
            spreads: (first.robust_cov(), second.robust_cov()),
            ratio: (medians.0 > 0.0 && medians.1 >= 0.0).then(|| medians.1 / medians.0),
            ratio_interval: ratio_interval(first, second),
            shift: hodges_lehmann(first, second),
            shift_interval: shift_interval(first, second, 1.0 - ALPHA),
            p: rank.p(),
            welch: welch(first, second),
            cliffs_delta: rank.cliffs_delta(),
        }
    }

    /// The verdict, with the p corrected for its family (`Correction::adjust`). See [`Verdict`].
    pub fn verdict(&self, adjusted_p: f64, threshold: Threshold) -> Verdict {
        if smallest_p(self.n.0, self.n.1) >= ALPHA {
            return Verdict::Unclear { more_runs: self.runs_to_reach() };
        }
        let different = adjusted_p < ALPHA && self.beyond(threshold);
        let same = self.within(threshold);
        match (different, same) {
            (true, false) => Verdict::Different,
            (false, true) => Verdict::Same,
            // Both, when ratio of medians and median of differences disagree: that is no clear answer.
            _ => Verdict::Unclear { more_runs: self.runs_to_decide(threshold) },
        }
    }

    /// Whether the estimates exceed both thresholds. Without a ratio (medians at or below 0) the absolute one decides alone.
    fn beyond(&self, threshold: Threshold) -> bool {
        self.ratio.is_none_or(|ratio| (ratio - 1.0).abs() > threshold.relative) && self.shift.abs() > threshold.absolute
    }

    /// Whether everything that the intervals allow is within the relative or within the absolute threshold.
    fn within(&self, threshold: Threshold) -> bool {
        let shift = self.shift_interval.as_ref().map(|interval| interval.low.abs().max(interval.high.abs()));
        let Some(shift) = shift else { return false };
        let ratio = self.ratio_interval.map(|(low, high)| (low - 1.0).abs().max((high - 1.0).abs()));
        let relative = shift <= threshold.relative * self.medians.0.abs() && ratio.is_some_and(|far| far <= threshold.relative);
        relative || shift <= threshold.absolute
    }

    /// Runs that the smaller side lacks for any verdict.
    fn runs_to_reach(&self) -> Option<u32> {
        let needed = smallest_sides(ALPHA)?;
        u32::try_from(needed.saturating_sub(self.n.0.min(self.n.1)).max(1)).ok()
    }

    /// Runs a side after which the interval of the shift can be expected to end where the threshold is, if the shift stays what it
    /// is: its half width falls with the square root of the runs. `None` when the shift lies so near the threshold that more than
    /// a hundred times the runs were needed, or when there is no interval.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and the limit")]
    fn runs_to_decide(&self, threshold: Threshold) -> Option<u32> {
        const LIMIT: f64 = 100.0;
        let interval = self.shift_interval.as_ref()?;
        let n = float(self.n.0.min(self.n.1));
        let border = threshold.absolute.max(threshold.relative * self.medians.0.abs());
        let distance = (self.shift.abs() - border).abs();
        let half = (interval.high - interval.low) / 2.0;
        let more = (n * (half / distance).powi(2) - n).ceil().max(1.0);
        (more <= LIMIT * n).then_some(more as u32)
    }
}

/// Differences below these do not matter: one relative to the first side, one in the unit of the values. A constant offset of 800
/// instructions is 6 % of a tiny program and 0.001 % of a large one; only the second threshold sees that they are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Of the ratio less one.
    pub relative: f64,
    /// Of the shift.
    pub absolute: f64,
}

impl Threshold {
    /// The practical difference of a class, and one count.
    pub fn of(class: Class) -> Self {
        Self { relative: class.practical_difference(), absolute: 1.0 }
    }
}

/// Three-valued on purpose: no proof of a difference is no proof of equality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The corrected p is below [`ALPHA`], and the difference exceeds the relative and the absolute threshold.
    Different,
    /// Both intervals lie within the relative threshold, or that of the shift within the absolute one (equivalence).
    Same,
    /// Neither.
    Unclear {
        /// Runs that each side (or the smaller one) lacks, as far as can be foreseen.
        more_runs: Option<u32>,
    },
}

impl Verdict {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::Same => "same",
            Self::Unclear { .. } => "unclear",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(first: &[f64], second: &[f64], threshold: Threshold) -> Verdict {
        let sample = |values: &[f64]| Sample::new(values.to_vec()).unwrap();
        let found = Comparison::new(&sample(first), &sample(second));
        found.verdict(found.p, threshold)
    }

    const EXACT: Threshold = Threshold { relative: 0.001, absolute: 1.0 };

    #[test]
    fn equal_counters_are_the_same_from_four_runs_a_side() {
        assert_eq!(verdict(&[10_000_005.0; 4], &[10_000_005.0; 4], EXACT), Verdict::Same);
        assert_eq!(verdict(&[10_000_005.0; 3], &[10_000_005.0; 3], EXACT), Verdict::Unclear { more_runs: Some(1) });
        assert_eq!(verdict(&[1.0], &[2.0], EXACT), Verdict::Unclear { more_runs: Some(3) });
    }

    /// perf counts 976 instructions more than ocount of a program of 14 005, and 838 more of one of 88 866 707: its environment.
    #[test]
    fn a_constant_offset_is_a_difference_only_where_no_absolute_floor_forgives_it() {
        assert_eq!(verdict(&[14_005.0; 20], &[14_981.0; 20], EXACT), Verdict::Different);
        assert_eq!(verdict(&[88_866_707.0; 20], &[88_867_545.0; 20], EXACT), Verdict::Same);
        let forgiving = Threshold { absolute: 1_000.0, ..EXACT };
        assert_eq!(verdict(&[14_005.0; 20], &[14_981.0; 20], forgiving), Verdict::Same);
    }

    #[test]
    fn a_wide_interval_says_neither_and_how_many_runs_are_missing() {
        let noisy = [90.0, 95.0, 100.0, 105.0, 110.0, 100.0];
        let found = verdict(&noisy, &noisy, Threshold::of(Class::Rate));
        // Shift 0, threshold 5, interval -10..10: (10 / 5)^2 = 4 times the runs.
        assert_eq!(found, Verdict::Unclear { more_runs: Some(18) });
        assert_eq!(found.as_str(), "unclear");
    }

    #[test]
    fn a_significant_difference_that_does_not_matter_is_the_same() {
        let first: Vec<f64> = (0..20).map(|i| 1e6 + f64::from(i)).collect();
        let second: Vec<f64> = (0..20).map(|i| 1_000_100.0 + f64::from(i)).collect();
        assert_eq!(verdict(&first, &second, EXACT), Verdict::Same);
        assert_eq!(verdict(&first, &second, Threshold { relative: 0.00001, absolute: 1.0 }), Verdict::Different);
    }

    /// Medians 1 000 004.5 and 1 000 024.5: 0.002 % apart.
    #[test]
    fn one_zero_does_not_switch_the_relative_threshold_off() {
        let first: Vec<f64> = [0.0].into_iter().chain((1..10).map(|i| 1_000_000.0 + f64::from(i))).collect();
        let second: Vec<f64> = (20..30).map(|i| 1_000_000.0 + f64::from(i)).collect();
        let rate = Threshold::of(Class::Rate);
        assert_eq!((verdict(&first, &second, rate), verdict(&second, &first, rate)), (Verdict::Same, Verdict::Same));
        let finer = Threshold { relative: 0.000_001, absolute: 1.0 };
        let different = (verdict(&first, &second, finer), verdict(&second, &first, finer));
        assert_eq!(different, (Verdict::Different, Verdict::Different));
    }

    /// Half of a side is zero: the medians still have a ratio, which only its interval lacks.
    #[test]
    fn many_zeros_leave_a_ratio_without_an_interval() {
        let sample = |values: &[f64]| Sample::new(values.to_vec()).unwrap();
        let found = Comparison::new(&sample(&[0.0, 0.0, 100.0, 100.0, 100.0]), &sample(&[100.0; 5]));
        assert_eq!((found.ratio, found.ratio_interval), (Some(1.0), None));
    }

    #[test]
    fn zeros_have_no_ratio_and_the_shift_decides() {
        assert_eq!(verdict(&[0.0; 5], &[0.0; 5], EXACT), Verdict::Same);
        assert_eq!(verdict(&[0.0; 5], &[9.0; 5], EXACT), Verdict::Different);
        assert_eq!(verdict(&[0.0; 5], &[1.0; 5], EXACT), Verdict::Same);
    }
}
