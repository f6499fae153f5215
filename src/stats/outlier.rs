//! Values that stand out of their group. They are flagged with the numbers behind the flag, never removed.

use super::class::Class;
use super::robust::MAD_TO_SIGMA;
use super::sample::Sample;

/// Least spread that a group is credited with. Without it a deterministic counter (MAD = 0) flags a difference of one instruction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    /// Share of the median.
    pub relative: f64,
    /// In the unit of the values.
    pub absolute: f64,
}

impl Floor {
    /// For counts: 0.05 % of the median, and one.
    pub const COUNT: Self = Self { relative: 0.0005, absolute: 1.0 };
    /// For numbers that are no counts (seconds, ratios), where "one" means nothing.
    pub const MEASURE: Self = Self { relative: 0.0005, absolute: 0.0 };

    /// For counts of a class: what does not matter in practice stands out of nothing.
    pub fn of(class: Class) -> Self {
        let relative = Self::COUNT.relative.max(class.practical_difference() / MODIFIED_Z_LIMIT);
        Self { relative, ..Self::COUNT }
    }

    /// The larger of a spread and both floors about a centre.
    pub fn raise(self, spread: f64, centre: f64) -> f64 {
        spread.max(self.relative * centre.abs()).max(self.absolute)
    }
}

/// A modified z beyond this is an outlier (Iglewicz & Hoaglin, How to Detect and Handle Outliers, 1993).
pub const MODIFIED_Z_LIMIT: f64 = 3.5;
/// `Φ⁻¹(3/4)` to four digits, as Iglewicz & Hoaglin print it.
const MAD_FACTOR: f64 = 0.6745;
/// `√(π/2)`: what makes the mean absolute deviation of a normal distribution its standard deviation.
const MEAN_DEVIATION_TO_SIGMA: f64 = 1.253_314;

/// How far a value stands from a centre, in units of a spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// The value.
    pub value: f64,
    /// What it was held against.
    pub centre: f64,
    /// The spread, floors included; 0 when all others are equal and no floor applies.
    pub spread: f64,
    /// `(value - centre) / spread`, signed; infinite when the spread is 0 and the value is not the centre.
    pub z: f64,
    /// Values that centre and spread were taken from.
    pub n: usize,
}

impl Deviation {
    /// A value without others stands nowhere.
    pub(super) fn alone(value: f64) -> Self {
        Self::new(value, value, 0.0, 0)
    }

    pub(super) fn new(value: f64, centre: f64, spread: f64, n: usize) -> Self {
        let off = value - centre;
        let z = if off == 0.0 { 0.0 } else { off / spread };
        Self { value, centre, spread, z, n }
    }

    /// Whether the rule of Iglewicz & Hoaglin calls it an outlier.
    pub fn stands_out(&self) -> bool {
        self.z.abs() > MODIFIED_Z_LIMIT
    }
}

impl Sample {
    /// Modified z of each value, ascending, without floors: `0.6745 (x - median) / MAD`; when the MAD is 0
    /// `(x - median) / (1.253314 mean |x - median|)`, and 0 when all are equal. Iglewicz & Hoaglin 1993; the fallback as in
    /// IBM SPSS, "Modified z score".
    pub fn modified_z(&self) -> Vec<f64> {
        let (centre, mad) = (self.median(), self.mad());
        let spread = if mad > 0.0 { mad / MAD_FACTOR } else { MEAN_DEVIATION_TO_SIGMA * self.mean_deviation() };
        self.values().iter().map(|&value| Deviation::new(value, centre, spread, self.len()).z).collect()
    }

    /// Where a value stands against this sample, its own group without it: centre median, spread `1.4826 MAD` raised to the
    /// floors.
    pub fn deviation_of(&self, value: f64, floor: Floor) -> Deviation {
        let centre = self.median();
        Deviation::new(value, centre, floor.raise(MAD_TO_SIGMA * self.mad(), centre), self.len())
    }

    /// The same with the MAD of the value's own side, for skewed counts such as cache misses.
    pub fn skewed_deviation_of(&self, value: f64, floor: Floor) -> Deviation {
        let centre = self.median();
        let (left, right) = self.double_mad();
        let mad = if value < centre { left } else { right };
        Deviation::new(value, centre, floor.raise(MAD_TO_SIGMA * mad, centre), self.len())
    }

    /// Tukey's fences (Exploratory Data Analysis, 1977).
    pub fn fences(&self) -> Fences {
        let (q1, q3) = (self.quantile(0.25), self.quantile(0.75));
        let step = 1.5 * (q3 - q1);
        Fences { inner: (q1 - step, q3 + step), outer: (q1 - 2.0 * step, q3 + 2.0 * step) }
    }
}

/// Tukey's fences, at 1.5 and at 3 times the distance of the quartiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fences {
    /// Lower and upper inner fence.
    pub inner: (f64, f64),
    /// Lower and upper outer fence.
    pub outer: (f64, f64),
}

/// What Tukey's fences say of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fence {
    /// Within the inner fences.
    Inside,
    /// Between the inner and the outer fence.
    Mild,
    /// Beyond the outer fence.
    Severe,
}

impl Fences {
    /// What the fences say of a value; one on a fence is inside.
    pub fn judge(&self, value: f64) -> Fence {
        let within = |(low, high): (f64, f64)| low <= value && value <= high;
        match (within(self.inner), within(self.outer)) {
            (true, _) => Fence::Inside,
            (false, true) => Fence::Mild,
            (false, false) => Fence::Severe,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    fn rounded(values: &[f64], digits: f64) -> Vec<f64> {
        values.iter().map(|value| (value * digits).round() / digits).collect()
    }

    const A: [f64; 7] = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0, 150.0];

    #[test]
    fn every_rule_finds_the_150_among_seven() {
        let a = sample(&A);
        assert_eq!(rounded(&a.modified_z(), 1e4), [-1.0118, -0.6745, -0.3373, 0.0, 0.3373, 0.6745, 15.8508]);
        let fences = a.fences();
        assert_eq!((fences.inner, fences.outer), ((97.0, 109.0), (92.5, 113.5)));
        assert_eq!([97.0, 110.0, 150.0].map(|value| fences.judge(value)), [Fence::Inside, Fence::Mild, Fence::Severe]);
        assert!(a.skewed_deviation_of(150.0, Floor::COUNT).stands_out());
        assert!(!a.skewed_deviation_of(105.0, Floor::COUNT).stands_out());
    }

    #[test]
    fn a_deterministic_counter_falls_back_to_the_mean_deviation() {
        let values = sample(&[1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1_000_001.0, 1_000_900.0]);
        assert_eq!(values.mean_deviation(), 112.625);
        assert_eq!(rounded(&values.modified_z(), 1e5)[6..], [0.00708, 6.37599]);
        assert_eq!(sample(&[5.0; 4]).modified_z(), [0.0; 4]);
    }

    #[test]
    fn floors_forgive_one_instruction_and_no_more_than_their_share() {
        let others = sample(&[1e6; 9]);
        let z = |value| others.deviation_of(value, Floor::COUNT);
        assert_eq!((z(1_000_001.0).z, z(1_000_001.0).spread, z(1_000_900.0).stands_out()), (0.002, 500.0, false));
        assert!(z(1_002_000.0).stands_out() && z(998_000.0).z < 0.0);
        let zeros = sample(&[0.0; 5]);
        assert_eq!(zeros.deviation_of(2.0, Floor::COUNT).z, 2.0);
        assert_eq!(zeros.deviation_of(2.0, Floor::MEASURE).z, f64::INFINITY);
        assert_eq!(zeros.deviation_of(0.0, Floor::MEASURE).z, 0.0);
    }

    proptest! {
        #[test]
        fn a_deviation_grows_with_the_distance(values in prop::collection::vec(0.0..1e9_f64, 1..20), at in 0.0..1e9_f64, step in 0.0..1e9_f64) {
            let others = sample(&values);
            let (centre, far) = (others.median() + at, others.median() + at + step);
            prop_assert!(others.deviation_of(centre, Floor::COUNT).z <= others.deviation_of(far, Floor::COUNT).z);
            prop_assert!(others.skewed_deviation_of(centre, Floor::COUNT).z <= others.skewed_deviation_of(far, Floor::COUNT).z);
        }
    }
}
