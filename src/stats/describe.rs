//! A group in one line: where it lies and how wide it is.

use super::sample::Sample;
use super::special::t_beyond;

/// The numbers that describe a group. `None` is what this group does not define: the deviation of one value, a ratio to 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Description {
    /// How many values.
    pub n: usize,
    /// The least value.
    pub min: f64,
    /// First quartile, type 7.
    pub q1: f64,
    /// The median.
    pub median: f64,
    /// Third quartile, type 7.
    pub q3: f64,
    /// The greatest value.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// Standard deviation, divisor n - 1.
    pub sd: Option<f64>,
    /// Coefficient of variation, `sd / |mean|`.
    pub cov: Option<f64>,
    /// Adjusted skewness.
    pub skew: Option<f64>,
    /// Median absolute deviation, unscaled.
    pub mad: f64,
    /// Quartile coefficient of dispersion.
    pub qcd: Option<f64>,
}

impl Description {
    /// Distance of the quartiles.
    pub fn iqr(&self) -> f64 {
        self.q3 - self.q1
    }
}

impl Sample {
    /// The numbers that describe the group.
    pub fn describe(&self) -> Description {
        let summary = self.summary();
        Description {
            n: self.len(),
            min: self.min(),
            q1: self.quantile(0.25),
            median: self.median(),
            q3: self.quantile(0.75),
            max: self.max(),
            mean: summary.mean,
            sd: summary.sd(),
            cov: summary.cov(),
            skew: self.skew(),
            mad: self.mad(),
            qcd: self.qcd(),
        }
    }

    /// Interval of the mean after Student: `mean ± t sd / sqrt(n)`. `None` below two values or unless `level` is within (0, 1).
    pub fn mean_interval(&self, level: f64) -> Option<(f64, f64)> {
        let summary = self.summary();
        let t = t_beyond((1.0 - level) / 2.0, self.n() - 1.0)?;
        let half = t * summary.standard_error()?;
        Some((summary.mean - half, summary.mean + half))
    }
}
