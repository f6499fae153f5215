//! The canonical event: what the hardware is told to count.

mod power;
mod x86;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

pub(super) use power::canonical as canonical_power;
pub(super) use x86::{Extra, amd_event, canonical_offcore, raw_mask};

/// One event of one microarchitecture: a PMU and what it is programmed with.
///
/// Two spellings are the same event exactly when these are equal on one microarchitecture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Event {
    /// The PMU: `cpu`, `cpu_core`, `armv8_pmuv3`, `cpum_cf`; `software`, `tool`, `tracepoint`, `breakpoint` need no microarchitecture.
    pub pmu: &'static str,
    /// What it is programmed with.
    pub code: Code,
}

/// What a PMU is programmed with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// `attr.config` and `attr.config1` of perf.
    Number {
        /// Event number with unit mask and everything else that chooses what is counted.
        config: u64,
        /// The extra register: mask of an offcore response, threshold of a load latency.
        config1: u64,
    },
    /// A name of the kernel or of the tool, where there is no number that means the same everywhere.
    Named(String),
}

impl Event {
    /// An event with a number.
    pub(super) fn numbered(pmu: &'static str, config: u64, config1: u64) -> Self {
        Self { pmu, code: Code::Number { config, config1 } }
    }

    /// An event with a name.
    pub(super) fn named(pmu: &'static str, name: &str) -> Self {
        Self { pmu, code: Code::Named(name.to_owned()) }
    }

    /// `attr.config`, when it has a number.
    pub fn config(&self) -> Option<u64> {
        match self.code {
            Code::Number { config, .. } => Some(config),
            Code::Named(_) => None,
        }
    }

    /// Whether it means the same on every machine: the kernel counts it, not the CPU.
    pub fn is_universal(&self) -> bool {
        matches!(self.pmu, "software" | "tool" | "tracepoint" | "breakpoint")
    }
}

/// The name of a PMU that no table of the program has, kept for the life of the program: a machine has a few dozen.
pub(super) fn interned(pmu: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(pmu) {
        return known;
    }
    let name: &'static str = Box::leak(pmu.to_owned().into_boxed_str());
    names.insert(name);
    name
}

/// `cpu/0x3c/`, `cpu/0x1b7,config1=0x10001/`, `tracepoint/sched:sched_switch/`
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Code::Number { config, config1: 0 } => write!(f, "{}/{config:#x}/", self.pmu),
            Code::Number { config, config1 } => write!(f, "{}/{config:#x},config1={config1:#x}/", self.pmu),
            Code::Named(name) => write!(f, "{}/{name}/", self.pmu),
        }
    }
}
