//! What any number of values looks like, in bounded memory: exact up to a limit, beyond it quantiles within 0.05 %.

mod buckets;

use buckets::Buckets;

use super::moments::{Moments, Summary};
use super::sample::Sample;

/// Values that are kept as they are: 512 KiB.
pub const EXACT: usize = 65_536;

/// Width of a bucket beside its values: two values that are as near may be in one, and a value is as near as half of it to the middle.
pub const WIDTH: f64 = 1.0 / 1_024.0;

/// The middle of the bucket that a value beyond the limit would be counted in: what values that are kept as they are can be compared by
/// with those that are not.
pub fn rounded(value: f64) -> f64 {
    buckets::rounded(value).clamp(-Sample::LIMIT, Sample::LIMIT)
}

/// Values that need no memory of their own. Where groups are many, most have no more.
const FEW: usize = 3;

/// Values seen so far. Above `LIMIT` they are counted in buckets of a relative width of 2^-10, whose middle is within 2^-11 = 0.049 % of
/// each of its values - less than the floor under which a deviation does not count ([`Floor::COUNT`](super::outlier::Floor::COUNT)).
/// Idea: `HdrHistogram`, and `DDSketch` (Masson, Rim & Lee, VLDB 2019). Number, sums, least and greatest value stay exact. What is found
/// depends on which values were added, not on their order or on how they were divided between sketches that were merged.
///
/// Memory: 32 bytes for up to three values, 8 to 16 bytes for each value up to the limit, then 1024 buckets for each power of two that
/// occurs: 1 MiB for all counts up to 2^63 in practice.
#[derive(Debug, Clone)]
pub struct Sketch<const LIMIT: usize = EXACT>(State);

#[derive(Debug, Clone)]
enum State {
    Few { n: u8, values: [f64; FEW] },
    Many(Vec<f64>),
    Counted(Box<Buckets>),
}

impl<const LIMIT: usize> Default for Sketch<LIMIT> {
    fn default() -> Self {
        Self(State::Few { n: 0, values: [0.0; FEW] })
    }
}

impl<const LIMIT: usize> Sketch<LIMIT> {
    /// Adds a value; `false`, and nothing added, when it is NaN or beyond [`Sample::LIMIT`].
    pub fn add(&mut self, value: f64) -> bool {
        let accepted = value.abs() <= Sample::LIMIT;
        if accepted {
            self.keep(value);
        }
        accepted
    }

    /// Adds what another sketch has seen.
    pub fn merge(&mut self, other: &Self) {
        match &other.0 {
            State::Few { n, values } => values[..usize::from(*n)].iter().for_each(|value| self.keep(*value)),
            State::Many(values) => values.iter().for_each(|value| self.keep(*value)),
            State::Counted(buckets) => self.count_all().merge(buckets),
        }
    }

    fn keep(&mut self, value: f64) {
        match &mut self.0 {
            State::Few { n, values } if usize::from(*n) < FEW => {
                values[usize::from(*n)] = value;
                *n += 1;
            }
            State::Few { values, .. } => {
                let mut many = values.to_vec();
                many.push(value);
                self.0 = State::Many(many);
            }
            State::Many(values) => values.push(value),
            State::Counted(buckets) => buckets.add(value),
        }
        if self.values().is_some_and(|values| values.len() > LIMIT) {
            self.count_all();
        }
    }

    /// Moves the values into buckets, and all later ones with them.
    fn count_all(&mut self) -> &mut Buckets {
        if let Some(values) = self.values() {
            let mut buckets = Box::new(Buckets::new());
            for value in values {
                buckets.add(*value);
            }
            self.0 = State::Counted(buckets);
        }
        match &mut self.0 {
            State::Counted(buckets) => buckets,
            State::Few { .. } | State::Many(_) => unreachable!("the values were moved"),
        }
    }

    /// All values in the order they came, if there were no more than the limit.
    fn values(&self) -> Option<&[f64]> {
        match &self.0 {
            State::Few { n, values } => Some(&values[..usize::from(*n)]),
            State::Many(values) => Some(values),
            State::Counted(_) => None,
        }
    }

    /// How many values were added.
    pub fn count(&self) -> u64 {
        match &self.0 {
            State::Few { n, .. } => u64::from(*n),
            State::Many(values) => values.len() as u64,
            State::Counted(buckets) => buckets.count(),
        }
    }

    /// All values, if there were no more than the limit; every statistic is exact then.
    pub fn sample(&self) -> Option<Sample> {
        Sample::new(self.values()?.to_vec()).ok()
    }

    /// Number, mean and sum of squared deviations, of all values; `None` without values.
    pub fn summary(&self) -> Option<Summary> {
        match &self.0 {
            State::Counted(buckets) => buckets.summary(),
            // Where groups are many, most are this one.
            State::Few { n: 1, values } => Some(Summary::of_one(values[0])),
            State::Few { .. } | State::Many(_) => {
                let mut moments = Moments::default();
                self.values()?.iter().for_each(|value| _ = moments.add(*value));
                moments.summary()
            }
        }
    }

    /// The values in order, which is made once for all quantiles.
    pub fn ordered(&self) -> Ordered<'_> {
        let buckets = match &self.0 {
            State::Counted(buckets) => Some(buckets.as_ref()),
            State::Few { .. } | State::Many(_) => None,
        };
        Ordered { sample: self.sample(), buckets }
    }
}

/// The values of a sketch in order.
#[derive(Debug)]
pub struct Ordered<'s> {
    sample: Option<Sample>,
    /// Of more values than the limit.
    buckets: Option<&'s Buckets>,
}

impl Ordered<'_> {
    /// All values, if there were no more than the limit.
    pub fn sample(&self) -> Option<&Sample> {
        self.sample.as_ref()
    }

    /// Quantile of type 7: exact up to the limit, else between order statistics that are each within 0.05 %, the least and the greatest
    /// value exact. `None` without values.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let exact = self.sample.as_ref().map(|sample| sample.quantile(share));
        exact.or_else(|| self.buckets?.quantile(share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sketch<const LIMIT: usize>(values: &[f64]) -> Sketch<LIMIT> {
        let mut sketch = Sketch::default();
        assert!(values.iter().all(|&value| sketch.add(value)));
        sketch
    }

    #[test]
    fn up_to_the_limit_everything_is_exact() {
        let values: Vec<f64> = (1..=8).map(f64::from).collect();
        let found = sketch::<8>(&values);
        assert_eq!((found.ordered().quantile(0.25), found.sample().unwrap().mad()), (Some(2.75), 2.0));
        assert_eq!((found.count(), found.summary().unwrap().mean), (8, 4.5));
        let nothing = Sketch::<EXACT>::default();
        assert_eq!((nothing.ordered().quantile(0.5), nothing.count(), nothing.summary()), (None, 0, None));
        assert!(![f64::NAN, f64::INFINITY].into_iter().any(|bad| Sketch::<EXACT>::default().add(bad)));
        assert_eq!(sketch::<2>(&values).sample(), None);
    }

    #[test]
    fn zeros_and_signs_keep_their_places() {
        let found = sketch::<0>(&[-3.0, 0.0, -0.0, 3.0]);
        assert_eq!([0.0, 0.5, 1.0].map(|share| found.ordered().quantile(share).unwrap()), [-3.0, 0.0, 3.0]);
        assert_eq!(found.count(), 4);
    }

    /// Where hardly two runs count the same events there are nearly as many groups as numbers, each with a sketch.
    #[test]
    fn a_sketch_of_few_values_is_32_bytes() {
        assert_eq!(size_of::<Sketch>(), 32);
    }

    /// 200,001 values from 1e6 to 1.2e6, and the same from -1.2e6 to -1e6; the quantiles of even steps are known by counting.
    #[test]
    fn beyond_65536_values_quantiles_are_within_a_2048th_and_sums_and_ends_are_exact() {
        let mut found = Sketch::<EXACT>::default();
        for step in 0..=200_000 {
            // Every position once, in no order: 7919 is a prime that does not divide 200,001.
            let value = 1e6 + f64::from((step * 7_919) % 200_001);
            assert!(found.add(value) && found.add(-value));
        }
        assert_eq!((found.count(), found.sample()), (400_002, None));
        let sums = found.summary().unwrap();
        assert_eq!(sums.mean, 0.0);
        // Sum of squares of 2 * (1e6 + i), i = 0 to 200,000, by the formulas for the sums of i and i^2.
        assert_eq!(sums.m2, 2.0 * (200_001.0 * 1e12 + 2e6 * 20_000_100_000.0 + 2_666_686_666_700_000.0));
        let ordered = found.ordered();
        assert_eq!((ordered.quantile(0.0), ordered.quantile(1.0)), (Some(-1.2e6), Some(1.2e6)));
        for percent in 1..50 {
            // The lower half is -1.2e6, -1.2e6 + 1, ...; h = (n - 1) p.
            let exact = -1.2e6 + 400_001.0 * f64::from(percent) / 100.0;
            let approximate = ordered.quantile(f64::from(percent) / 100.0).unwrap();
            assert!((approximate - exact).abs() <= exact.abs() / 2048.0, "p{percent}: {approximate}, exact {exact}");
        }
    }

    proptest! {
        #[test]
        fn beyond_the_limit_quantiles_are_within_their_bound_and_order_does_not_show(
            values in prop::collection::vec(prop_oneof![1.0..1e12_f64, -1e6..-1.0_f64], 2..60),
            cut in 0_usize..60,
            share in 0.0..=1.0_f64,
        ) {
            let whole = sketch::<1>(&values);
            let cut = cut.min(values.len());
            let mut merged = sketch::<1>(&values[cut..]);
            merged.merge(&sketch::<1>(&values[..cut]));
            let exact = Sample::new(values).unwrap();
            let at = (share * (exact.n() - 1.0)).floor() / (exact.n() - 1.0);
            prop_assert_eq!((merged.count(), merged.summary()), (whole.count(), whole.summary()));
            let (merged, whole) = (merged.ordered(), whole.ordered());
            prop_assert_eq!([0.0, at, share, 1.0].map(|p| merged.quantile(p)), [0.0, at, share, 1.0].map(|p| whole.quantile(p)));
            let (found, right) = (whole.quantile(at).unwrap(), exact.quantile(at));
            // The position may round to just beside a value; its neighbours bound it then.
            let near = exact.values().iter().any(|value| (found - value).abs() <= value.abs() / 2048.0);
            prop_assert!(near || (found - right).abs() <= 0.0005 * exact.max().abs().max(exact.min().abs()), "{} {}", found, right);
        }
    }
}
