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
/// identical digits. `None` where a value is below 0, and where so many of the first side are 0 that the interval has no end.
pub fn ratio_interval(first: &Sample, second: &Sample) -> Option<(f64, f64)> {
    if first.median() <= 0.0 || first.min() < 0.0 || second.min() < 0.0 {
        return None;
    }
    let mut draws = Resampler::seeded(first, second);
    let resamples = (DRAWS / (first.len() + second.len())).clamp(FEWEST, RESAMPLES);
    let ratios = Sample::derived((0..resamples).map(|_| over(draws.median(second), draws.median(first))).collect());
    let (low, high) = (ratios.quantile(0.025), ratios.quantile(0.975));
    (high <= Sample::LIMIT).then_some((low, high))
}

/// A ratio; one to 0 is beyond all bounds, whatever it is of.
fn over(second: f64, first: f64) -> f64 {
    if first > 0.0 { (second / first).min(f64::MAX) } else { f64::MAX }
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

    /// Five of ten draws are the zero once in 612 resamples (binomial, 0.1): far outside of the interval.
    #[test]
    fn one_zero_of_ten_leaves_the_interval_its_ends() {
        let first: Vec<f64> = [0.0].into_iter().chain((1..10).map(|i| 1_000_000.0 + f64::from(i))).collect();
        let second: Vec<f64> = (20..30).map(|i| 1_000_000.0 + f64::from(i)).collect();
        let (first, second) = (sample(&first), sample(&second));
        let (low, high) = ratio_interval(&first, &second).unwrap();
        // The ratios of the nearest and of the farthest neighbours.
        assert!((1_000_020.0 / 1_000_009.0..1.000_02).contains(&low) && (1.000_02..1_000_029.0 / 1_000_001.0).contains(&high));
        let turned = ratio_interval(&second, &first).unwrap();
        assert!((turned.0 - 1.0 / high).abs() < 1e-5 && (turned.1 - 1.0 / low).abs() < 1e-5, "{turned:?}");
    }
}
