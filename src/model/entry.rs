//! One row of a profile.

use std::cell::RefCell;
use std::sync::Arc;

use super::Key;
use super::pool::Pool;

/// What a row of a profile counts. Only rows of one kind may be added: the others count the same samples again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i16)]
pub enum EntryKind {
    /// All samples of an image, as a report without symbols lists them.
    Image = 0,
    /// All samples of a symbol of an image.
    Symbol = 1,
    /// The part of a symbol's samples that belongs to one address.
    Address = 2,
    /// The part of a symbol's samples, its callees included, that came through one caller.
    Caller = 3,
    /// The part of them that belongs to one callee.
    Callee = 4,
    /// The part of them that belongs to the symbol itself (`[self]`).
    Own = 5,
    /// All samples of an application, where its images are listed as well: the sum of their rows.
    Application = 6,
}

impl EntryKind {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Symbol => "symbol",
            Self::Address => "address",
            Self::Caller => "caller",
            Self::Callee => "callee",
            Self::Own => "self",
            Self::Application => "application",
        }
    }
}

/// One row of a profile for one event: where how many samples were taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Index of the run in [`super::Report::runs`].
    pub run: u32,
    /// Line of the file, from 1.
    pub line: u32,
    /// What the row counts.
    pub kind: EntryKind,
    /// Index into [`super::Report::spellings`]: the event as the report states it, `NAME:period:mask`.
    pub event: u32,
    /// The binary, library or module, as an index into [`super::Report::names`].
    pub image: Option<u32>,
    /// The application that the image ran for, likewise.
    pub app: Option<u32>,
    /// The symbol, likewise; of a caller or callee its own symbol.
    pub symbol: Option<u32>,
    /// The symbol whose callers and callees these are, likewise; only in call graphs.
    pub of_symbol: Option<u32>,
    /// Source file and line as printed, likewise.
    pub location: Option<u32>,
    /// Address in the image, as printed.
    pub address: Option<u64>,
    /// Number of samples.
    pub samples: i64,
    /// The share that is printed beside them, percent; of what depends on the kind of the row and on options of the tool.
    pub percent: Option<f64>,
    /// In a differential report: the relative change of the share since the first profile, percent.
    pub diff_percent: Option<f64>,
    /// CPU, where the report keeps CPUs apart.
    pub cpu: Option<i32>,
    /// Thread group, where the report keeps processes apart.
    pub process: Option<i64>,
    /// Thread, where the report keeps threads apart.
    pub thread: Option<i64>,
}

impl Key<Arc<str>> for str {
    fn is(&self, owned: &Arc<str>) -> bool {
        *self == **owned
    }

    fn to_owned_key(&self, hash: u64) -> Arc<str> {
        NAMES.with_borrow_mut(|pool| pool.get(hash, |known| known == self, || self.into()))
    }
}

thread_local! {
    static NAMES: RefCell<Pool<str>> = RefCell::default();
}
