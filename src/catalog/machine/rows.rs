//! Rows of the tables of perf's vendor names, `OProfile`, libpfm4 and PAPI.

use crate::catalog::bundle::{bundle, hexadecimal};
use crate::catalog::event::Extra;

/// A name of the vendor, from perf's tables.
#[derive(Debug)]
pub(in crate::catalog) struct Vendor {
    /// `cpu`, or the PMU of a kind of core: `cpu_atom`.
    pub(in crate::catalog) pmu: &'static str,
    /// `CPU_CLK_UNHALTED.THREAD`
    pub(in crate::catalog) name: &'static str,
    /// `attr.config`
    pub(in crate::catalog) config: u64,
    /// `attr.config1`
    pub(in crate::catalog) config1: u64,
    /// Whether the vendor gave it up.
    pub(in crate::catalog) is_deprecated: bool,
}

/// The vendor's names of a folder.
pub(super) fn vendor(folder: &str) -> Vec<Vendor> {
    let rows = bundle().rows(&format!("perf/{folder}"));
    rows.filter_map(|mut cells| {
        let pmu = cells.text();
        Some(Vendor {
            pmu: pmu.split(':').next().unwrap_or(pmu),
            name: cells.text(),
            config: cells.number()?,
            config1: cells.number().unwrap_or(0),
            is_deprecated: cells.flag(),
        })
    })
    .collect()
}

/// An event of an `OProfile` CPU type.
#[derive(Debug)]
pub(in crate::catalog) struct Oprofile {
    /// Its name; case matters.
    pub(in crate::catalog) name: &'static str,
    /// Number of the event.
    pub(in crate::catalog) number: u64,
    /// Whether masks may be added up.
    pub(in crate::catalog) is_bitmask: bool,
    /// Whether the default mask is given by name: its bits are in `default_config` alone.
    pub(in crate::catalog) default_name: Option<&'static str>,
    /// The mask that is taken when none is given.
    pub(in crate::catalog) default_mask: u64,
    /// What is programmed then.
    pub(in crate::catalog) default_config: u64,
    /// The masks.
    pub(in crate::catalog) masks: Vec<UnitMask>,
}

/// A unit mask of `OProfile`.
#[derive(Debug)]
pub(in crate::catalog) struct UnitMask {
    /// Its number.
    pub(in crate::catalog) value: u64,
    /// Its name; empty when it has none.
    pub(in crate::catalog) name: &'static str,
    /// What it adds to the encoding.
    pub(in crate::catalog) extra: u64,
}

/// The events of a CPU type.
pub(super) fn oprofile(cpu_type: &str) -> Vec<Oprofile> {
    let rows = bundle().rows(&format!("oprofile/{cpu_type}"));
    rows.filter_map(|mut cells| {
        let (name, number) = (cells.text(), cells.number()?);
        let is_bitmask = cells.text() == "bitmask";
        let default = cells.text();
        let (default_name, default_mask) = default.split_once('=').map_or((None, default), |(name, mask)| (Some(name), mask));
        Some(Oprofile {
            name,
            number,
            is_bitmask,
            default_name,
            default_mask: hexadecimal(default_mask)?,
            default_config: cells.number()?,
            masks: cells.text().split(';').filter_map(unit_mask).collect(),
        })
    })
    .collect()
}

/// `0x1:stall_cycles[cmask=1,inv]`; numbers in brackets are hexadecimal.
fn unit_mask(text: &'static str) -> Option<UnitMask> {
    let (value, rest) = text.split_once(':')?;
    let (name, words) = rest.split_once('[').unwrap_or((rest, ""));
    let mut extra = Extra::default();
    for word in words.trim_end_matches(']').split(',').filter(|word| !word.is_empty()) {
        match word.split_once('=').unwrap_or((word, "1")) {
            ("cmask", number) => extra.cmask = u64::from_str_radix(number.trim_start_matches("0x"), 16).ok()?,
            ("inv", _) => extra.inv = true,
            ("edge", _) => extra.edge = true,
            ("any", _) => extra.any = true,
            // Says that the event can be counted precisely.
            ("pebs", _) => {}
            _ => return None,
        }
    }
    Some(UnitMask { value: hexadecimal(value)?, name, extra: extra.bits() })
}

/// A PMU of libpfm4 with its names.
#[derive(Debug)]
pub(in crate::catalog) struct PfmTable {
    /// Name of the PMU: `ivb`.
    pub(in crate::catalog) pmu: &'static str,
    /// The kernel's PMU that it is, where a machine has several: `cpu_core`; else empty.
    pub(in crate::catalog) kernel_pmu: &'static str,
    /// Its rows.
    pub(in crate::catalog) rows: Vec<Pfm>,
}

/// An event of libpfm4, or one of its unit masks.
#[derive(Debug)]
pub(in crate::catalog) struct Pfm {
    /// The event.
    pub(in crate::catalog) event: &'static str,
    /// The unit mask; empty for the event by itself.
    pub(in crate::catalog) mask: &'static str,
    /// `attr.config`; `None` when the event cannot be counted without a unit mask.
    pub(in crate::catalog) config: Option<u64>,
    /// `attr.config1`
    pub(in crate::catalog) config1: u64,
    /// Whether the mask is taken when none of its group is given.
    pub(in crate::catalog) is_default: bool,
    /// `perf_event_attr.type` where it is not raw: 0 hardware, 1 software, 3 cache.
    pub(in crate::catalog) perf_type: &'static str,
}

/// The tables of a list of PMUs: `ivb`, `cpu_core:adl_glc|cpu_atom:adl_grt`.
pub(super) fn pfm(list: &'static str) -> Vec<PfmTable> {
    list.split('|').filter(|name| !name.is_empty()).map(pfm_table).filter(|table| !table.rows.is_empty()).collect()
}

/// The table of a PMU; without rows when libpfm4 has no such PMU.
pub(in crate::catalog) fn pfm_table(name: &'static str) -> PfmTable {
    let (kernel_pmu, pmu) = name.split_once(':').unwrap_or(("", name));
    let rows = bundle().rows(&format!("libpfm4/{pmu}")).map(|mut cells| Pfm {
        event: cells.text(),
        mask: cells.text(),
        config: cells.number(),
        config1: cells.number().unwrap_or(0),
        is_default: cells.flag(),
        perf_type: cells.text(),
    });
    PfmTable { pmu, kernel_pmu, rows: rows.collect() }
}

/// A preset of PAPI.
#[derive(Debug)]
pub(in crate::catalog) struct Preset {
    /// The kernel's PMU that it belongs to, as [`PfmTable::kernel_pmu`].
    pub(in crate::catalog) kernel_pmu: &'static str,
    /// PAPI's label of the CPU.
    pub(in crate::catalog) cpu: &'static str,
    /// `PAPI_TOT_CYC`
    pub(in crate::catalog) name: &'static str,
    /// `native`, or how it is derived: `derived_add`.
    pub(in crate::catalog) kind: &'static str,
    /// `derived_postfix`: the expression.
    pub(in crate::catalog) expression: &'static str,
    /// The events it is made of, as libpfm4 names them.
    pub(in crate::catalog) natives: Vec<&'static str>,
}

/// The presets of a list of labels.
pub(super) fn presets(list: &'static str) -> Vec<Preset> {
    list.split('|').flat_map(presets_of).collect()
}

fn presets_of(label: &'static str) -> impl Iterator<Item = Preset> {
    let (kernel_pmu, cpu) = label.split_once(':').unwrap_or(("", label));
    bundle().rows(&format!("papi/{cpu}")).map(move |mut cells| Preset {
        kernel_pmu,
        cpu,
        name: cells.text(),
        kind: cells.text(),
        expression: cells.text(),
        natives: cells.text().split('|').collect(),
    })
}
