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

/// Conditions on what lists of events say.
#[derive(Debug, Clone, Default)]
pub struct SupportFilter {
    /// Events as printed.
    pub events: Vec<Glob>,
    /// Only those that the machine has, or has not.
    pub supported: Option<bool>,
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
