//! Weights of trust learnt from the verdicts of people: logistic regression with the default weights as prior.
//!
//! The result is a proposal with its own quality measured on verdicts that it had not seen; whoever applies it must give it a version
//! of its own.

use super::recall::{Judged, auc, brier};
use super::trust::{Evidence, Weights, logistic};

/// Standard deviation of the prior of each weight, in log-odds: a few contrary verdicts do not overturn a default. Judgement.
pub const PRIOR_DEVIATION: f64 = 1.0;
/// Fewer verdicts than this are not learnt from: of nine weights they would say little, and of their own quality less. Judgement.
pub const LEAST: usize = 20;
/// Parts of the cross-validation.
pub const FOLDS: usize = 10;
const STEPS: usize = 100;
const N: usize = Weights::COUNT;

type Row = ([f64; N], f64);

/// Why verdicts cannot be learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// [`LEAST`] verdicts on rows with a number are needed, two good and two bad ones among them: less cannot be divided.
    #[error(
        "{good} verdicts of at least 0.5 and {bad} below, on results with a number: at least {LEAST} are needed, two of each kind among them"
    )]
    TooFew {
        /// Verdicts of 0.5 and above.
        good: usize,
        /// Verdicts below.
        bad: usize,
    },
    /// A verdict is not within [0, 1].
    #[error("verdict {0} is not within 0 and 1")]
    Verdict(usize),
}

/// Quality of coefficients against the verdicts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Brier score; less is better.
    pub brier: f64,
    /// Area under the ROC curve; more is better.
    pub auc: f64,
}

/// Learnt weights, and whether they are worth having.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Weights learnt from all verdicts.
    pub weights: Weights,
    /// Verdicts they were learnt from: those on rows with a number.
    pub verdicts: usize,
    /// Quality of the default weights on these verdicts.
    pub before: Quality,
    /// Quality of learnt weights, each verdict judged by weights that were learnt without its part.
    pub after: Quality,
}

/// Learns weights from evidence and verdicts (0 wrong, 1 right, between for doubt). Rows without a number are passed over: their
/// coefficient is 0 whatever the weights. The order of the verdicts does not show in the result.
pub fn fit(verdicts: &[(Evidence, f64)]) -> Result<Fit, FitError> {
    if let Some(at) = verdicts.iter().position(|(_, verdict)| !(0.0..=1.0).contains(verdict)) {
        return Err(FitError::Verdict(at + 1));
    }
    let mut rows: Vec<Row> = verdicts.iter().filter(|(evidence, _)| evidence.void.is_none()).map(row).collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| compare(&a.0, &b.0)));
    let good = rows.iter().filter(|row| is_good(row)).count();
    let too_few = FitError::TooFew { good, bad: rows.len() - good };
    if rows.len() < LEAST || good < 2 || rows.len() - good < 2 {
        return Err(too_few);
    }
    let prior = Weights::DEFAULT.to_array();
    let before: Vec<f64> = rows.iter().map(|row| predict(&prior, row)).collect();
    Ok(Fit {
        weights: Weights::from_array(learn(&rows)),
        verdicts: rows.len(),
        before: quality(&rows, &before).ok_or(too_few)?,
        after: quality(&rows, &cross_validated(&rows)).ok_or(too_few)?,
    })
}

fn row((evidence, verdict): &(Evidence, f64)) -> Row {
    (evidence.features().map(|feature| feature.unwrap_or(0.0)), *verdict)
}

fn compare(a: &[f64; N], b: &[f64; N]) -> std::cmp::Ordering {
    a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
}

fn is_good(row: &Row) -> bool {
    row.1 >= 0.5
}

fn quality(rows: &[Row], predicted: &[f64]) -> Option<Quality> {
    let judged: Vec<Judged> = rows.iter().zip(predicted).map(|(row, &p)| (p, is_good(row))).collect();
    Some(Quality { brier: brier(&judged)?, auc: auc(&judged)? })
}

/// Prediction of each row by weights learnt from the other parts. Sorted rows are dealt out in turn, so that every part has its
/// share of good and bad ones.
fn cross_validated(rows: &[Row]) -> Vec<f64> {
    let parts = FOLDS.min(rows.len());
    let without = |part: usize| {
        let others: Vec<Row> = rows.iter().enumerate().filter(|(at, _)| at % parts != part).map(|(_, row)| *row).collect();
        learn(&others)
    };
    let weights: Vec<[f64; N]> = (0..parts).map(without).collect();
    rows.iter().enumerate().map(|(at, row)| predict(&weights[at % parts], row)).collect()
}

fn predict(weights: &[f64; N], row: &Row) -> f64 {
    logistic(dot(weights, &row.0))
}

fn dot(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The most probable weights: Newton's method on the cross-entropy plus `|w - default|^2 / (2 deviation^2)` (Bishop, Pattern
/// Recognition and Machine Learning, 2006, sections 4.3.3 and 4.5), halving a step that does not descend. The prior makes the
/// problem strictly convex: the answer is unique, and exists when the verdicts are separable too.
fn learn(rows: &[Row]) -> [f64; N] {
    let mut weights = Weights::DEFAULT.to_array();
    let mut loss = cost(&weights, rows);
    for _ in 0..STEPS {
        let (gradient, curvature) = derivatives(&weights, rows);
        let step = solve(curvature, gradient);
        let tried = (0..30).map(|halvings| moved(&weights, &step, 0.5_f64.powi(halvings)));
        let Some((better, lower)) = tried.map(|w| (w, cost(&w, rows))).find(|(_, lower)| *lower < loss) else { break };
        (weights, loss) = (better, lower);
    }
    weights
}

fn moved(weights: &[f64; N], step: &[f64; N], share: f64) -> [f64; N] {
    std::array::from_fn(|i| weights[i] - share * step[i])
}

fn from_prior(weights: &[f64; N]) -> [f64; N] {
    let prior = Weights::DEFAULT.to_array();
    std::array::from_fn(|i| (weights[i] - prior[i]) / (PRIOR_DEVIATION * PRIOR_DEVIATION))
}

/// Cross-entropy, in the form that neither overflows nor loses digits, plus the prior.
fn cost(weights: &[f64; N], rows: &[Row]) -> f64 {
    let entropy = |(features, verdict): &Row| {
        let evidence = dot(weights, features);
        evidence.max(0.0) - evidence * verdict + (-evidence.abs()).exp().ln_1p()
    };
    let off = from_prior(weights);
    rows.iter().map(entropy).sum::<f64>() + dot(&off, &off) * PRIOR_DEVIATION * PRIOR_DEVIATION / 2.0
}

fn derivatives(weights: &[f64; N], rows: &[Row]) -> ([f64; N], [[f64; N]; N]) {
    let mut gradient = from_prior(weights);
    let mut curvature = [[0.0; N]; N];
    for (i, line) in curvature.iter_mut().enumerate() {
        line[i] = 1.0 / (PRIOR_DEVIATION * PRIOR_DEVIATION);
    }
    for row in rows {
        let p = predict(weights, row);
        for i in 0..N {
            gradient[i] += (p - row.1) * row.0[i];
            for (cell, feature) in curvature[i].iter_mut().zip(row.0) {
                *cell += p * (1.0 - p) * row.0[i] * feature;
            }
        }
    }
    (gradient, curvature)
}

/// Solves `matrix x = right` for a symmetric positive definite matrix, by elimination without pivots.
fn solve(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for i in 0..N {
        let (line, value) = (matrix[i], right[i]);
        for j in i + 1..N {
            let share = matrix[j][i] / line[i];
            for k in i..N {
                matrix[j][k] -= share * line[k];
            }
            right[j] -= share * value;
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
mod tests {
    use super::*;
    use crate::stats::Class;
    use crate::stats::trust::Peers;

    /// Rows whose spread tells good from bad, and whose place in the group says the opposite of what the defaults believe.
    fn verdicts(n: usize) -> Vec<(Evidence, f64)> {
        let verdict = |i: usize| {
            let good = i.is_multiple_of(2);
            let cov = if good { 0.002 } else { 0.018 } + (i % 5) as f64 * 1e-4;
            let peers = Some(Peers { z: if good { 6.0 } else { 0.5 }, others: 9 });
            (Evidence { cov: Some(cov), peers, ..Evidence::unknown(Class::Exact) }, f64::from(u8::from(good)))
        };
        (0..n).map(verdict).collect()
    }

    #[test]
    fn verdicts_move_the_weights_and_the_quality_is_measured_on_unseen_ones() {
        let found = fit(&verdicts(200)).unwrap();
        assert!(found.weights.out < 1.0 && found.weights.stab > Weights::DEFAULT.stab, "{found:?}");
        assert!((found.weights.cross - Weights::DEFAULT.cross).abs() < 1e-12, "nothing was known of other tools");
        assert_eq!((found.before.auc, found.after.auc, found.verdicts), (0.0, 1.0, 200));
        assert!(found.after.brier < 0.01 && found.before.brier > 0.4, "{found:?}");
    }

    #[test]
    fn the_order_of_verdicts_does_not_show() {
        let mut turned = verdicts(50);
        turned.reverse();
        turned.swap(3, 40);
        assert_eq!(fit(&turned), fit(&verdicts(50)));
    }

    #[test]
    fn at_the_learnt_weights_the_gradient_is_zero() {
        let rows: Vec<Row> = verdicts(30).iter().map(row).collect();
        let (gradient, _) = derivatives(&learn(&rows), &rows);
        assert!(gradient.iter().all(|slope| slope.abs() < 1e-6), "{gradient:?}");
    }

    #[test]
    fn too_few_and_impossible_verdicts_are_refused() {
        assert_eq!(fit(&[]), Err(FitError::TooFew { good: 0, bad: 0 }));
        assert_eq!(fit(&verdicts(3)), Err(FitError::TooFew { good: 2, bad: 1 }));
        let one_kind: Vec<_> = verdicts(80).into_iter().filter(|(_, verdict)| *verdict > 0.5).collect();
        assert_eq!(fit(&one_kind), Err(FitError::TooFew { good: 40, bad: 0 }));
        let mut wrong = verdicts(8);
        wrong[4].1 = f64::NAN;
        assert_eq!(fit(&wrong), Err(FitError::Verdict(5)));
        assert!(fit(&verdicts(LEAST - 1)).is_err() && fit(&verdicts(LEAST)).is_ok());
    }
}
