//! How far one number can be believed: version `trust-1`, explained term by term.
//!
//! A sum of evidence in log-odds through the logistic function, then capped by hard defects, which no amount of agreement hides.
//! What is unknown adds nothing. The form and the weights are this project's own judgement; only the constant of [`mux_error`]
//! has a source. Weights live in [`Weights`], so that [`fit`](super::fit) can find better ones under a new version.

mod evidence;
mod judge;

pub use evidence::{ALL_THE_TIME, Cross, Evidence, Invariants, Peers, Void, mux_error};
pub(super) use judge::logistic;
pub use judge::{Band, Cap, Judgement, Term, VERSION, Weights, effective, judge};

#[cfg(test)]
mod tests;
