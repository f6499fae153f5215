//! OProfile, from the first `opreport` (2003) to 1.5: profiles, whose rows are samples and not counts.

mod help;
pub mod help_text;
pub mod help_xml;
mod profile;
mod shares;
mod speed;
pub mod text;
pub mod xml;
