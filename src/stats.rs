//! The mathematics of judging: what a group of numbers says, whether two groups differ, how far one number can be believed.
//!
//! Pure functions: no file, no database, no clock, no chance. Three rules hold everywhere:
//!
//! * **Refused by type.** A [`Sample`] holds at least one value, and only finite ones of a size whose square is finite, so that
//!   no function below can meet NaN or infinity in its data. What is undefined (the deviation of one value) is `None`, never 0.
//! * **The same whatever the order.** A sample is sorted when it is made, sums over unsorted data are exact ([`ExactSum`]), and
//!   the generator of the bootstrap is seeded by the data: equal content gives equal digits in every store and run.
//! * **Every formula names its source**, in the documentation of its function.
//!
//! | question | where |
//! |---|---|
//! | what does a group look like? | [`Sample`], [`describe`], [`moments`], [`histogram`], [`sketch`] for more values than memory |
//! | which values stand out? | [`outlier`], [`group`], [`esd`]; [`way`] tells runs that went another way |
//! | how steady is it, how many runs does a precision need? | [`stability`] |
//! | do two sides differ? | [`verdict`], made of [`rank`], [`shift`], [`bootstrap`], [`welch`], [`spread`] and [`adjust`] |
//! | when did it change? | [`trend`] |
//! | can these numbers be true together? | [`invariant`] |
//! | how far can one number be believed? | [`trust`]; [`fit`] learns its weights, [`recall`] says how well it works |

#![cfg_attr(test, expect(clippy::float_cmp, reason = "the tests mean exactly equal where they say so"))]

pub mod adjust;
pub mod bootstrap;
mod class;
pub mod describe;
mod draws;
pub mod esd;
pub mod fit;
pub mod group;
pub mod histogram;
pub mod invariant;
pub mod moments;
pub mod outlier;
pub mod rank;
pub mod recall;
mod robust;
mod sample;
pub mod shift;
pub mod sketch;
pub mod special;
pub mod spread;
pub mod stability;
mod sum;
pub mod trend;
pub mod trust;
pub mod verdict;
pub mod way;
pub mod welch;

#[cfg(test)]
mod reference;

pub use class::Class;
pub use draws::Draws;
pub use robust::MAD_TO_SIGMA;
pub use sample::{Sample, SampleError};
pub use sum::ExactSum;
