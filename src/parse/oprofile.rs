//! OProfile, from the first `opreport` (2003) to 1.5: profiles, whose rows are samples and not counts.

mod profile;
mod shares;
mod speed;
pub mod text;
pub mod xml;
