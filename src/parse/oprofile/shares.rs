//! Percentages against the samples beside them: they tell what total the tool had, and whether a column is whole.

use crate::parse::number::Digits;

/// A printed share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    /// Percent.
    pub(super) percent: f64,
    /// How far the exact share may be from what was printed.
    pub(super) slack: f64,
}

impl Share {
    /// Reads `56.4387`, `100.000`, `5.8e-04`, `0`, and the `32.7586%` of the oldest tools.
    pub(super) fn of(text: &str) -> Option<Self> {
        Self::usual(text.as_bytes()).or_else(|| Self::unusual(text))
    }

    /// Reads what nearly every share is, digits and a point between them, in one pass. Anything else is left to the long way.
    fn usual(text: &[u8]) -> Option<Self> {
        let mut digits = Digits::default();
        let [b'.', behind @ ..] = digits.take(text) else { return None };
        let whole = digits.count;
        let is_usual = whole > 0 && digits.take(behind).is_empty() && digits.count > whole;
        let printed = digits.number(digits.count - whole).filter(|_| is_usual)?;
        Some(Self { percent: printed.number.value, slack: slack(-i32::try_from(printed.decimals).ok()?) })
    }

    fn unusual(text: &str) -> Option<Self> {
        let text = text.strip_suffix('%').unwrap_or(text);
        let (mantissa, exponent) = match text.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let digits = mantissa.starts_with(|c: char| c.is_ascii_digit()) && mantissa.ends_with(|c: char| c.is_ascii_digit());
        let plain = mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !digits || !plain || exponent.abs() > 300 {
            return None;
        }
        Some(Self { percent: text.parse().ok()?, slack: slack(exponent - i32::try_from(decimals).ok()?) })
    }
}

/// Half a unit of the last digit, which has this exponent, is what rounding may take; a little more for the floats in between.
fn slack(exponent: i32) -> f64 {
    0.51 * 10_f64.powi(exponent)
}

/// The total that the shares of one column leave possible.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares {
    /// Samples that were seen.
    pub(super) sum: i128,
    lowest: f64,
    highest: f64,
    /// Line of the first share that fits no total that the ones before it allow.
    pub(super) conflict: Option<u32>,
}

impl Default for Shares {
    fn default() -> Self {
        Self { sum: 0, lowest: 0.0, highest: f64::INFINITY, conflict: None }
    }
}

impl Shares {
    /// Takes a row in.
    #[expect(clippy::cast_precision_loss, reason = "shares have six digits")]
    pub(super) fn add(&mut self, line: u32, samples: i64, share: Option<Share>) {
        self.sum += i128::from(samples);
        let Some(share) = share else { return };
        if samples == 0 {
            return;
        }
        let scaled = 100.0 * samples as f64;
        let (low, high) = (scaled / (share.percent + share.slack), scaled / (share.percent - share.slack).max(0.0));
        if low > self.highest || high < self.lowest {
            self.conflict.get_or_insert(line);
        } else {
            (self.lowest, self.highest) = (self.lowest.max(low), self.highest.min(high));
        }
    }

    /// Whether the shares could be of this total.
    #[expect(clippy::cast_precision_loss, reason = "shares have six digits")]
    pub(super) fn could_be_of(&self, total: i128) -> bool {
        const SLACK: f64 = 1e-9;
        let total = total as f64;
        self.conflict.is_none() && total >= self.lowest * (1.0 - SLACK) && total <= self.highest * (1.0 + SLACK)
    }

    /// The totals that the shares leave possible, in words.
    pub(super) fn total_in_words(&self) -> String {
        if self.highest.is_finite() {
            format!("{:.0} to {:.0}", self.lowest.ceil(), self.highest.floor())
        } else {
            format!("at least {:.0}", self.lowest.ceil())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_in_every_form_that_was_ever_printed() {
        for (text, percent, slack) in [
            ("56.4387", 56.4387, 5e-5),
            ("100.000", 100.0, 5e-4),
            ("5.8e-10", 5.8e-10, 5e-12),
            ("0", 0.0, 0.5),
            ("32.7586%", 32.7586, 5e-5),
        ] {
            let share = Share::of(text).expect(text);
            assert!((share.percent - percent).abs() < 1e-15 && (share.slack / slack - 1.0).abs() < 0.03, "{text} {share:?}");
        }
        for text in ["", "---", "+1.5", "nan", "inf", "1e", "x", ".5", "5.", "1e999"] {
            assert_eq!(Share::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_is_the_same_by_either_way() {
        for text in ["0.0001", "56.4387", "99.9999", "100.000", "1.1", "123456789.123456", "0.00000000000001", "1.005"] {
            assert_eq!(Share::usual(text.as_bytes()), Share::unusual(text), "{text}");
            assert!(Share::usual(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["", ".", "1.", ".1", "1", "1.2.3", "1e3", "1.0%", "12345678.12345678", "0.000000000000000001"] {
            assert_eq!(Share::usual(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_column_tells_whether_rows_are_missing() {
        // 14918 and 6323 of 21262: the third row, 21, was cut off.
        let mut shares = Shares::default();
        shares.add(4, 14_918, Share::of("70.1627"));
        shares.add(5, 6323, Share::of("29.7385"));
        assert!(!shares.could_be_of(shares.sum) && shares.could_be_of(21_262));
        shares.add(6, 21, Share::of("0.0988"));
        assert!(shares.could_be_of(shares.sum));
        shares.add(7, 100, Share::of("10.0000"));
        assert_eq!(shares.conflict, Some(7));
    }
}
