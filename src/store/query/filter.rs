//! Which rows are wanted. An empty list wants all.

use super::Glob;
use crate::model::{Kind, RejectKind, Status, ToolName};

/// Conditions on a source.
#[derive(Debug, Clone, Default)]
pub struct SourceFilter {
    /// Logical paths.
    pub paths: Vec<Glob>,
    /// Names of formats.
    pub formats: Vec<String>,
    /// Numbers of imports.
    pub imports: Vec<i64>,
}

/// Conditions on where a run belongs.
#[derive(Debug, Clone, Default)]
pub struct PlaceFilter {
    /// Names of experiments.
    pub experiments: Vec<String>,
    /// Tools; without version any version is meant.
    pub tools: Vec<ToolName>,
    /// Names of hosts.
    pub hosts: Vec<String>,
    /// Labels: key and value.
    pub labels: Vec<(String, String)>,
    /// Architectures.
    pub archs: Vec<String>,
    /// Microarchitectures.
    pub microarchs: Vec<String>,
    /// Kernel releases.
    pub kernels: Vec<String>,
}

/// Conditions on a result, besides those on its run and source.
#[derive(Debug, Clone, Default)]
pub struct ResultFilter {
    /// Events as printed.
    pub events: Vec<Glob>,
    /// Kinds of numbers.
    pub kinds: Vec<Kind>,
    /// Statuses.
    pub statuses: Vec<Status>,
}

/// Conditions on rows of profiles.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Events.
    pub events: Vec<Glob>,
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
