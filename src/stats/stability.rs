//! How steady repetitions of one experiment are.

use super::class::Class;
use super::sample::Sample;
use super::special::normal_beyond;

/// Grade of a group: its robust coefficient of variation against the tolerance of its class. Judgement, not a standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// At most a tenth of the tolerance.
    A,
    /// At most a third.
    B,
    /// Within the tolerance.
    C,
    /// At most three times the tolerance.
    D,
    /// Above.
    E,
    /// Fewer than three values, or a median of 0 among other values.
    Unknown,
}

impl Grade {
    /// The letter, `?` for unknown.
    pub fn as_str(self) -> &'static str {
        ["A", "B", "C", "D", "E", "?"][self as usize]
    }

    /// The grade of a group.
    pub fn of(sample: &Sample, class: Class) -> Self {
        match sample.robust_cov() {
            Some(spread) if sample.len() >= 3 => Self::of_spread(spread, class),
            _ => Self::Unknown,
        }
    }

    fn of_spread(spread: f64, class: Class) -> Self {
        let tolerance = class.tolerance();
        let limits =
            [(tolerance / 10.0, Self::A), (tolerance / 3.0, Self::B), (tolerance, Self::C), (3.0 * tolerance, Self::D)];
        limits.into_iter().find(|(limit, _)| spread <= *limit).map_or(Self::E, |(_, grade)| grade)
    }
}

/// Repetitions after which the 95 % interval of the mean is at most `± precision` (relative) wide: `(1.96 cov / precision)^2`, rounded
/// up, at least 2. `None` when a number is not finite, not positive (a spread of 0 is allowed), or the answer is beyond 2^32.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to fit")]
pub fn runs_needed(cov: f64, precision: f64) -> Option<u32> {
    let z = normal_beyond(0.025)?;
    let n = (z * cov / precision).powi(2).ceil();
    let fits = cov >= 0.0 && precision > 0.0 && n <= f64::from(u32::MAX);
    fits.then(|| (n as u32).max(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(values: &[f64], class: Class) -> &'static str {
        Grade::of(&Sample::new(values.to_vec()).unwrap(), class).as_str()
    }

    #[test]
    fn the_same_spread_is_worse_the_more_exact_the_class() {
        // MAD 1, median 100: 1.4826 %.
        let values = [98.0, 99.0, 100.0, 101.0, 102.0];
        let grades = Class::WORDS.map(|(class, _)| grade(&values, class));
        assert_eq!(grades, ["D", "B", "A", "B"]);
    }

    #[test]
    fn each_limit_belongs_to_the_better_grade() {
        let grades = [0.0, 0.001, 0.0011, 0.0034, 0.01, 0.03, 0.031].map(|spread| Grade::of_spread(spread, Class::Exact));
        assert_eq!(grades, [Grade::A, Grade::A, Grade::B, Grade::C, Grade::C, Grade::D, Grade::E]);
    }

    #[test]
    fn few_values_and_a_zero_among_others_have_no_grade() {
        assert_eq!([grade(&[1.0, 1.0], Class::Rate), grade(&[0.0, 0.0, 9.0], Class::Rate)], ["?", "?"]);
        assert_eq!(grade(&[0.0; 3], Class::Exact), "A");
    }

    #[test]
    fn runs_needed_grow_with_the_square() {
        // (1.96 x 0.05 / 0.01)^2 = 96.04.
        assert_eq!([runs_needed(0.05, 0.01), runs_needed(0.0, 0.01)], [Some(97), Some(2)]);
        assert_eq!([runs_needed(1.0, 1e-9), runs_needed(0.1, 0.0), runs_needed(f64::NAN, 0.1)], [None, None, None]);
    }
}
