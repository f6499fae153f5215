//! How well coefficients tell good rows from bad ones, when the truth is known.

use super::rank::MannWhitney;
use super::sample::{Sample, float};

/// A coefficient and whether its row is good.
pub type Judged = (f64, bool);

/// Mean squared distance of the coefficients from the truth (Brier, Monthly Weather Review 78, 1950): 0 is perfect, 0.25 is what
/// 0.5 for everything gets. `None` without rows.
pub fn brier(rows: &[Judged]) -> Option<f64> {
    let square = |&(coefficient, good): &Judged| (coefficient - f64::from(u8::from(good))).powi(2);
    Some(Sample::new(rows.iter().map(square).collect()).ok()?.mean())
}

/// Probability that a good row has a higher coefficient than a bad one, ties counted half: the area under the ROC curve (Hanley & McNeil,
/// Radiology 143, 1982). `None` when there are only good or only bad rows, or a coefficient is not finite.
pub fn auc(rows: &[Judged]) -> Option<f64> {
    let side = |wanted: bool| Sample::new(rows.iter().filter(|row| row.1 == wanted).map(|row| row.0).collect()).ok();
    let (good, bad) = (side(true)?, side(false)?);
    let rank = MannWhitney::new(&good, &bad);
    Some(rank.u / (float(good.len()) * float(bad.len())))
}

/// What a threshold makes of rows: those below it are called bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confusion {
    /// Bad rows called bad.
    pub found: usize,
    /// Bad rows called good.
    pub missed: usize,
    /// Good rows called bad.
    pub false_alarms: usize,
    /// Good rows called good.
    pub passed: usize,
}

impl Confusion {
    /// Counts the rows; a coefficient that is no number is called bad.
    pub fn of(rows: &[Judged], threshold: f64) -> Self {
        let count = |called_bad: bool, good: bool| {
            let here = |row: &&Judged| (row.0 >= threshold) != called_bad && row.1 == good;
            rows.iter().filter(here).count()
        };
        Self {
            found: count(true, false),
            missed: count(false, false),
            false_alarms: count(true, true),
            passed: count(false, true),
        }
    }

    /// Share of the bad rows that were found; `None` when there are none.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.missed)
    }

    /// Share of those called bad that are; `None` when nothing was.
    pub fn precision(&self) -> Option<f64> {
        share(self.found, self.false_alarms)
    }

    /// Share of the good rows that were called bad; `None` when there are none.
    pub fn false_alarm_rate(&self) -> Option<f64> {
        share(self.false_alarms, self.passed)
    }
}

fn share(part: usize, rest: usize) -> Option<f64> {
    (part + rest > 0).then(|| float(part) / float(part + rest))
}

/// The highest threshold, and what it makes of the rows, at which no more than `rate` of the good rows are called bad: the recall to
/// quote "at 0.1 % false alarms". `None` without good rows, or for a coefficient that is not finite.
pub fn at_false_alarm_rate(rows: &[Judged], rate: f64) -> Option<(f64, Confusion)> {
    let mut good: Vec<f64> = rows.iter().filter(|row| row.1).map(|row| row.0).collect();
    if !rows.iter().all(|row| row.0.is_finite()) || good.is_empty() {
        return None;
    }
    good.sort_unstable_by(f64::total_cmp);
    // Every good row's own coefficient is a threshold that it passes itself; more than the share may not lie below.
    let allowed = |&&threshold: &&f64| float(good.partition_point(|other| *other < threshold)) <= rate * float(good.len());
    let threshold = *good.iter().rev().find(allowed).unwrap_or(&good[0]);
    Some((threshold, Confusion::of(rows, threshold)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [Judged; 6] = [(0.9, true), (0.8, true), (0.6, true), (0.6, false), (0.3, false), (0.4, true)];

    #[test]
    fn counts_and_shares_of_a_threshold() {
        let found = Confusion::of(&ROWS, 0.5);
        assert_eq!(found, Confusion { found: 1, missed: 1, false_alarms: 1, passed: 3 });
        assert_eq!((found.recall(), found.precision(), found.false_alarm_rate()), (Some(0.5), Some(0.5), Some(0.25)));
        let nothing = Confusion::of(&[], 0.5);
        assert_eq!((nothing.recall(), nothing.precision(), nothing.false_alarm_rate()), (None, None, None));
        assert_eq!(Confusion::of(&[(f64::NAN, true)], 0.5).false_alarms, 1);
    }

    #[test]
    fn area_and_brier_score_by_hand() {
        // Pairs good x bad: against 0.6 two above, one tie, one below; against 0.3 all four above.
        assert_eq!(auc(&ROWS), Some(6.5 / 8.0));
        let squares = 0.01 + 0.04 + 0.16 + 0.36 + 0.09 + 0.36;
        assert!((brier(&ROWS).unwrap() - squares / 6.0).abs() < 1e-15);
        assert_eq!((auc(&ROWS[..2]), brier(&[]), auc(&[(f64::NAN, true), (0.0, false)])), (None, None, None));
    }

    #[test]
    fn recall_is_quoted_at_a_bound_of_false_alarms() {
        assert_eq!(
            at_false_alarm_rate(&ROWS, 0.0).unwrap(),
            (0.4, Confusion { found: 1, missed: 1, false_alarms: 0, passed: 4 })
        );
        let looser = at_false_alarm_rate(&ROWS, 0.5).unwrap();
        assert_eq!((looser.0, looser.1.recall(), looser.1.false_alarm_rate()), (0.8, Some(1.0), Some(0.5)));
        assert_eq!(at_false_alarm_rate(&[(0.1, false)], 0.1), None);
    }
}
