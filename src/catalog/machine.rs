//! The tables of one microarchitecture, each unpacked when it is first asked for.

mod generic;
mod rows;

use std::sync::OnceLock;

use super::bundle::bundle;
use super::event::{Event, canonical_offcore, canonical_power};
use super::microarch::Microarch;
use super::own::Own;

pub(super) use generic::{Generic, software};
pub(super) use rows::{Oprofile, Pfm, PfmTable, Preset, UnitMask, Vendor, pfm_table};

/// One microarchitecture with its tables. Building it is cheap; it may be shared between threads.
#[derive(Debug)]
pub struct Machine {
    microarch: Microarch,
    pmus: Vec<&'static str>,
    generic: Vec<Generic>,
    vendor: OnceLock<Vec<Vendor>>,
    oprofile: OnceLock<Vec<Oprofile>>,
    pfm: OnceLock<Vec<PfmTable>>,
    presets: OnceLock<Vec<Preset>>,
    own: Own,
}

/// How the codes of a machine are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// Event, unit mask and flags.
    X86 {
        /// The largest number of an event.
        widest: u64,
    },
    /// One number.
    Plain,
}

impl Machine {
    /// The machine of a microarchitecture.
    pub fn new(microarch: Microarch) -> Self {
        let generic = generic::of(microarch.row.generic);
        Self {
            microarch,
            pmus: pmus(&microarch, &generic),
            generic,
            vendor: OnceLock::new(),
            oprofile: OnceLock::new(),
            pfm: OnceLock::new(),
            presets: OnceLock::new(),
            own: Own::default(),
        }
    }

    /// The machine with what users say of its names.
    #[must_use]
    pub fn with(self, own: Own) -> Self {
        Self { own, ..self }
    }

    /// What users say of its names.
    pub fn own(&self) -> &Own {
        &self.own
    }

    /// Which microarchitecture it is.
    pub fn microarch(&self) -> Microarch {
        self.microarch
    }

    /// Its core PMUs: one, or several where it has cores of several kinds and none was chosen.
    pub fn pmus(&self) -> &[&'static str] {
        &self.pmus
    }

    /// Whether a PMU, as the kernel calls it, is one of its cores.
    pub fn is_core(&self, pmu: &str) -> bool {
        super::resolve::is_core(self, pmu)
    }

    /// How its codes are written.
    pub fn codes(&self) -> Codes {
        match self.microarch.row {
            row if row.is_amd() => Codes::X86 { widest: 0xfff },
            row if row.is_x86() => Codes::X86 { widest: 0xff },
            _ => Codes::Plain,
        }
    }

    /// PMUs of libpfm4, each with the one of the kernel that it is.
    pub fn pfm_pmus(&self) -> Vec<(&'static str, &'static str)> {
        let kernel =
            |table: &PfmTable| self.pmus.iter().copied().find(|pmu| table.kernel_pmu.is_empty() || table.kernel_pmu == *pmu);
        self.pfm().iter().filter_map(|table| Some((table.pmu, kernel(table)?))).collect()
    }

    /// Whether the numbers of its `OProfile` type are codes of groups.
    pub fn has_oprofile_groups(&self) -> bool {
        super::resolve::has_oprofile_groups(self)
    }

    /// The PMUs that a PMU of a table stands for: itself, or every one when the table knows of none in particular.
    ///
    /// On a machine with one kind of core all names are that PMU (`cpu-m-cf`, `cpu`); on others `cpu_core` and `cpu_atom` stay apart.
    pub(super) fn pmus_of(&self, table: &str) -> impl Iterator<Item = &'static str> {
        let is_hybrid = table.starts_with("cpu_");
        self.pmus.iter().copied().filter(move |pmu| !is_hybrid || *pmu == table)
    }

    /// The kernel's generic events of its PMUs.
    pub(super) fn generic(&self) -> impl Iterator<Item = &Generic> {
        self.generic.iter().filter(|row| row.event.pmu == "sbi" || self.pmus.contains(&row.event.pmu))
    }

    /// Generic events of another table that an old kernel may use for this machine.
    pub(super) fn inherited(&self, kernel: Option<&str>) -> Vec<Generic> {
        let is_zen = self.microarch.row.generic.starts_with("amdzen");
        if is_zen && generic::is_before_zen(kernel) { generic::of("amdfam10h") } else { Vec::new() }
    }

    /// perf's table of the vendor's names.
    pub(super) fn vendor(&self) -> &[Vendor] {
        self.vendor.get_or_init(|| rows::vendor(self.microarch.row.perf))
    }

    /// perf's table of what ARM numbers alike on every core, for cores that follow it; a core need not have all of them.
    pub(super) fn common(&self) -> &[Vendor] {
        static COMMON: OnceLock<Vec<Vendor>> = OnceLock::new();
        let follows = self.microarch.row.arch == "aarch64" && self.pmus == ["armv8_pmuv3"];
        if follows { COMMON.get_or_init(|| rows::vendor(COMMON_TABLE)) } else { &[] }
    }

    /// The events of its `OProfile` type.
    pub(super) fn oprofile(&self) -> &[Oprofile] {
        self.oprofile.get_or_init(|| rows::oprofile(self.microarch.row.oprofile))
    }

    /// libpfm4's PMUs.
    pub(super) fn pfm(&self) -> &[PfmTable] {
        self.pfm.get_or_init(|| rows::pfm(self.microarch.row.libpfm4))
    }

    /// PAPI's presets.
    pub(super) fn presets(&self) -> &[Preset] {
        self.presets.get_or_init(|| rows::presets(self.microarch.row.papi))
    }

    /// Whether the kernel knows two registers of offcore responses: from Westmere and Silvermont on (`PMU_FL_HAS_RSP_1`).
    fn has_two_offcore_registers(&self) -> bool {
        const NONE_OR_ONE: &[&str] = &["", "core", "core2", "bonnell", "nehalemep", "nehalemex"];
        self.microarch.row.vendor == "GenuineIntel" && !NONE_OR_ONE.contains(&self.microarch.row.generic)
    }

    /// The same event with the code that stands for all its codes.
    pub(super) fn canonical(&self, event: Event) -> Event {
        match event.code {
            super::Code::Number { config, config1 } if self.microarch.row.is_power() => {
                Event::numbered(event.pmu, canonical_power(self.microarch.row.generic, config), config1)
            }
            super::Code::Number { config, config1 } if config1 != 0 && self.has_two_offcore_registers() => {
                Event::numbered(event.pmu, canonical_offcore(config), config1)
            }
            _ => event,
        }
    }
}

/// The table of events that ARM numbers alike on every core.
pub(super) const COMMON_TABLE: &str = "arm/pmuv3-common";

/// The core PMUs, from the tables that name them; by the architecture where none does.
fn pmus(microarch: &Microarch, generic: &[Generic]) -> Vec<&'static str> {
    let row = microarch.row;
    let mut found: Vec<&'static str> = generic.iter().map(|row| row.event.pmu).filter(|pmu| *pmu != "sbi").collect();
    if found.is_empty() {
        let folders = bundle().rows(&format!("perf/{}", row.perf)).map(|mut cells| cells.text());
        found = folders.map(|pmu| pmu.split(':').next().unwrap_or(pmu)).filter(|pmu| pmu.starts_with("cpu_")).collect();
    }
    found.retain(|pmu| microarch.pmu.is_none_or(|wanted| wanted == *pmu));
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        found.push(match row.arch {
            "aarch64" => "armv8_pmuv3",
            "arm" => "armv7_pmu",
            "s390x" => "cpum_cf",
            _ => "cpu",
        });
    }
    found
}
