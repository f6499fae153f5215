//! Can these numbers be true together? Rules I1 to I21, checked inside one run.
//!
//! The values of a run are a [`Window`]: canonical event (with `:u`, `:k`, `:h` for one privilege level, `cpu_core/X/` and `cpu_atom/X/`
//! for one kind of core) -> [`Reading`]. Rules over events are rows of a table ([`RULES`], checked by [`check`]); rules over the fields
//! of one row or over a group are small functions ([`row`], [`group`]). Exceptions of a microarchitecture are left out by the caller, by
//! [`Rule::id`].

pub mod group;
pub mod row;
mod table;
mod window;

pub use table::{Bound, Finding, Form, Kind, RULES, Rule, SETTINGS, check};
pub use window::{Machine, Reading, Window};

#[cfg(test)]
mod tests;
