//! What a spelling was found to mean.

use super::event::Event;
use super::spelling::{Scope, Spelling};

/// What a spelling means on one microarchitecture.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The spelling.
    pub spelling: Spelling,
    /// How sure it is.
    pub status: Status,
    /// Every event that it may mean, each once, in the order of the tables; one when it is resolved and not derived.
    pub candidates: Vec<Candidate>,
    /// How it is computed, when it is no event of the hardware.
    pub formula: Option<Formula>,
    /// Why there is no single event; empty when there is.
    pub reason: String,
    /// What the number covers.
    pub scope: Scope,
}

/// How sure a resolution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// One event, or one formula.
    Resolved,
    /// Several events are possible; what decides is not known here.
    Ambiguous,
    /// No table has it.
    Unresolved,
}

impl Status {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Ambiguous => "ambiguous",
            Self::Unresolved => "unresolved",
        }
    }
}

/// An event that a spelling may mean, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The event.
    pub event: Event,
    /// The step that found it.
    pub method: Method,
    /// The table that it was found in: `perf/ivybridge`, `libpfm4/ivb`; empty when none was needed.
    pub source: String,
    /// Whether the vendor gave the name up.
    pub is_deprecated: bool,
    /// Whether it counts a part of what the name says: on s390 `cycles:u` reads a counter of its own.
    pub is_subset: bool,
}

impl Candidate {
    pub(super) fn new(event: Event, method: Method, source: impl Into<String>) -> Self {
        Self { event, method, source: source.into(), is_deprecated: false, is_subset: false }
    }
}

/// The step that found an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A person decided.
    Hand,
    /// The machine itself told, in a file that the user gave.
    OwnMachine,
    /// A table that the user gave.
    OwnTable,
    /// A name that means the same on every machine.
    Universal,
    /// A raw number.
    Raw,
    /// The terms of a PMU.
    Terms,
    /// The kernel's generic events.
    Generic,
    /// The kernel's names below `/sys`.
    Sysfs,
    /// A vendor's name of perf's tables.
    Vendor,
    /// A vendor's name that perf encodes otherwise than the vendor.
    PerfOverride,
    /// The tables of `OProfile`.
    Oprofile,
    /// The tables of libpfm4.
    Libpfm4,
    /// A preset of PAPI that is one native event.
    Preset,
}

impl Method {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hand => "by hand",
            Self::OwnMachine => "told by the machine",
            Self::OwnTable => "imported table",
            Self::Universal => "universal name",
            Self::Raw => "raw code",
            Self::Terms => "PMU terms",
            Self::Generic => "kernel generic",
            Self::Sysfs => "kernel sysfs name",
            Self::Vendor => "perf vendor name",
            Self::PerfOverride => "perf override",
            Self::Oprofile => "oprofile table",
            Self::Libpfm4 => "libpfm4 table",
            Self::Preset => "papi preset",
        }
    }
}

/// How a derived preset is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// The table: `papi/ivb`.
    pub source: String,
    /// `derived_add`, `derived_sub`, `derived_postfix`, `derived_cmpd`.
    pub kind: String,
    /// The expression in reverse Polish notation, `N0` the first operand; empty unless the kind is `derived_postfix`.
    pub expression: String,
    /// What it is computed from.
    pub operands: Vec<Operand>,
}

/// An operand of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Its name in libpfm4.
    pub name: String,
    /// The event; `None` when the name was not resolved to one.
    pub event: Option<Event>,
}

impl Formula {
    /// Whether both compute the same from the same events.
    pub(super) fn equals(&self, other: &Self) -> bool {
        let events = |formula: &Self| formula.operands.iter().map(|operand| operand.event.clone()).collect::<Option<Vec<_>>>();
        let ours = events(self);
        self.kind == other.kind && self.expression == other.expression && ours.is_some() && ours == events(other)
    }
}

/// `derived_sub(A, B)`, `derived_postfix N0|N1|+| (A, B)`
impl std::fmt::Display for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.operands.iter().map(|operand| operand.name.as_str()).collect();
        let blank = if self.expression.is_empty() { "" } else { " " };
        write!(f, "{}{blank}{}({})", self.kind, self.expression, names.join(", "))
    }
}

impl Resolution {
    /// The one event, when there is one.
    pub fn event(&self) -> Option<&Event> {
        match (self.status, self.candidates.as_slice()) {
            (Status::Resolved, [candidate]) => Some(&candidate.event),
            _ => None,
        }
    }

    /// How the spelling stands to its event: `same`, `subset` or `derived`; `None` when there is no single event.
    pub fn relation(&self) -> Option<&'static str> {
        match (self.status, &self.formula) {
            (Status::Resolved, Some(_)) => Some("derived"),
            (Status::Resolved, None) if self.candidates.iter().any(|candidate| candidate.is_subset) => Some("subset"),
            (Status::Resolved, None) => Some("same"),
            _ => None,
        }
    }
}
