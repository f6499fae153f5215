//! Plain data: what is read from a file, where it belongs, and what could not be used.
//!
//! Nothing here touches files or databases, and nothing here imports another module of the crate.

mod context;
mod entry;
mod intern;
mod name;
mod number;
mod place;
mod pool;
mod reject;
mod report;
mod result;
mod run;
mod source;
mod suffix;
mod support;

pub use context::Context;
pub use entry::{Entry, EntryKind};
pub use intern::{Interner, Key};
pub use name::{MAX_NAME, shortened};
pub use number::Number;
pub use place::{Environment, Given, Origin, Placement, ToolName};
pub use reject::{Reject, RejectKind};
pub use report::{Report, Tally};
pub use result::{Flags, Kind, RunResult, Scope, ScopeKind, Spelling, Status};
pub use run::Run;
pub use source::{Candidate, Digest, Identity, Parsed, SourceState, Stamp, Standing};
pub use suffix::{COMPRESSION, without_archive, without_compression};
pub use support::Support;
