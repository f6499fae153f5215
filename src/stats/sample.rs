//! Numbers that the rest of the module may rely on: at least one, finite, sorted.

/// Why numbers are no [`Sample`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SampleError {
    /// There is no number.
    #[error("no values")]
    Empty,
    /// A number is NaN, infinite or so large that its square is not finite.
    #[error("value {position} ({value}) is not a finite number of at most {limit:e}", limit = Sample::LIMIT)]
    Refused {
        /// Its place among the numbers given, from 1.
        position: usize,
        /// The number.
        value: f64,
    },
}

/// One or more finite numbers in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Greatest magnitude of a value. No counter or metric comes near, and squares and sums of squares stay finite.
    pub const LIMIT: f64 = 1e150;

    /// Sorts the values; refuses an empty list and values beyond [`Sample::LIMIT`].
    pub fn new(mut values: Vec<f64>) -> Result<Self, SampleError> {
        if values.is_empty() {
            return Err(SampleError::Empty);
        }
        let refused = |value: &f64| value.is_nan() || value.abs() > Self::LIMIT;
        if let Some(at) = values.iter().position(refused) {
            return Err(SampleError::Refused { position: at + 1, value: values[at] });
        }
        // Negative zero is zero: which of two equal values comes first must not depend on the order they came in.
        for value in &mut values {
            *value += 0.0;
        }
        values.sort_unstable_by(f64::total_cmp);
        Ok(Self(values))
    }

    /// A sample made of values derived from a sample; they are finite and within twice the limit.
    pub(super) fn derived(mut values: Vec<f64>) -> Self {
        debug_assert!(!values.is_empty() && values.iter().all(|value| value.is_finite()), "derived from a sample");
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    /// The values, ascending.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// How many there are; at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a sample is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many there are, for arithmetic.
    pub(super) fn n(&self) -> f64 {
        float(self.len())
    }

    /// The least value.
    pub fn min(&self) -> f64 {
        self.0[0]
    }

    /// The greatest value.
    pub fn max(&self) -> f64 {
        self.0[self.len() - 1]
    }

    /// Quantile of type 7, `h = (n - 1) p`, linear between order statistics (Hyndman & Fan, The American Statistician 50,
    /// 1996; the default of R and numpy). A share outside [0, 1] is taken for the nearer end, NaN for 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and the last position")]
    pub fn quantile(&self, share: f64) -> f64 {
        let share = if share.is_nan() { 0.0 } else { share };
        let h = share.clamp(0.0, 1.0) * float(self.len() - 1);
        let below = h as usize;
        let above = (below + 1).min(self.len() - 1);
        let (low, high, part) = (self.0[below], self.0[above], h.fract());
        // From the nearer end, as numpy does: a share of 1 then gives the upper value to the digit.
        if part < 0.5 { low + (high - low) * part } else { high - (high - low) * (1.0 - part) }
    }

    /// The middle value, or the mean of the two middle ones.
    pub fn median(&self) -> f64 {
        let (low, high) = (self.0[(self.len() - 1) / 2], self.0[self.len() / 2]);
        low + (high - low) / 2.0
    }

    /// The sample of `|value - centre|`.
    pub(super) fn distances(&self, centre: f64) -> Self {
        Self::derived(self.0.iter().map(|value| (value - centre).abs()).collect())
    }
}

/// A number of things as a float: exact below 2^53, which no list in memory reaches.
#[expect(clippy::cast_precision_loss, reason = "no list in memory has 2^53 elements")]
pub(super) fn float(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_function_could_use_is_refused_with_its_place() {
        assert_eq!(Sample::new(vec![]), Err(SampleError::Empty));
        for bad in [f64::INFINITY, f64::NEG_INFINITY, 1e151] {
            assert_eq!(Sample::new(vec![1.0, bad]), Err(SampleError::Refused { position: 2, value: bad }));
        }
        let error = Sample::new(vec![f64::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "value 1 (NaN) is not a finite number of at most 1e150");
    }

    #[test]
    fn quartiles_of_one_to_eight_are_those_of_type_7() {
        let sample = Sample::new(vec![8.0, 3.0, 1.0, 2.0, 7.0, 6.0, 5.0, 4.0]).unwrap();
        let quartiles = [0.0, 0.25, 0.5, 0.75, 1.0, 7.0, f64::NAN].map(|share| sample.quantile(share));
        assert_eq!(quartiles, [1.0, 2.75, 4.5, 6.25, 8.0, 8.0, 1.0]);
    }

    #[test]
    fn the_median_lies_within_even_at_the_ends_of_the_range() {
        assert_eq!(Sample::new(vec![1.0, 2.0, 3.0, 4.0]).unwrap().median(), 2.5);
        assert_eq!(Sample::new(vec![5.0, 4.0, 1.0, 2.0, 3.0]).unwrap().median(), 3.0);
        assert_eq!(Sample::new(vec![-Sample::LIMIT, Sample::LIMIT]).unwrap().median(), 0.0);
        assert_eq!(Sample::new(vec![-0.0]).unwrap().median().to_bits(), 0.0_f64.to_bits());
    }
}
