//! Which rows are wanted, by what only rows of their kind have. An empty list wants all.

use super::Glob;
use crate::model::RejectKind;

/// Conditions on rows of profiles.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Words of their kinds.
    pub kinds: Vec<String>,
    /// Images; a row without one is not wanted when there are any.
    pub images: Vec<Glob>,
    /// Symbols, likewise.
    pub symbols: Vec<Glob>,
}

/// Conditions on a reject.
#[derive(Debug, Clone, Default)]
pub struct RejectFilter {
    /// Logical paths.
    pub paths: Vec<Glob>,
    /// Numbers of imports.
    pub imports: Vec<i64>,
    /// Classes of reasons.
    pub kinds: Vec<RejectKind>,
}

/// Whether a list wants a value.
pub(super) fn wants<T: PartialEq>(list: &[T], value: &T) -> bool {
    list.is_empty() || list.contains(value)
}
