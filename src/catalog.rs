//! One event, many names: which hardware event each tool's spelling means on each microarchitecture.
//!
//! Names lie, encodings do not: two spellings are one event when they program the same PMU with the same number on one
//! microarchitecture ([`Event`]), and never because their texts are equal. Facts (names and numbers of other people's tables) are
//! packed into the binary; `docs/catalog.md` names the sources. Nothing here reads a file or a database.

mod bundle;
pub mod classes;
mod compare;
mod conflicts;
mod disputes;
mod event;
pub mod import;
mod listing;
mod machine;
mod microarch;
mod own;
mod resolution;
mod resolve;
mod spelling;
mod tool;
mod verdict;

pub use compare::{Comparison, Relation, Side, compare};
pub use conflicts::{Conflict, conflicts};
pub use disputes::{Dispute, disputes};
pub use event::{Code, Event};
pub use listing::{Listed, Support, Supported, list, names, support};
pub use machine::{Codes, Machine};
pub use microarch::{Microarch, Row, SeedName, UnknownName, find, named, rows, seed_names};
pub use own::{Own, Statement, Weight};
pub use resolution::{Candidate, Formula, Method, Operand, Resolution, Status};
pub use resolve::resolve;
pub use spelling::{Attribute, Mask, Modifiers, Name, OprofileFields, Scope, Spelling};
pub use tool::Tool;
pub use verdict::{Listing, Seen, Verdict, weigh};

/// Version of the tables in this binary, and where they come from.
pub fn version() -> (&'static str, &'static str) {
    let bundle = bundle::bundle();
    (bundle.version, bundle.sources)
}
