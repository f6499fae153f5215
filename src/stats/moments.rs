//! Mean and deviation: of values in one pass, and of groups that are known only by their own mean and deviation.

use super::sample::{Sample, float};
use super::sum::ExactSum;

/// What one pass over values keeps for their mean and deviation: exact sums, so that any order of values and any division
/// of them between threads gives the same digits. Bounded memory.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    n: u64,
    sum: ExactSum,
    squares: ExactSum,
}

impl Moments {
    /// Adds a value; `false`, and nothing added, when it is NaN or beyond [`Sample::LIMIT`].
    pub fn add(&mut self, value: f64) -> bool {
        let accepted = value.abs() <= Sample::LIMIT;
        if accepted {
            self.n += 1;
            self.sum.add(value);
            self.squares.add_product(value, value);
        }
        accepted
    }

    /// Adds what another pass found.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// The summary; `None` without values.
    pub fn summary(&self) -> Option<Summary> {
        let n = whole(self.n);
        let mean = self.sum.value() / n;
        // The sum of (x - m)^2 = x^2 - 2 m x + m^2, all of it exact, about the rounded mean m; less n (true mean - m)^2.
        let square = ExactSum::of_product(mean, mean);
        let mut about = self.squares.clone();
        about.add_scaled(-2.0 * mean, &self.sum);
        about.add_scaled(n, &square);
        let mut off = self.sum.clone();
        off.add_product(-n, mean);
        about.add(-off.value().powi(2) / n);
        (self.n > 0).then(|| Summary { n: self.n, mean, m2: about.value().max(0.0) })
    }
}

/// Number, mean and sum of squared deviations of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many values.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Sum of the squared deviations from the mean.
    pub m2: f64,
}

impl Summary {
    /// A group of one value.
    pub(super) fn of_one(value: f64) -> Self {
        Self { n: 1, mean: value, m2: 0.0 }
    }

    /// The group behind a row of `perf stat -r N`: perf prints the *standard error of the mean* in percent of the mean, not
    /// the standard deviation (tools/perf/util/stat.c, `stddev_stats`: "variance of the mean"), so that
    /// `sd = percent / 100 * |mean| * sqrt(N)`. `None` when `n` is below 2 or a number is not finite and sensible.
    pub fn of_repeats(n: u64, mean: f64, standard_error_percent: f64) -> Option<Self> {
        let error = standard_error_percent / 100.0 * mean.abs();
        let m2 = error * error * whole(n) * whole(n.saturating_sub(1));
        (n >= 2 && standard_error_percent >= 0.0 && m2.is_finite()).then_some(Self { n, mean, m2 })
    }

    /// Both groups as one (Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample
    /// variances", 1979). Symmetric to the last digit.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let n = self.n + other.n;
        if n == 0 {
            return self;
        }
        // The larger group, or the one of the smaller mean, comes first: a + b and b + a round alike then.
        let swap = (self.n, other.mean).partial_cmp(&(other.n, self.mean)) == Some(std::cmp::Ordering::Less);
        let (a, b) = if swap { (other, self) } else { (self, other) };
        let delta = b.mean - a.mean;
        let share = whole(b.n) / whole(n);
        Self { n, mean: a.mean + delta * share, m2: a.m2 + b.m2 + delta * delta * whole(a.n) * share }
    }

    /// Standard deviation with divisor n - 1; `None` below two values.
    pub fn sd(&self) -> Option<f64> {
        (self.n >= 2).then(|| (self.m2 / whole(self.n - 1)).sqrt())
    }

    /// Coefficient of variation, `sd / |mean|`; `None` below two values or when the mean is 0.
    pub fn cov(&self) -> Option<f64> {
        self.sd().map(|sd| sd / self.mean.abs()).filter(|cov| cov.is_finite())
    }

    /// Standard error of the mean, `sd / sqrt(n)`; `None` below two values.
    pub fn standard_error(&self) -> Option<f64> {
        self.sd().map(|sd| sd / whole(self.n).sqrt())
    }
}

#[expect(clippy::cast_precision_loss, reason = "2^53 values are out of reach")]
fn whole(n: u64) -> f64 {
    n as f64
}

/// Mean, and second and third central moments as sums, of a sample. About the median first, where differences of nearby
/// large values are exact, then shifted to the mean: two values of 2^53 do not lose their difference to the rounded mean.
pub(super) fn central(sample: &Sample) -> (f64, f64, f64) {
    let (n, centre) = (sample.n(), sample.median());
    let offsets = || sample.values().iter().map(|value| value - centre);
    let shift = ExactSum::of(offsets()).value() / n;
    let m2 = ExactSum::of(offsets().map(|offset| (offset - shift).powi(2))).value();
    let m3 = ExactSum::of(offsets().map(|offset| (offset - shift).powi(3))).value();
    (centre + shift, m2, m3)
}

impl Sample {
    /// Number, mean and sum of squared deviations.
    pub fn summary(&self) -> Summary {
        let (mean, m2, _) = central(self);
        Summary { n: self.len() as u64, mean, m2 }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        central(self).0
    }

    /// Standard deviation with divisor n - 1; `None` below two values.
    pub fn sd(&self) -> Option<f64> {
        self.summary().sd()
    }

    /// Adjusted skewness `G1 = sqrt(n (n - 1)) / (n - 2) * m3 / m2^1.5` (Joanes & Gill, The Statistician 47, 1998);
    /// `None` below three values or when all are equal.
    pub fn skew(&self) -> Option<f64> {
        if self.len() < 3 {
            return None;
        }
        let n = float(self.len());
        let (_, m2, m3) = central(self);
        let g1 = (m3 / n) / (m2 / n).powf(1.5);
        Some((n * (n - 1.0)).sqrt() / (n - 2.0) * g1).filter(|skew| skew.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pass(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        assert!(values.iter().all(|&value| moments.add(value)));
        moments
    }

    #[test]
    fn two_groups_make_one_as_chan_says() {
        let merged = pass(&[100.0, 110.0, 120.0]).summary().unwrap().merge(pass(&[130.0, 150.0]).summary().unwrap());
        assert_eq!(merged, Summary { n: 5, mean: 122.0, m2: 1480.0 });
    }

    /// Five runs of perf 6.1.187: 0.001222, 0.001025, 0.002166, 0.000951, 0.000890 s, printed `0.001251 +- 0.000236 ( +- 18.83% )`.
    #[test]
    fn the_spread_that_perf_prints_is_the_standard_error() {
        let runs = Sample::new(vec![0.001_222, 0.001_025, 0.002_166, 0.000_951, 0.000_890]).unwrap().summary();
        let printed = Summary::of_repeats(5, 0.001_251, 18.83).unwrap();
        assert!((runs.standard_error().unwrap() - 0.000_235_527).abs() < 5e-10);
        assert!((runs.sd().unwrap() - 0.000_526_655).abs() < 5e-10);
        assert!((runs.cov().unwrap() - 0.421_05).abs() < 5e-6);
        assert!((printed.cov().unwrap() - runs.cov().unwrap()).abs() < 5e-5 * 5_f64.sqrt());
        assert_eq!(Summary::of_repeats(1, 1.0, 0.0), None);
        assert_eq!(Summary::of_repeats(5, 1.0, f64::NAN), None);
    }

    #[test]
    fn nothing_and_one_value_have_no_deviation() {
        assert_eq!(Moments::default().summary(), None);
        let one = pass(&[42.0]).summary().unwrap();
        assert_eq!(one, Summary::of_one(42.0));
        assert_eq!((one.mean, one.sd(), one.cov(), one.standard_error()), (42.0, None, None, None));
        assert_eq!(pass(&[0.0, 0.0]).summary().unwrap().cov(), None);
        assert!(![f64::NAN, f64::INFINITY, 1e151].into_iter().any(|bad| Moments::default().add(bad)));
    }

    proptest! {
        #[test]
        fn one_pass_agrees_with_the_sorted_sample_and_forgets_the_order(
            base in -1e15..1e15_f64,
            offsets in prop::collection::vec(-1e3..1e3_f64, 2..40),
            cut in 1_usize..40,
        ) {
            let values: Vec<f64> = offsets.iter().map(|offset| base + offset).collect();
            let cut = cut.min(values.len());
            let (whole, mut parts) = (pass(&values).summary().unwrap(), pass(&values[cut..]));
            parts.merge(&pass(&values[..cut]));
            prop_assert_eq!(parts.summary().unwrap(), whole);
            let sorted = Sample::new(values.clone()).unwrap().summary();
            prop_assert!((sorted.m2 - whole.m2).abs() <= 1e-12 * whole.m2, "{sorted:?} {whole:?}");
            let (a, b) = (pass(&values[..cut]).summary(), pass(&values[cut..]).summary());
            if let (Some(a), Some(b)) = (a, b) {
                prop_assert_eq!(a.merge(b), b.merge(a));
            }
        }
    }
}
