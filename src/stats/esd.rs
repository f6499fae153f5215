//! Several outliers in one group: the generalised extreme Studentised deviate test.

use super::sample::{Sample, float};
use super::special::t_beyond;

/// Groups below this size are judged by the test, but its error rate is not the stated one (Rosner 1983).
pub const TRUSTED_FROM: usize = 25;

/// One step of the test: the most extreme of the values that are left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The value.
    pub value: f64,
    /// Its distance from the mean of what is left, in standard deviations.
    pub r: f64,
    /// The critical value.
    pub lambda: f64,
}

/// What the test found.
#[derive(Debug, Clone, PartialEq)]
pub struct Esd {
    /// One step for each outlier that was allowed for.
    pub steps: Vec<Step>,
    /// How many of them, from the first, are outliers: the last step above its critical value decides, so that an outlier that
    /// hides behind another is found.
    pub outliers: usize,
}

/// B. Rosner, "Percentage points for a generalized ESD many-outlier procedure", Technometrics 25, 1983; also NIST/SEMATECH e-Handbook
/// of Statistical Methods, section 1.3.5.17.3. At most `most` outliers at level `alpha`; two values are always left.
pub fn generalised_esd(sample: &Sample, most: usize, alpha: f64) -> Esd {
    let n = sample.len();
    let mut left = sample.values().to_vec();
    let mut steps = Vec::new();
    for i in 1..=most.min(n.saturating_sub(2)) {
        let rest = Sample::derived(left);
        let Some((step, at)) = extreme(&rest, float(n - i), float(n - i + 1), alpha) else { break };
        steps.push(step);
        left = rest.values().to_vec();
        left.remove(at);
    }
    let outliers = steps.iter().rposition(|step| step.r > step.lambda).map_or(0, |at| at + 1);
    Esd { steps, outliers }
}

/// The step for what is left and the position of its value; `None` when all that is left is equal.
fn extreme(rest: &Sample, below: f64, size: f64, alpha: f64) -> Option<(Step, usize)> {
    let summary = rest.summary();
    let sd = summary.sd().filter(|sd| *sd > 0.0)?;
    // Of a sorted list, an end is the farthest from the mean; the upper one when both are.
    let last = rest.len() - 1;
    let at = if rest.max() - summary.mean >= summary.mean - rest.min() { last } else { 0 };
    let value = rest.values()[at];
    let t = t_beyond(alpha / (2.0 * size), below - 1.0)?;
    let lambda = below * t / ((below - 1.0 + t * t) * size).sqrt();
    Some((Step { value, r: (value - summary.mean).abs() / sd, lambda }, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_too_small_or_all_equal_have_no_outlier() {
        for values in [vec![1.0], vec![1.0, 9.0], vec![5.0; 40]] {
            let found = generalised_esd(&Sample::new(values).unwrap(), 5, 0.05);
            assert_eq!((found.outliers, found.steps.len()), (0, 0));
        }
        let three = generalised_esd(&Sample::new(vec![1.0, 2.0, 9.0]).unwrap(), 5, 0.05);
        assert_eq!((three.outliers, three.steps.len()), (0, 1));
        assert_eq!(generalised_esd(&Sample::new(vec![1.0, 2.0, 9.0]).unwrap(), 5, f64::NAN).outliers, 0);
    }

    #[test]
    fn two_equal_faults_do_not_hide_each_other() {
        let mut values: Vec<f64> = (0..28).map(|i| 1000.0 + f64::from(i % 7)).collect();
        values.extend([2000.0, 2001.0]);
        assert_eq!(generalised_esd(&Sample::new(values).unwrap(), 3, 0.05).outliers, 2);
    }
}
