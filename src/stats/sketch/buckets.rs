//! Values counted by their leading bits.

use std::collections::BTreeMap;

use crate::stats::moments::{Moments, Summary};

/// Bits of the mantissa that a bucket drops: 42 leave 10, buckets no wider than 2^-10 of their value.
const DROPPED: u32 = 42;

/// How many values each bucket holds; and what buckets would round, exactly: sums, the least and the greatest value.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    counts: BTreeMap<i64, u64>,
    moments: Moments,
    ends: (f64, f64),
}

impl Buckets {
    pub(super) fn new() -> Self {
        Self { counts: BTreeMap::new(), moments: Moments::default(), ends: (f64::INFINITY, f64::NEG_INFINITY) }
    }

    /// Adds a value that a [`Sample`](crate::stats::Sample) would hold.
    pub(super) fn add(&mut self, value: f64) {
        *self.counts.entry(bucket(value)).or_default() += 1;
        self.moments.add(value);
        // Negative zero is zero, as in a sample.
        let value = value + 0.0;
        self.ends = (self.ends.0.min(value), self.ends.1.max(value));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            *self.counts.entry(*bucket).or_default() += count;
        }
        self.moments.merge(&other.moments);
        self.ends = (self.ends.0.min(other.ends.0), self.ends.1.max(other.ends.1));
    }

    pub(super) fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    pub(super) fn summary(&self) -> Option<Summary> {
        self.moments.summary()
    }

    /// Quantile of type 7; the ends are exact.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the count"
    )]
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.count().checked_sub(1)?;
        let h = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) } * last as f64;
        let (low, high) = (self.ordered(h as u64, last)?, self.ordered((h as u64 + 1).min(last), last)?);
        Some(low + (high - low) * h.fract())
    }

    /// The value at a position from 0: the middle of its bucket, but never beyond the ends.
    fn ordered(&self, position: u64, last: u64) -> Option<f64> {
        if position == 0 || position == last {
            return Some(if position == 0 { self.ends.0 } else { self.ends.1 });
        }
        let mut seen = 0;
        let holds = |(_, count): &(&i64, &u64)| {
            seen += **count;
            seen > position
        };
        self.counts.iter().find(holds).map(|(bucket, _)| centre(*bucket).clamp(self.ends.0, self.ends.1))
    }
}

/// The middle of the bucket of a value.
pub(super) fn rounded(value: f64) -> f64 {
    centre(bucket(value))
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
