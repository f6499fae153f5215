//! Names that two tools share for two codes: suspects for a bug of a tool, found by comparing the tables.

use super::bundle::bundle;

/// One name, two codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The microarchitecture.
    pub microarch: &'static str,
    /// The one tool's table.
    pub tool_a: &'static str,
    /// Its name of the event.
    pub name_a: &'static str,
    /// The code it has there.
    pub config_a: &'static str,
    /// The other tool's table.
    pub tool_b: &'static str,
    /// Its name.
    pub name_b: &'static str,
    /// The code it has there.
    pub config_b: &'static str,
}

/// Every such name, in the order of the table.
pub fn conflicts() -> impl Iterator<Item = Conflict> {
    bundle().rows("conflicts").map(|mut cells| Conflict {
        microarch: cells.text(),
        tool_a: cells.text(),
        name_a: cells.text(),
        config_a: cells.text(),
        tool_b: cells.text(),
        name_b: cells.text(),
        config_b: cells.text(),
    })
}
