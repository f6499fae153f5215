//! One number of a run, and the names it refers to.

use std::cell::RefCell;
use std::hash::Hash;
use std::sync::Arc;

use super::intern::hash_of;
use super::pool::Pool;
use super::{Key, Number};

/// What kind of number a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i16)]
pub enum Kind {
    /// A counter that was read.
    Count = 0,
    /// A number that the tool derived and printed (`0.56 insn per cycle`, a topdown share).
    Metric = 1,
    /// A count that was estimated from samples (samples x sampling period).
    Estimate = 2,
}

impl Kind {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Metric => "metric",
            Self::Estimate => "estimate",
        }
    }

    /// The kind that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Count, Self::Metric, Self::Estimate].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Whether the tool gave a number. Absence is information: the three are different facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i16)]
pub enum Status {
    /// A number was printed.
    Counted = 0,
    /// The event exists but never got a counter while the run lasted.
    NotCounted = 1,
    /// The machine or its kernel does not know the event.
    NotSupported = 2,
}

impl Status {
    /// The word used in every output, as perf prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::NotCounted => "not counted",
            Self::NotSupported => "not supported",
        }
    }

    /// The status that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Counted, Self::NotCounted, Self::NotSupported].into_iter().find(|status| status.as_str() == word)
    }
}

/// Remarks on a number, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub i16);

impl Flags {
    /// The printed integer is above 2^63 - 1 (a wrapped or scaled counter): kept as float only.
    pub const BEYOND_I64: Self = Self(1);

    /// Whether every bit of `other` is set.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How a tool wrote an event, with the unit and the kind of number it stood for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spelling {
    /// The event as printed, modifiers included: `cycles:u`, `cpu/event=0x3c/`, `insn per cycle`.
    pub text: String,
    /// The unit as printed: `msec`, `Joules`, `%`; `None` when there is none.
    pub unit: Option<String>,
    /// What kind of number it names.
    pub kind: Kind,
}

/// The borrowed form of a [`Spelling`]: text, unit, kind.
impl Key<Arc<Spelling>> for (&str, Option<&str>, Kind) {
    /// Nearly always the text alone tells: what is beside it is mixed in, not hashed with it.
    fn hash_key(&self) -> u64 {
        let &(text, unit, kind) = self;
        let unit = unit.map_or(0, |unit| hash_of(unit).rotate_left(1));
        hash_of(text).wrapping_add(unit).wrapping_add(kind as u64)
    }

    fn is(&self, owned: &Arc<Spelling>) -> bool {
        Spelling::is(owned, *self)
    }

    fn to_owned_key(&self, hash: u64) -> Arc<Spelling> {
        let &(text, unit, kind) = self;
        let make = || Arc::new(Spelling { text: text.to_owned(), unit: unit.map(str::to_owned), kind });
        SPELLINGS.with_borrow_mut(|pool| pool.get(hash, |known| known.is(*self), make))
    }
}

impl Spelling {
    fn is(&self, (text, unit, kind): (&str, Option<&str>, Kind)) -> bool {
        text == self.text && unit == self.unit.as_deref() && kind == self.kind
    }
}

thread_local! {
    static SPELLINGS: RefCell<Pool<Spelling>> = RefCell::default();
}

/// What part of the machine or the workload a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScopeKind {
    /// No label: everything the run covered.
    Whole,
    /// `CPU3`.
    Cpu,
    /// `S0-D0-C3`, or `S0-C3` before perf 5.3.
    Core,
    /// `S0-D0`.
    Die,
    /// `S0-D0-CLS0`.
    Cluster,
    /// `S0-D0-L3-ID0`.
    Cache,
    /// `S0`.
    Socket,
    /// `N0`.
    Node,
    /// `comm-pid` of perf; `tid:4711` of OProfile, and its `tgid:4711` for all threads of a process.
    Thread,
}

impl ScopeKind {
    /// Every kind with the word used in every output and in the database.
    pub const WORDS: [(Self, &'static str); 9] = [
        (Self::Whole, "whole"),
        (Self::Cpu, "cpu"),
        (Self::Core, "core"),
        (Self::Die, "die"),
        (Self::Cluster, "cluster"),
        (Self::Cache, "cache"),
        (Self::Socket, "socket"),
        (Self::Node, "node"),
        (Self::Thread, "thread"),
    ];

    /// The word used in every output and in the database.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The kind that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }
}

/// What a result covers when it is not the whole run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// What the label names.
    pub kind: ScopeKind,
    /// The label as printed: `CPU0`, `S0-D0-C0`, `bash-123`; empty for [`ScopeKind::Whole`].
    pub label: String,
    /// The cgroup; `Some("")` when the run has a cgroup column that is empty in this row.
    pub cgroup: Option<String>,
    /// How many CPUs or counters the tool added up for this row, as printed.
    pub members: Option<i32>,
}

/// The borrowed form of a [`Scope`]: kind, label, cgroup, members.
impl Key<Scope> for (ScopeKind, &str, Option<&str>, Option<i32>) {
    fn is(&self, owned: &Scope) -> bool {
        self.0 == owned.kind && self.1 == owned.label && self.2 == owned.cgroup.as_deref() && self.3 == owned.members
    }

    fn to_owned_key(&self, _: u64) -> Scope {
        Scope { kind: self.0, label: self.1.to_owned(), cgroup: self.2.map(str::to_owned), members: self.3 }
    }
}

/// One number of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunResult {
    /// Index of the run in [`super::Report::runs`].
    pub run: u32,
    /// Line of the file, from 1.
    pub line: u32,
    /// Index into [`super::Report::spellings`].
    pub spelling: u32,
    /// Index into [`super::Report::scopes`]; `None` means the whole run and no cgroup.
    pub scope: Option<u32>,
    /// The number; `Some` exactly when it was counted.
    pub number: Option<Number>,
    /// Whether there is a number, and why not.
    pub status: Status,
    /// Remarks.
    pub flags: Flags,
    /// End of the interval since the start of the run, nanoseconds; `None` outside interval mode and for its summary.
    pub interval_ns: Option<i64>,
    /// Share of the time that the event was on a counter, percent; `None` when not printed.
    pub running_percent: Option<f64>,
    /// Standard error of the mean over the repeats in percent of the mean; `None` when not printed.
    pub spread_percent: Option<f64>,
    /// Time that the event was on a counter, nanoseconds, summed over CPUs; `None` when not printed.
    pub runtime_ns: Option<i64>,
    /// Index in [`super::Report::results`] of the counter that a metric belongs to.
    pub metric_of: Option<u32>,
}

impl RunResult {
    /// A result with nothing but its place, name and number.
    pub fn new(run: u32, line: u32, spelling: u32, status: Status, number: Option<Number>) -> Self {
        Self {
            run,
            line,
            spelling,
            scope: None,
            number,
            status,
            flags: Flags::default(),
            interval_ns: None,
            running_percent: None,
            spread_percent: None,
            runtime_ns: None,
            metric_of: None,
        }
    }
}
