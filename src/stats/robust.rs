//! Location and spread that a few wild values do not move.

use super::sample::Sample;
use super::sum::ExactSum;

/// `1 / Φ⁻¹(3/4)`: what makes the median absolute deviation of a normal distribution its standard deviation (Hampel, Journal of
/// the American Statistical Association 69, 1974).
pub const MAD_TO_SIGMA: f64 = 1.482_602_218_505_602;

impl Sample {
    /// Median of the distances from the median, unscaled.
    pub fn mad(&self) -> f64 {
        self.distances(self.median()).median()
    }

    /// Mean of the distances from the *median*.
    pub fn mean_deviation(&self) -> f64 {
        self.distances(self.median()).mean()
    }

    /// Median distance of the values at or below the median from it, and of those at or above it (P. Rosenmai, "Using the
    /// median absolute deviation to find outliers", 2013): the two sides of a skewed count have each their own width.
    pub fn double_mad(&self) -> (f64, f64) {
        let centre = self.median();
        let side = |kept: fn(&f64, &f64) -> bool| {
            Self::derived(
                self.values().iter().filter(|value| kept(value, &centre)).map(|value| (value - centre).abs()).collect(),
            )
        };
        (side(f64::le).median(), side(f64::ge).median())
    }

    /// Quartile coefficient of dispersion, `(Q3 - Q1) / (Q3 + Q1)`; `None` when it is not finite (both quartiles 0).
    pub fn qcd(&self) -> Option<f64> {
        let (q1, q3) = (self.quantile(0.25), self.quantile(0.75));
        Some((q3 - q1) / (q3 + q1)).filter(|qcd| qcd.is_finite())
    }

    /// Robust coefficient of variation, `1.4826 MAD / |median|`: 0 when half of the values are equal; `None` when the median is 0
    /// and not all values are.
    pub fn robust_cov(&self) -> Option<f64> {
        let sigma = MAD_TO_SIGMA * self.mad();
        let all_equal = self.min().total_cmp(&self.max()).is_eq();
        if all_equal { Some(0.0) } else { Some(sigma / self.median().abs()).filter(|cov| cov.is_finite()) }
    }

    /// Median of `|(value - median) / value|`, nanobench's `err%`; `None` when a value is 0.
    pub fn mdape(&self) -> Option<f64> {
        let centre = self.median();
        let errors: Vec<f64> = self.values().iter().map(|value| ((value - centre) / value).abs()).collect();
        errors.iter().all(|error| error.is_finite()).then(|| Self::derived(errors).median())
    }

    /// Mean without the lowest and highest `percent` of the values, rounded down to whole values; at least the middle stays.
    pub fn trimmed_mean(&self, percent: usize) -> f64 {
        let cut = self.cut(percent);
        Self::derived(self.values()[cut..self.len() - cut].to_vec()).mean()
    }

    /// Mean in which the lowest and highest `percent` of the values, rounded down to whole values, are replaced by the nearest
    /// that stays.
    pub fn winsorised_mean(&self, percent: usize) -> f64 {
        let cut = self.cut(percent);
        let (low, high) = (self.values()[cut], self.values()[self.len() - 1 - cut]);
        ExactSum::of(self.values().iter().map(|value| value.clamp(low, high))).value() / self.n()
    }

    /// Values to leave out at each end; in whole numbers, for 0.2 x 15 is more than 3 in floats.
    fn cut(&self, percent: usize) -> usize {
        (self.len() * percent.min(50) / 100).min((self.len() - 1) / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    const A: [f64; 7] = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0, 150.0];

    #[test]
    fn the_wild_value_of_a_moves_nothing() {
        assert_eq!(sample(&A).mad(), 2.0);
        assert!((MAD_TO_SIGMA * sample(&A).mad() - 2.965_204_4).abs() < 5e-8);
        assert_eq!(sample(&A).double_mad(), (1.5, 1.5));
        assert_eq!(sample(&A).qcd(), Some(0.014_563_106_796_116_505));
        assert_eq!(sample(&A).mdape(), Some(0.019_047_619_047_619_05));
    }

    #[test]
    fn trimmed_and_winsorised_means_of_one_to_nine_and_a_hundred() {
        let values = sample(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0]);
        assert_eq!((values.trimmed_mean(20), values.winsorised_mean(10)), (5.5, 5.5));
        assert_eq!((sample(&[1.0, 3.0]).trimmed_mean(99), sample(&[7.0]).winsorised_mean(50)), (2.0, 7.0));
        assert_eq!(sample(&[1.0, 2.0, 9.0]).trimmed_mean(50), 2.0);
    }

    #[test]
    fn what_zero_makes_meaningless_is_none() {
        let zeros = sample(&[0.0; 4]);
        assert_eq!((zeros.qcd(), zeros.mdape(), zeros.robust_cov()), (None, None, Some(0.0)));
        assert_eq!(sample(&[0.0, 0.0, 1.0]).robust_cov(), None);
        assert_eq!(sample(&[5.0; 3]).robust_cov(), Some(0.0));
    }
}
