//! Sums without rounding until they are read.

/// A sum of floats that is exact until it is read, so that neither the order of the values nor the way they were divided
/// between threads shows in the result.
///
/// Shewchuk, "Adaptive precision floating-point arithmetic", Discrete & Computational Geometry 18, 1997, section 2.4; the
/// algorithm behind Python's `math.fsum`. Memory grows with the spread of exponents, never with the number of values.
/// Values whose sum is beyond the range of a float are outside its contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExactSum {
    /// Parts that do not overlap, ascending in magnitude.
    parts: Vec<f64>,
}

impl ExactSum {
    /// The sum of values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = Self::default();
        values.into_iter().for_each(|value| sum.add(value));
        sum
    }

    /// Adds a value.
    pub fn add(&mut self, mut value: f64) {
        let mut kept = 0;
        for at in 0..self.parts.len() {
            let (high, low) = two_sum(value, self.parts[at]);
            if low != 0.0 {
                self.parts[kept] = low;
                kept += 1;
            }
            value = high;
        }
        self.parts.truncate(kept);
        self.parts.push(value);
    }

    /// Adds a product, exactly.
    pub fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product);
        self.add(a.mul_add(b, -product));
    }

    /// A product, exactly.
    pub fn of_product(a: f64, b: f64) -> Self {
        let mut sum = Self::default();
        sum.add_product(a, b);
        sum
    }

    /// Adds `factor` times another sum, exactly.
    pub fn add_scaled(&mut self, factor: f64, other: &Self) {
        other.parts.iter().for_each(|&part| self.add_product(factor, part));
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        other.parts.iter().for_each(|&part| self.add(part));
    }

    /// The sum, rounded once.
    pub fn value(&self) -> f64 {
        let mut parts = self.parts.iter().rev();
        let mut high = parts.next().copied().unwrap_or(0.0);
        while let Some(&part) = parts.next() {
            let (sum, low) = two_sum(high, part);
            high = sum;
            if low != 0.0 {
                return half_way(high, low, parts.next().copied().unwrap_or(0.0));
            }
        }
        high
    }
}

/// `high + low`, where `low` may be exactly half a unit of the last place and `below` decides which way it rounds.
#[expect(clippy::float_cmp, reason = "the doubled part is reached exactly or not at all")]
fn half_way(high: f64, low: f64, below: f64) -> f64 {
    let doubled = low * 2.0;
    let next = high + doubled;
    if low * below > 0.0 && next - high == doubled { next } else { high }
}

/// Sum and rounding error of it (Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let rest = sum - a;
    (sum, (a - (sum - rest)) + (b - rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_lost_between_large_values() {
        assert_eq!(ExactSum::of([1e100, 1.0, -1e100, 1e-100]).value(), 1.0);
        assert_eq!(ExactSum::of([1e100, 1.0, -1e100, 1e-100, -1.0]).value(), 1e-100);
        assert_eq!(ExactSum::default().value(), 0.0);
        // A tie of rounding that only the least part decides (Python: math.fsum([1e16, 1.0, 1e-16]) = 1.0000000000000002e16).
        assert_eq!(ExactSum::of([1e16, 1.0, 1e-16]).value(), 10_000_000_000_000_002.0);
    }

    proptest! {
        #[test]
        fn the_order_and_the_division_of_values_do_not_show(values in prop::collection::vec(-1e20..1e20_f64, 0..40), cut in 0_usize..40) {
            let forward = ExactSum::of(values.iter().copied()).value();
            let backward = ExactSum::of(values.iter().rev().copied()).value();
            let cut = cut.min(values.len());
            let mut merged = ExactSum::of(values[cut..].iter().copied());
            merged.merge(&ExactSum::of(values[..cut].iter().copied()));
            prop_assert_eq!(forward.to_bits(), backward.to_bits());
            prop_assert_eq!(forward.to_bits(), merged.value().to_bits());
        }
    }
}
