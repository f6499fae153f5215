//! Weights learnt from what people say of results.

use super::weights::Weighing;
use crate::stats::fit::{self, Fit, FitError};
use crate::stats::trust::Evidence;

/// Learnt weights with their version, and what they are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The weights under a version of their own.
    pub weighing: Weighing,
    /// Quality of the default and of the learnt weights.
    pub fit: Fit,
}

/// Learns weights from the evidence on results and the verdicts of people on them. Nothing is applied: who wants the weights gives them
/// to a command.
///
/// # Errors
/// The verdicts are too few, or all good or all bad, or one is not within [0, 1].
pub fn fit(verdicts: impl IntoIterator<Item = (Evidence, f64)>) -> Result<Fitted, FitError> {
    let fit = fit::fit(&verdicts.into_iter().collect::<Vec<_>>())?;
    Ok(Fitted { weighing: Weighing::fitted(fit.weights), fit })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Class;

    /// Steady groups that people believe and unsteady ones that they do not.
    fn verdicts() -> impl Iterator<Item = (Evidence, f64)> {
        (0..40_u32).map(|at| {
            let good = at.is_multiple_of(2);
            let cov = Some(if good { 0.001 } else { 0.03 });
            (Evidence { cov, ..Evidence::unknown(Class::Exact) }, f64::from(u8::from(good)))
        })
    }

    #[test]
    fn equal_verdicts_give_the_same_version_in_any_order() {
        let found = fit(verdicts()).unwrap();
        let mut turned: Vec<_> = verdicts().collect();
        turned.reverse();
        assert_eq!(fit(turned).unwrap(), found);
        assert_eq!(found.weighing.weights, found.fit.weights);
        assert!(found.weighing.weights.stab > 1.0, "{found:?}");
    }
}
