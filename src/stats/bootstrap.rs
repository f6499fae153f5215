//! An interval for the ratio of two medians, by resampling.

use super::draws::Draws;
use super::sample::Sample;

/// Resamples of sides that are not large.
const RESAMPLES: usize = 10_000;
/// Large sides get fewer, so that a comparison draws about this many values ...
const DRAWS: usize = 20_000_000;
/// ... but never fewer than this.
const FEWEST: usize = 1_000;

/// 95 % percentile interval of `median(second) / median(first)` (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section
/// 13.3), 10 000 resamples. The generator is seeded by the values themselves: a re-run, another store and another order give
/// identical digits. `None` unless all of the first side is above 0 and none of the second below.
pub fn ratio_interval(first: &Sample, second: &Sample) -> Option<(f64, f64)> {
    let positive = first.min() > 0.0 && second.min() >= 0.0;
    let mut draws = Resampler::seeded(first, second);
    let resamples = (DRAWS / (first.len() + second.len())).clamp(FEWEST, RESAMPLES);
    let ratios = || (0..resamples).map(|_| draws.median(second) / draws.median(first)).collect();
    let ratios = positive.then(ratios).and_then(|ratios| Sample::new(ratios).ok())?;
    Some((ratios.quantile(0.025), ratios.quantile(0.975)))
}

/// Draws with replacement, seeded by the values that are drawn from.
struct Resampler {
    draws: Draws,
    /// Positions drawn, kept between resamples.
    drawn: Vec<usize>,
}

impl Resampler {
    fn seeded(first: &Sample, second: &Sample) -> Self {
        let mut draws = Draws::from_seed(first.len() as u64);
        first.values().iter().chain(second.values()).for_each(|value| draws.stir(value.to_bits()));
        Self { draws, drawn: Vec::new() }
    }

    /// Median of as many draws with replacement as the sample has values.
    fn median(&mut self, sample: &Sample) -> f64 {
        let n = sample.len();
        self.drawn.clear();
        for _ in 0..n {
            let at = self.draws.below(n);
            self.drawn.push(at);
        }
        // Positions of a sorted list are ordered as its values.
        let (below, &mut upper, _) = self.drawn.select_nth_unstable(n / 2);
        let lower = if n % 2 == 1 { upper } else { below.iter().copied().max().unwrap_or(upper) };
        let (low, high) = (sample.values()[lower], sample.values()[upper]);
        low + (high - low) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    #[test]
    fn the_interval_covers_the_ratio_and_forgets_the_order() {
        let (p, q) = ([10.1, 10.2, 10.3, 10.4, 10.5, 10.6], [10.5, 10.7, 10.8, 10.9, 11.0, 11.2]);
        let found = ratio_interval(&sample(&p), &sample(&q)).unwrap();
        assert!(found.0 < 1.048_309 && found.1 > 1.048_309, "{found:?}");
        // The ratio of the extremes: 10.5 / 10.6 and 11.2 / 10.1.
        assert!(found.0 > 0.9905 && found.1 < 1.109, "{found:?}");
        let turned: Vec<f64> = p.iter().rev().copied().collect();
        assert_eq!(ratio_interval(&sample(&turned), &sample(&q)), Some(found));
    }

    #[test]
    fn sides_that_are_not_positive_have_no_ratio() {
        let (one, zero, minus) = (sample(&[1.0]), sample(&[0.0, 1.0]), sample(&[-1.0, 1.0]));
        assert_eq!(ratio_interval(&one, &one), Some((1.0, 1.0)));
        assert_eq!((ratio_interval(&zero, &one), ratio_interval(&one, &minus)), (None, None));
        assert!(ratio_interval(&one, &zero).is_some());
    }
}
