//! The shape of a group, for a table or one line of text.

use super::sample::{Sample, float};

/// Values counted in bins of equal width.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Lower end of the first bin.
    pub low: f64,
    /// Upper end of the last; a value on an inner border belongs to the upper bin.
    pub high: f64,
    /// Values of each bin; at least one bin.
    pub counts: Vec<usize>,
}

impl Histogram {
    /// Counts values in `bins` of equal width from the least to the greatest value; one bin when all are equal.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within the bins")]
    pub fn new(sample: &Sample, bins: usize) -> Self {
        let (low, high) = (sample.min(), sample.max());
        let bins = if high > low { bins.max(1) } else { 1 };
        let width = (high - low) / float(bins);
        let mut counts = vec![0; bins];
        for value in sample.values() {
            // Equal values divide 0 by 0, which is bin 0; a width that is 0 in floats makes infinity, which is the last.
            counts[(((value - low) / width) as usize).min(bins - 1)] += 1;
        }
        Self { low, high, counts }
    }

    /// Where bins begin, and where the last ends: one more than there are bins.
    pub fn edges(&self) -> Vec<f64> {
        let width = (self.high - self.low) / float(self.counts.len());
        let inner = (0..self.counts.len()).map(|bin| self.low + width * float(bin));
        inner.chain([self.high]).collect()
    }

    /// One character a bin, its height in eighths of the fullest, rounded up; a space for an empty bin.
    pub fn sparkline(&self) -> String {
        const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        let most = self.counts.iter().copied().max().unwrap_or(0);
        self.counts.iter().map(|&count| if count == 0 { ' ' } else { BARS[(count * 8).div_ceil(most) - 1] }).collect()
    }
}

/// Bins that suit a sample, at most `most`: width `2 IQR / n^(1/3)` (Freedman & Diaconis, Zeitschrift für Wahrscheinlichkeitstheorie 57,
/// 1981), `1 + log2 n` of them (Sturges, Journal of the American Statistical Association 21, 1926) when the quartiles are equal.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within 1 and the most")]
pub fn suitable_bins(sample: &Sample, most: usize) -> usize {
    let width = 2.0 * (sample.quantile(0.75) - sample.quantile(0.25)) / sample.n().cbrt();
    let bins = if width > 0.0 { (sample.max() - sample.min()) / width } else { 1.0 + sample.n().log2() };
    (bins.ceil() as usize).clamp(1, most.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    #[test]
    fn values_on_a_border_belong_to_the_upper_bin_and_the_greatest_to_the_last() {
        let found = Histogram::new(&sample(&[0.0, 1.0, 2.0, 3.0, 4.0]), 2);
        assert_eq!(found.edges(), [0.0, 2.0, 4.0]);
        assert_eq!((found.counts, found.low, found.high), (vec![2, 3], 0.0, 4.0));
        assert_eq!(Histogram::new(&sample(&[5.0; 3]), 7).counts, [3]);
        assert_eq!(Histogram::new(&sample(&[1.0, 2.0]), 0).counts, [2]);
    }

    #[test]
    fn a_sparkline_shows_every_value_that_is_there() {
        let line = |counts: &[usize]| Histogram { low: 0.0, high: 1.0, counts: counts.to_vec() }.sparkline();
        assert_eq!(line(&[0, 1, 50, 100, 13, 0]), " ▁▄█▂ ");
        assert_eq!(line(&[1]), "█");
    }

    #[test]
    fn bins_follow_the_quartiles_or_the_number_of_values() {
        // Quartiles 25.75 and 75.25, n = 100: width 99 / 100^(1/3) = 21.33, range 99.
        assert_eq!(suitable_bins(&sample(&(1..=100).map(f64::from).collect::<Vec<_>>()), 40), 5);
        let tied = [vec![5.0; 15], vec![9.0]].concat();
        assert_eq!((suitable_bins(&sample(&tied), 40), suitable_bins(&sample(&tied), 3)), (5, 3));
        assert_eq!(suitable_bins(&sample(&[5.0]), 0), 1);
    }

    proptest! {
        #[test]
        fn no_value_is_lost(values in prop::collection::vec(-1e9..1e9_f64, 1..50), bins in 0..30_usize) {
            let found = Histogram::new(&sample(&values), bins);
            prop_assert_eq!(found.counts.iter().sum::<usize>(), values.len());
        }
    }
}
