//! Means of two sides: the test of Welch, and differences in units of the deviation.

use super::sample::Sample;
use super::special::t_tail;

/// The test of Welch (Biometrika 34, 1947).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Welch {
    /// Mean of the first side less that of the second, in standard errors.
    pub t: f64,
    /// Degrees of freedom (Satterthwaite, Biometrics Bulletin 2, 1946).
    pub freedom: f64,
    /// Two-sided p.
    pub p: f64,
}

/// `None` when a side has fewer than two values or neither varies.
pub fn welch(first: &Sample, second: &Sample) -> Option<Welch> {
    let (a, b) = (first.summary(), second.summary());
    let (ea, eb) = (a.standard_error()?.powi(2), b.standard_error()?.powi(2));
    let share = Some(ea / (ea + eb)).filter(|share| share.is_finite())?;
    let t = (a.mean - b.mean) / (ea + eb).sqrt();
    let freedom = 1.0 / (share.powi(2) / (first.n() - 1.0) + (1.0 - share).powi(2) / (second.n() - 1.0));
    Some(Welch { t, freedom, p: 2.0 * t_tail(t.abs(), freedom) })
}

/// Cohen's d: mean of the second side less that of the first, in pooled standard deviations (Statistical Power Analysis, 1988,
/// section 2.2). `None` when there are fewer than three values or neither side varies.
pub fn cohens_d(first: &Sample, second: &Sample) -> Option<f64> {
    let (a, b) = (first.summary(), second.summary());
    let freedom = first.n() + second.n() - 2.0;
    let pooled = ((a.m2 + b.m2) / freedom).sqrt();
    Some((b.mean - a.mean) / pooled).filter(|d| freedom > 0.0 && d.is_finite())
}

/// Hedges' g: Cohen's d less its bias in small samples, `d (1 - 3 / (4 freedom - 1))` (Journal of Educational Statistics 6, 1981).
pub fn hedges_g(first: &Sample, second: &Sample) -> Option<f64> {
    let freedom = first.n() + second.n() - 2.0;
    cohens_d(first, second).map(|d| d * (1.0 - 3.0 / (4.0 * freedom - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    #[test]
    fn p_and_q_differ_by_more_than_two_deviations() {
        let p = sample(&[10.1, 10.2, 10.3, 10.4, 10.5, 10.6]);
        let q = sample(&[10.5, 10.7, 10.8, 10.9, 11.0, 11.2]);
        assert!((cohens_d(&p, &q).unwrap() - 2.306_328_0).abs() < 5e-8);
        assert!((hedges_g(&p, &q).unwrap() - 2.128_918_2).abs() < 5e-8);
    }

    #[test]
    fn sides_that_do_not_vary_have_no_test() {
        assert_eq!(welch(&sample(&[1.0; 4]), &sample(&[2.0; 4])), None);
        assert_eq!(welch(&sample(&[1.0]), &sample(&[2.0, 3.0])), None);
        assert_eq!(cohens_d(&sample(&[1.0]), &sample(&[2.0])), None);
        assert_eq!(hedges_g(&sample(&[1.0; 3]), &sample(&[1.0; 3])), None);
        assert!(welch(&sample(&[1.0; 4]), &sample(&[2.0, 3.0])).is_some());
    }
}
