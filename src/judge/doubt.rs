//! What a question leaves out because it is hard to believe.

use super::{ResultId, judge_each, population, verdicts};
use crate::store::query::Selection;
use crate::store::query::selection::LeftOut;
use crate::store::{Store, StoreError};

/// What people give less trust than this is left out of questions unless they say otherwise: it is suspicious, by their word.
///
/// What the program alone finds suspicious is not left out unasked. Its coefficient grows with the agreement of tools and shrinks with
/// the distance from the other numbers: a comparison of tools without those that disagree, or a distribution without its tails, would
/// answer another question than the one that was asked.
pub const SUSPICIOUS: f64 = 0.5;

/// The results with less trust than `least`; `None`: those that people gave less than [`SUSPICIOUS`]. What has no number is never among
/// them, for it is in no answer as a number.
///
/// # Errors
/// The database failed.
pub fn doubted(store: &mut Store, wanted: &Selection, least: Option<f64>) -> Result<LeftOut, StoreError> {
    match least {
        None => {
            let said = verdicts(store)?.into_iter();
            Ok(said.filter(|(_, verdict)| verdict.trust < SUSPICIOUS).map(|(id, _)| id).collect())
        }
        // Nothing has less, and judging takes time.
        Some(least) if least <= 0.0 => Ok(LeftOut::default()),
        Some(least) => {
            let mut low: Vec<ResultId> = Vec::new();
            judge_each(store, &population(wanted), |id, judged| {
                if judged.evidence.void.is_none() && judged.trust() < least {
                    low.push(id);
                }
            })?;
            Ok(low.into_iter().collect())
        }
    }
}
