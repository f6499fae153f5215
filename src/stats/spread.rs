//! Do two sides differ in width or shape, whatever their medians?

use super::sample::{Sample, float};
use super::special::f_tail;

/// A statistic and its p.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// Its p.
    pub p: f64,
}

/// The test of Brown & Forsythe for equal spread (Journal of the American Statistical Association 69, 1974): analysis of variance of
/// the distances from the medians. `None` when there are fewer than three values or no distance varies.
pub fn brown_forsythe(first: &Sample, second: &Sample) -> Option<Test> {
    let (n, m) = (first.n(), second.n());
    let (a, b) = (first.distances(first.median()).summary(), second.distances(second.median()).summary());
    let between = (a.mean - b.mean).powi(2) * n * m / (n + m);
    let within = (a.m2 + b.m2) / (n + m - 2.0);
    let statistic = Some(between / within).filter(|f| f.is_finite() && n + m > 2.0)?;
    Some(Test { statistic, p: f_tail(statistic, 1.0, n + m - 2.0) })
}

/// Pairs up to which the test of Kolmogorov and Smirnov counts; binomials stay finite in floats.
const COUNTED_PAIRS: usize = 10_000;

/// The two-sided test of Kolmogorov and Smirnov: the largest distance of the two distributions. The p is exact for few values
/// (J. L. Hodges, Arkiv för Matematik 3, 1957; too large with ties), else the limiting distribution.
pub fn kolmogorov_smirnov(first: &Sample, second: &Sample) -> Test {
    let (n, m) = (first.len(), second.len());
    let at_most = |sample: &Sample, value: f64| sample.values().partition_point(|other| *other <= value);
    let distance = |value: &f64| (at_most(first, *value) * m).abs_diff(at_most(second, *value) * n);
    // In units of 1 / (n m), so that equal distances are equal numbers.
    let largest = first.values().iter().chain(second.values()).map(distance).max().unwrap_or(0);
    let statistic = float(largest) / (float(n) * float(m));
    let p = if n * m <= COUNTED_PAIRS { paths_beyond(n, m, largest) } else { limiting_p(statistic, n, m) };
    Test { statistic, p }
}

/// Share of the lattice paths from (0, 0) to (n, m) that leave the band in which both distributions are closer than `distance`.
fn paths_beyond(n: usize, m: usize, distance: usize) -> f64 {
    let mut beyond = vec![0.0; m + 1];
    let mut all = vec![1.0; m + 1];
    for i in 0..=n {
        for j in 0..=m {
            if i > 0 && j > 0 {
                all[j] += all[j - 1];
            }
            let before = if j > 0 { beyond[j - 1] } else { 0.0 };
            let here = if i > 0 { beyond[j] } else { 0.0 };
            beyond[j] = if (i * m).abs_diff(j * n) >= distance { all[j] } else { here + before };
        }
    }
    beyond[m] / all[m]
}

/// Kolmogorov's limiting distribution; the terms fall so quickly that a hundred are more than enough where p is below 1.
fn limiting_p(statistic: f64, n: usize, m: usize) -> f64 {
    let (n, m) = (float(n), float(m));
    let lambda = statistic * (n * m / (n + m)).sqrt();
    let term = |k: i32| (if k % 2 == 1 { 2.0 } else { -2.0 }) * (-2.0 * (f64::from(k) * lambda).powi(2)).exp();
    // Below 0.2 the series converges slowly, and p is 1 to twelve digits.
    if lambda < 0.2 { 1.0 } else { (1..=100).map(term).sum::<f64>().clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec()).unwrap()
    }

    #[test]
    fn p_and_q_are_equally_wide_and_lie_apart() {
        let p = sample(&[10.1, 10.2, 10.3, 10.4, 10.5, 10.6]);
        let q = sample(&[10.5, 10.7, 10.8, 10.9, 11.0, 11.2]);
        let width = brown_forsythe(&p, &q).unwrap();
        assert!((width.statistic - 0.25).abs() < 1e-12 && (width.p - 0.627_893_6).abs() < 5e-8);
        let shape = kolmogorov_smirnov(&p, &q);
        assert!((shape.statistic - 0.8333).abs() < 5e-5 && (shape.p - 24.0 / 924.0).abs() < 1e-15);
    }

    #[test]
    fn equal_sides_are_equal() {
        let five = sample(&[5.0; 5]);
        assert_eq!(brown_forsythe(&five, &five), None);
        assert_eq!(brown_forsythe(&sample(&[1.0]), &sample(&[2.0])), None);
        assert_eq!(kolmogorov_smirnov(&five, &five), Test { statistic: 0.0, p: 1.0 });
    }

    #[test]
    fn the_limit_is_near_the_count_where_one_hands_over_to_the_other() {
        let counted = paths_beyond(100, 100, 2_000);
        assert!((limiting_p(0.2, 100, 100) - counted).abs() < 0.01, "{counted}");
        assert_eq!(limiting_p(0.001, 100, 100), 1.0);
    }
}
