//! One file, archive member or stream that was read.

use std::fmt;
use std::sync::Arc;

use super::{Placement, Reject, Report, Tally};

/// The first 128 bits of the BLAKE3 hash of a source's bytes; `b3sum` prints the same as the first 32 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from(blake3::hash(bytes))
    }
}

impl From<blake3::Hash> for Digest {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What a source is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The absolute location that `path` is below, or `None` for a stream, which has no place to come back to.
    pub root: Option<String>,
    /// The logical path: below the argument (a file given by itself: its name), `/` between parts, `-` for standard input.
    /// Bytes that are no UTF-8 are written `\xHH`, and a backslash `\\`, so that every name can be stored and found again.
    pub path: String,
}

impl Identity {
    /// Longest root and longest path that can be stored, in bytes: PostgreSQL cannot index much above 2,700.
    pub const LONGEST: usize = 2000;

    /// Root, if there is one, and path.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.root.as_deref().into_iter().chain([self.path.as_str()])
    }

    /// Bytes of the longer of them.
    pub fn longest(&self) -> usize {
        self.texts().map(str::len).max().unwrap_or(0)
    }

    /// Whether it is short enough to be stored.
    pub fn fits(&self) -> bool {
        self.longest() <= Self::LONGEST
    }

    /// Root and path as one absolute location; `None` for a stream.
    pub fn location(&self) -> Option<String> {
        let root = self.root.as_deref()?;
        let slash = if root.ends_with('/') { "" } else { "/" };
        Some([root, slash, &self.path].concat())
    }
}

/// Size and last change of a file, as the file system states them: what tells an unchanged file from others without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// Last change, microseconds since the epoch.
    pub modified_at: i64,
}

/// A file by which the ledger is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it would be known by.
    pub identity: Identity,
    /// Its size and last change.
    pub stamp: Stamp,
    /// What lies around it, as [`Parsed::sides`].
    pub sides: Option<Arc<str>>,
}

/// What the ledger says of a file by its location and its [`Stamp`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing that could be relied on: it is to be read.
    New,
    /// It was loaded as it is now.
    Known,
    /// The same, but an older parser than that of its format now read it, or other side files placed it.
    Stale,
}

/// How far a source came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceState {
    /// It was read as a known format.
    Known,
    /// It holds no result of a known format; the text says what it was taken for.
    Unknown(String),
    /// It could not be used as a whole.
    Rejected(Reject),
}

impl SourceState {
    /// What a side file is taken for.
    pub const SIDECAR: &str = "side file of prc-etl";
    /// What a captured system file is taken for, with its kind after it.
    pub const CAPTURED: &str = "captured system file";

    /// Whether it holds no result because it speaks of others, as it should.
    pub fn is_aside(&self) -> bool {
        matches!(self, Self::Unknown(taken_for) if taken_for == Self::SIDECAR || taken_for.starts_with(Self::CAPTURED))
    }
}

/// A source that was read, parsed and placed: everything that the store needs, nothing that refers to the text.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What the source is known by.
    pub identity: Identity,
    /// Hash of its bytes; `None` when they could not be read.
    pub digest: Option<Digest>,
    /// Size in bytes.
    pub bytes: u64,
    /// Last change, microseconds since the epoch; `None` for a stream.
    pub modified_at: Option<i64>,
    /// Name of the format it was read as; `None` unless known.
    pub format: Option<&'static str>,
    /// Version of the parser of that format.
    pub parser_version: i32,
    /// How far it came.
    pub state: SourceState,
    /// What the parser found; empty unless known.
    pub report: Report,
    /// One placement for each run of the report; runs of many sources share one.
    pub placements: Vec<Arc<Placement>>,
    /// What lies around it and can say where its runs belong, nearest first: a path and a hash a line; `None` when nothing does.
    pub sides: Option<Arc<str>>,
    /// Whether there are path templates for it and none reads its path.
    pub off_layout: bool,
    /// Whether something that was said of its runs stands against something else that was said; the notes have both.
    pub contradicted: bool,
}

impl Parsed {
    /// Where every line went.
    pub fn tally(&self) -> Tally {
        self.report.tally
    }
}
