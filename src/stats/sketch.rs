//! Quantiles of any number of values in bounded memory: exact up to a limit, beyond it within 0.05 %.

use std::collections::BTreeMap;

use super::sample::Sample;

/// Values that are kept as they are: 512 KiB.
pub const EXACT: usize = 65_536;
/// Bits of the mantissa that a bucket drops: 42 leave 10, buckets no wider than 2^-10 of their value.
const DROPPED: u32 = 42;

/// Values seen so far. Above [`EXACT`] they are counted in buckets of a relative width of 2^-10, whose middle is within 2^-11 =
/// 0.049 % of each of its values - less than the floor under which a deviation does not count
/// ([`Floor::COUNT`](super::outlier::Floor::COUNT)). Idea: `HdrHistogram`, and `DDSketch` (Masson, Rim & Lee, VLDB 2019). The state
/// depends on which values were added, not on their order or on how they were divided between sketches that were merged. Memory: 1024
/// buckets for each power of two that occurs, 1 MiB for all counts up to 2^63 in practice.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch {
    limit: usize,
    exact: Vec<f64>,
    buckets: BTreeMap<i64, u64>,
}

impl Default for Sketch {
    fn default() -> Self {
        Self::with_limit(EXACT)
    }
}

impl Sketch {
    /// A sketch that keeps up to `limit` values as they are. Only sketches of one limit should be merged.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit, exact: Vec::new(), buckets: BTreeMap::new() }
    }

    /// Adds a value; `false`, and nothing added, when it is NaN or beyond [`Sample::LIMIT`].
    pub fn add(&mut self, value: f64) -> bool {
        let accepted = value.abs() <= Sample::LIMIT;
        if accepted {
            self.exact.push(value);
            self.settle();
        }
        accepted
    }

    /// Adds what another sketch has seen.
    pub fn merge(&mut self, other: &Self) {
        self.exact.extend_from_slice(&other.exact);
        for (bucket, count) in &other.buckets {
            *self.buckets.entry(*bucket).or_default() += count;
        }
        self.settle();
    }

    /// Moves the values into buckets once there are too many, and all later ones with them.
    fn settle(&mut self) {
        if self.exact.len() > self.limit || !self.buckets.is_empty() {
            for value in self.exact.drain(..) {
                *self.buckets.entry(bucket(value)).or_default() += 1;
            }
        }
    }

    /// How many values were added.
    pub fn count(&self) -> u64 {
        self.exact.len() as u64 + self.buckets.values().sum::<u64>()
    }

    /// All values, if there were no more than the limit; every statistic is exact then.
    pub fn sample(&self) -> Option<Sample> {
        Some(self.exact.clone()).filter(|_| self.buckets.is_empty()).and_then(|values| Sample::new(values).ok())
    }

    /// Quantile of type 7: exact up to the limit, else between order statistics that are each within 0.05 %. `None` without values.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the count"
    )]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        if let Some(sample) = self.sample() {
            return Some(sample.quantile(share));
        }
        let last = self.count().checked_sub(1)?;
        let h = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) } * last as f64;
        let (low, high) = (self.ordered(h as u64)?, self.ordered((h as u64 + 1).min(last))?);
        Some(low + (high - low) * h.fract())
    }

    /// Middle of the bucket that holds the value at a position, from 0.
    fn ordered(&self, position: u64) -> Option<f64> {
        let mut seen = 0;
        let holds = |(_, count): &(&i64, &u64)| {
            seen += **count;
            seen > position
        };
        self.buckets.iter().find(holds).map(|(bucket, _)| centre(*bucket))
    }
}

/// The number of the bucket of a value: its leading bits, with its sign.
fn bucket(value: f64) -> i64 {
    let magnitude = (value.abs().to_bits() >> DROPPED).cast_signed();
    if value < 0.0 { -magnitude - 1 } else { magnitude }
}

/// The middle of a bucket; that of the bucket of zero, which holds subnormal numbers too, is zero.
fn centre(bucket: i64) -> f64 {
    let magnitude = if bucket < 0 { -(bucket + 1) } else { bucket }.cast_unsigned();
    let middle = f64::from_bits((magnitude << DROPPED) | (1 << (DROPPED - 1)));
    let middle = if magnitude == 0 { 0.0 } else { middle };
    if bucket < 0 { -middle } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sketch(limit: usize, values: &[f64]) -> Sketch {
        let mut sketch = Sketch::with_limit(limit);
        assert!(values.iter().all(|&value| sketch.add(value)));
        sketch
    }

    #[test]
    fn up_to_the_limit_everything_is_exact() {
        let values: Vec<f64> = (1..=8).map(f64::from).collect();
        let found = sketch(8, &values);
        assert_eq!((found.quantile(0.25), found.sample().unwrap().mad()), (Some(2.75), 2.0));
        assert_eq!((Sketch::default().quantile(0.5), Sketch::default().count()), (None, 0));
        assert!(![f64::NAN, f64::INFINITY].into_iter().any(|bad| Sketch::default().add(bad)));
        assert_eq!(sketch(2, &values).sample(), None);
    }

    #[test]
    fn zeros_and_signs_keep_their_places() {
        let found = sketch(0, &[-3.0, 0.0, 0.0, 3.0]);
        let ends = [0.0, 1.0].map(|share| found.quantile(share).unwrap());
        assert_eq!((found.quantile(0.5), found.count()), (Some(0.0), 4));
        assert!((ends[0] + 3.0).abs() < 0.0015 && (ends[1] - 3.0).abs() < 0.0015, "{ends:?}");
    }

    proptest! {
        #[test]
        fn beyond_the_limit_quantiles_are_within_their_bound_and_order_does_not_show(
            values in prop::collection::vec(prop_oneof![1.0..1e12_f64, -1e6..-1.0_f64], 2..60),
            cut in 0_usize..60,
            share in 0.0..=1.0_f64,
        ) {
            let whole = sketch(1, &values);
            let cut = cut.min(values.len());
            let mut merged = sketch(1, &values[cut..]);
            merged.merge(&sketch(1, &values[..cut]));
            prop_assert_eq!(&merged, &whole);
            let exact = Sample::new(values).unwrap();
            let at = (share * (exact.n() - 1.0)).floor() / (exact.n() - 1.0);
            let (found, right) = (whole.quantile(at).unwrap(), exact.quantile(at));
            // The position may round to just beside a value; its neighbours bound it then.
            let near = exact.values().iter().any(|value| (found - value).abs() <= value.abs() / 2048.0);
            prop_assert!(near || (found - right).abs() <= 0.0005 * exact.max().abs().max(exact.min().abs()), "{} {}", found, right);
        }
    }
}
