//! Numbers without a pattern that are the same in every run.

/// The generator `SplitMix64` (Steele, Lea & Flood, OOPSLA 2014): own code, for a library may change its numbers with a version.
#[derive(Debug, Clone)]
pub struct Draws {
    state: u64,
}

impl Draws {
    /// Draws from a seed.
    pub fn from_seed(state: u64) -> Self {
        Self { state }
    }

    /// Makes the draws that follow depend on a number too.
    pub(super) fn stir(&mut self, with: u64) {
        self.state = self.bits() ^ with;
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number between 0 and 1, both excluded.
    #[expect(clippy::cast_precision_loss, reason = "53 bits")]
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A position below `n`. The high half of a product (Lemire 2019) without its rejection: with 64 bits the bias is below
    /// `n / 2^64`, far below what 10 000 resamples can show.
    #[expect(clippy::cast_possible_truncation, reason = "below n, which is a usize")]
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First outputs of the generator for the seed 1234567, as published with the Java and C implementations.
    #[test]
    fn the_generator_is_splitmix() {
        let mut draws = Draws::from_seed(1_234_567);
        assert_eq!([draws.bits(), draws.bits()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn parts_of_one_stay_within_and_positions_below() {
        let mut draws = Draws::from_seed(1);
        assert!((0..1000).all(|_| (1e-17..1.0).contains(&draws.unit()) && draws.below(3) < 3));
    }
}
