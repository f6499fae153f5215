//! What the database holds, row by row, in natural order and bounded memory.
//!
//! Every listing walks the ledger or its table in pages, each found by the key after the last row of the page before. Values of one
//! filter are alternatives, different filters must all hold. Text is compared by bytes on both databases; globs are matched here, so
//! that they mean the same on both.

mod entries;
mod facts;
mod filter;
mod glob;
mod imports;
mod listed;
mod names;
mod observed;
mod rejects;
mod results;
mod runs;
pub mod selection;
mod sources;
mod supports;
mod unresolved;
mod wanted;

pub use entries::EntryRecord;
pub use facts::{Fact, Facts, RunFacts};
pub use filter::{EntryFilter, RejectFilter, SupportFilter};
pub use glob::Glob;
pub use imports::ImportRecord;
pub use listed::ListedRecord;
pub use names::{Binding, CanonicalName, NameIds, Names, PlaceIds};
pub use observed::{ObservedOn, ObservedRecord};
pub use rejects::RejectRecord;
pub use results::ResultRecord;
pub use runs::RunRecord;
pub use selection::Selection;
pub use sources::SourceRecord;
pub use supports::SupportRecord;
pub use unresolved::UnresolvedRecord;

use std::ops::ControlFlow;

/// Whether the reader wants more rows.
pub type Flow = ControlFlow<()>;
