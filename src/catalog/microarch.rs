//! Microarchitectures: which CPU has which tables, and the names people call them by.

mod identity;
mod names;

use std::sync::OnceLock;

use super::bundle::bundle;

pub use names::{SeedName, UnknownName, seed_names};

/// One row of the table of CPUs. A family and model range that shares every table is one row.
#[derive(Debug)]
pub struct Row {
    /// Architectures as `uname -m` prints them, parted by `|`.
    pub arch: &'static str,
    /// Vendor; on ARM with its number: `ARM:0x41`.
    pub vendor: &'static str,
    /// CPU family (x86), else as the table has it.
    pub family: &'static str,
    /// Models: numbers and ranges parted by `|`; hexadecimal part on ARM, PVR version on POWER, machine types on s390.
    pub model: &'static str,
    /// Steppings, likewise; empty when all.
    pub stepping: &'static str,
    /// Short name: `IVB`.
    pub short: &'static str,
    /// Common name: `Ivy Bridge client`.
    pub common: &'static str,
    /// Name of the core: `Ivy Bridge`.
    pub core: &'static str,
    /// Folder of perf's tables: `ivybridge`; empty when perf has none.
    pub perf: &'static str,
    /// CPU type of `OProfile`: `i386/ivybridge`.
    pub oprofile: &'static str,
    /// PMUs of libpfm4, parted by `|` where the row does not tell which.
    pub libpfm4: &'static str,
    /// Labels of PAPI's presets, likewise.
    pub papi: &'static str,
    /// Table of the kernel's generic events.
    pub generic: &'static str,
    /// What the sources disagree about.
    pub notes: &'static str,
    /// [`Row::key`], which takes a look at every other row, once it was asked for.
    key: OnceLock<String>,
}

impl Row {
    /// The key that outputs and users share: the folder of perf's tables without its vendor where that name means this
    /// microarchitecture, else the short name in lower case, else that and the models. CPUs of one short name and one folder have one key.
    pub fn key(&self) -> String {
        self.key.get_or_init(|| names::key(self)).clone()
    }

    /// Every key under which a database may have something of it: [`Row::key`], and the one that catalogues before 2026-08.1 gave to all
    /// but the first CPU of a short name.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.key()];
        keys.extend(names::former_key(self).filter(|former| *former != keys[0]));
        keys
    }

    /// Whether its codes are those of x86.
    pub(super) fn is_x86(&self) -> bool {
        self.arch.starts_with("x86") || self.arch == "i386"
    }

    /// Whether its codes have AMD's bits.
    pub(super) fn is_amd(&self) -> bool {
        matches!(self.vendor, "AuthenticAMD" | "HygonGenuine")
    }

    /// Whether it is POWER.
    pub(super) fn is_power(&self) -> bool {
        self.arch.starts_with("ppc64")
    }

    /// Whether it is ARM, 32 or 64 bits.
    pub(super) fn is_arm(&self) -> bool {
        matches!(self.arch, "arm" | "aarch64")
    }
}

/// A microarchitecture as somebody asked for it: a CPU, and one of its kinds of core where it has two.
#[derive(Debug, Clone, Copy)]
pub struct Microarch {
    /// The CPU.
    pub row: &'static Row,
    /// The PMU of the kind of core that was asked for (`cpu_core`); `None` when any.
    pub pmu: Option<&'static str>,
}

impl Microarch {
    /// Whether both are one, be it with CPUs of two models.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.row.key() == other.row.key() && self.pmu == other.pmu
    }
}

/// Every CPU of the table, in its order.
pub fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let row = |mut cells: super::bundle::Cells| Row {
            arch: cells.text(),
            vendor: cells.text(),
            family: cells.text(),
            model: cells.text(),
            stepping: cells.text(),
            short: cells.text(),
            common: cells.text(),
            core: cells.text(),
            perf: cells.text(),
            oprofile: cells.text(),
            libpfm4: cells.text(),
            papi: cells.text(),
            generic: cells.text(),
            notes: cells.text(),
            key: OnceLock::new(),
        };
        bundle().rows("microarch").map(row).collect()
    })
}

pub use identity::find;
pub use names::named;
