//! Names of libpfm4: an event, its unit masks, and words that change the encoding; without case.

use super::words::{self, Base};
use super::{Found, Place, universal};
use crate::catalog::event::{Event, Extra};
use crate::catalog::machine::{Pfm, PfmTable, pfm_table};
use crate::catalog::resolution::{Candidate, Method};
use crate::catalog::spelling::Attribute;

/// The architectural events of Intel, by the names of libpfm4's PMU `ix86arch`, which no table here has.
///
/// Source: libpfm4, `lib/events/intel_x86_arch_events.h`; its reference cycles are bus cycles, unlike those of the other PMUs.
const ARCHITECTURAL: &[(&str, u64)] = &[
    ("UNHALTED_CORE_CYCLES", 0x3c),
    ("INSTRUCTION_RETIRED", 0xc0),
    ("UNHALTED_REFERENCE_CYCLES", 0x13c),
    ("LLC_REFERENCES", 0x4f2e),
    ("LLC_MISSES", 0x412e),
    ("BRANCH_INSTRUCTIONS_RETIRED", 0xc4),
    ("MISPREDICTED_BRANCH_RETIRED", 0xc5),
];

/// Hardware events of the kernel in the order of their numbers (`enum perf_hw_id`).
pub(super) const HARDWARE: &[&str] = &[
    "cpu-cycles",
    "instructions",
    "cache-references",
    "cache-misses",
    "branch-instructions",
    "branch-misses",
    "bus-cycles",
    "stalled-cycles-frontend",
    "stalled-cycles-backend",
    "ref-cycles",
];

/// Caches of the kernel in the order of their numbers (`enum perf_hw_cache_id`).
const CACHES: &[&str] = &["L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node"];

impl Place<'_> {
    /// `[pmu::]event[:mask][:word]...`
    pub(super) fn pfm(&self, pmu: Option<&str>, event: &str, attributes: &[Attribute]) -> Found {
        let is = |name: &str| pmu.is_some_and(|pmu| pmu.eq_ignore_ascii_case(name));
        if is("perf") {
            return self.pfm_perf(event, attributes);
        }
        if is("perf_raw") {
            return self.pfm_raw(event, attributes);
        }
        if is("ix86arch") {
            return self.architectural(event, attributes);
        }
        let tables = self.machine.pfm();
        let wanted: Vec<&PfmTable> = tables.iter().filter(|table| pmu.is_none() || is(table.pmu)).collect();
        if wanted.is_empty() {
            return Found::nothing(self.no_table(pmu));
        }
        let mut reason = format!("libpfm4 has no '{event}' for {}", self.microarch());
        let mut candidates = Vec::new();
        for table in wanted {
            match self.in_table(table, event, attributes) {
                Some(Ok(found)) => candidates.extend(found),
                Some(Err(why)) => reason = why,
                None => {}
            }
        }
        let found = Found::events(candidates, || reason);
        if pmu.is_none() { found.or_else_perf(|| self.pfm_perf(event, attributes)) } else { found }
    }

    /// `perf_raw::r003c`: what the kernel takes as a raw number.
    fn pfm_raw(&self, event: &str, attributes: &[Attribute]) -> Found {
        let digits = event.strip_prefix(['r', 'R']).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let is_plain = attributes.iter().all(|word| words::HOW.iter().any(|known| known.eq_ignore_ascii_case(&word.key)));
        let Some(number) = number.filter(|_| is_plain) else {
            return Found::nothing(format!("'{event}' with its words is no raw number of libpfm4"));
        };
        let found = self.raw(number);
        let each = found.candidates.into_iter().map(|one| Candidate { method: Method::Libpfm4, ..one });
        Found { candidates: each.collect(), ..found }
    }

    fn no_table(&self, pmu: Option<&str>) -> String {
        match pmu {
            Some(pmu) => format!("libpfm4's PMU '{pmu}' is not one of {}", self.microarch()),
            None => format!("libpfm4 has no PMU for {}", self.microarch()),
        }
    }

    /// Every event of its PMUs, by itself and with each unit mask.
    pub(super) fn pfm_names(&self) -> Vec<(String, Candidate)> {
        let mut all = Vec::new();
        for table in self.machine.pfm() {
            let source = format!("libpfm4/{}", table.pmu);
            for (row, config) in table.rows.iter().filter_map(|row| Some((row, row.config?))) {
                let text = if row.mask.is_empty() { row.event.to_owned() } else { format!("{}:{}", row.event, row.mask) };
                let pmus = self.machine.pmus().iter().filter(|pmu| table.kernel_pmu.is_empty() || table.kernel_pmu == **pmu);
                let event = |pmu: &&'static str| Event::numbered(pmu, config, row.config1);
                all.extend(pmus.map(|pmu| (text.clone(), Candidate::new(event(pmu), Method::Libpfm4, source.clone()))));
            }
        }
        all
    }

    /// `None` when the table has no such event.
    fn in_table(&self, table: &PfmTable, event: &str, attributes: &[Attribute]) -> Option<Result<Vec<Candidate>, String>> {
        let rows: Vec<&Pfm> = table.rows.iter().filter(|row| row.event.eq_ignore_ascii_case(event)).collect();
        let by_itself = rows.iter().find(|row| row.mask.is_empty())?;
        let (words, masks): (Vec<&Attribute>, Vec<&Attribute>) =
            attributes.iter().partition(|attribute| words::is_word(&rows, attribute));
        let number = masks.iter().find_map(|mask| words::unit_mask(mask));
        let code = match masks.as_slice() {
            [] => by_itself
                .config
                .map(|config| (config, by_itself.config1))
                .ok_or_else(|| format!("libpfm4's '{event}' needs a unit mask")),
            masks => match number {
                Some(_) if masks.len() > 1 => Err("a unit mask given as a number stands alone".to_owned()),
                Some(number) => self.with_mask_number(&rows, number),
                None => with_masks(&rows, masks),
            },
        };
        let mask = masks.first().filter(|_| masks.len() == 1 && number.is_none()).map_or("", |mask| mask.key.as_str());
        Some(code.and_then(|(config, config1)| {
            let (config, config1) = self.with_words(Base { config, config1, pmu: table.pmu, mask }, &words)?;
            let source = format!("libpfm4/{}", table.pmu);
            let pmus = self.machine.pmus().iter().filter(|pmu| table.kernel_pmu.is_empty() || table.kernel_pmu == **pmu);
            Ok(pmus.map(|pmu| Candidate::new(Event::numbered(pmu, config, config1), Method::Libpfm4, source.clone())).collect())
        }))
    }

    fn architectural(&self, event: &str, attributes: &[Attribute]) -> Found {
        let row = self.machine.microarch().row;
        let words: Vec<&Attribute> = attributes.iter().collect();
        let known = ARCHITECTURAL.iter().find(|(name, _)| name.eq_ignore_ascii_case(event));
        let Some((_, config)) = known.filter(|_| row.vendor == "GenuineIntel" && row.family == "6") else {
            return Found::nothing(format!("'{event}' is no architectural event of {}", self.microarch()));
        };
        match self.with_words(Base { config: *config, config1: 0, pmu: "ix86arch", mask: "" }, &words) {
            Ok((config, config1)) => {
                let each = self.machine.pmus().iter().map(|pmu| Event::numbered(pmu, config, config1));
                Found::events(
                    each.map(|event| Candidate::new(event, Method::Libpfm4, "libpfm4/ix86arch")).collect(),
                    String::new,
                )
            }
            Err(reason) => Found::nothing(reason),
        }
    }

    /// libpfm4's PMU `perf`: the kernel's events by other names.
    fn pfm_perf(&self, event: &str, attributes: &[Attribute]) -> Found {
        let nothing = || Found::nothing(format!("libpfm4's PMU 'perf' has no '{event}'"));
        let table = pfm_table("perf");
        let masks: Vec<&str> = attributes.iter().filter(|word| !word.is_modifier()).map(|word| word.key.as_str()).collect();
        let row = table.rows.iter().find(|row| row.mask.is_empty() && row.event.eq_ignore_ascii_case(event));
        let Some((row, number)) = row.and_then(|row| Some((row, row.config?))) else { return nothing() };
        let renamed = |name: &str| {
            let each = self.generic(name).into_iter().map(|candidate| Candidate { method: Method::Libpfm4, ..candidate });
            Found::events(each.collect(), || format!("the kernel's tables have no '{name}' for {}", self.microarch()))
        };
        match (row.perf_type, masks.as_slice()) {
            ("0", []) => hardware_event(number).map_or_else(nothing, renamed),
            ("1", []) => universal::software_number(number).map_or_else(nothing, |event| Found {
                candidates: vec![Candidate::new(event, Method::Libpfm4, "libpfm4/perf")],
                ..Found::default()
            }),
            ("3", masks) => cache_event(number, masks).map_or_else(nothing, |name| renamed(&name)),
            _ => nothing(),
        }
    }
}

impl Found {
    /// Tries libpfm4's PMU `perf`, and keeps the first reason when that has nothing either.
    fn or_else_perf(self, perf: impl FnOnce() -> Self) -> Self {
        if !self.is_nothing() {
            return self;
        }
        let found = perf();
        if found.is_nothing() { self } else { found }
    }
}

/// The code of an event with unit masks.
///
/// Several are added up only where that is what libpfm4 does: not for offcore responses, and not for masks that bring a counter mask.
fn with_masks(rows: &[&Pfm], masks: &[&Attribute]) -> Result<(u64, u64), String> {
    let find = |mask: &&Attribute| {
        let row = rows.iter().find(|row| row.mask.eq_ignore_ascii_case(&mask.key));
        row.and_then(|row| Some((*row, row.config?)))
            .ok_or_else(|| format!("libpfm4's '{}' has no unit mask '{}'", rows[0].event, mask.key))
    };
    let found = masks.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    if let [(row, config)] = found.as_slice() {
        return Ok((*config, row.config1));
    }
    let plain = found.iter().all(|(row, config)| row.config1 == 0 && config & Extra::BITS == 0);
    let groups = rows.iter().filter(|row| row.is_default).count();
    let code = match groups {
        _ if !plain => None,
        1 if found.iter().any(|(row, config)| holds_default(rows, row, *config)) => None,
        0 | 1 => Some(found.iter().fold(0, |all, (_, config)| all | config)),
        _ => of_groups(rows, &found),
    };
    code.map(|config| (config, 0))
        .ok_or_else(|| format!("the code of '{}' with these unit masks together is in no table", rows[0].event))
}

/// Whether the code of a mask may already hold the default of another group: it has all the bits of that.
fn holds_default(rows: &[&Pfm], row: &Pfm, config: u64) -> bool {
    const UMASK: u64 = 0xff00;
    let default = rows.iter().find(|row| row.is_default).and_then(|row| row.config).unwrap_or_default() & UMASK;
    !row.is_default && default != 0 && config & default == default
}

/// Masks of one group of Core 2 and Bonnell (libpfm4, `lib/events/intel_core_events.h`).
const GROUPS: &[&[&str]] = &[
    &["SELF", "BOTH_CORES"],
    &["THIS_AGENT", "ALL_AGENTS"],
    &["ANY", "PREFETCH", "EXCL_PREFETCH"],
    &["MESI", "M_STATE", "E_STATE", "S_STATE", "I_STATE"],
];

/// Masks of an event with several groups, where the table's code of one mask already holds the defaults of the other groups: a default
/// adds nothing to a mask of another group, and masks of one group that is not at its default are added up.
fn of_groups(rows: &[&Pfm], found: &[(&Pfm, u64)]) -> Option<u64> {
    let group = |row: &Pfm| GROUPS.iter().position(|group| group.contains(&row.mask));
    let chosen: Vec<&(&Pfm, u64)> = found.iter().filter(|(row, _)| !row.is_default).collect();
    let Some((first, _)) = chosen.first() else { return rows.iter().find(|row| row.mask.is_empty())?.config };
    let own = group(first)?;
    let alone = found.iter().all(|(row, _)| row.is_default != (group(row) == Some(own)));
    alone.then(|| chosen.iter().fold(0, |all, (_, config)| all | config))
}

/// The kernel's name of a hardware event by its number.
pub(super) fn hardware_event(number: u64) -> Option<&'static str> {
    usize::try_from(number).ok().and_then(|at| HARDWARE.get(at)).copied()
}

/// The kernel's name of a cache event by its number: `READ` and `MISS` unless told otherwise, as libpfm4 has it.
pub(super) fn cache_event(number: u64, masks: &[&str]) -> Option<String> {
    let operation = if masks.contains(&"WRITE") {
        "store"
    } else if masks.contains(&"PREFETCH") {
        "prefetch"
    } else {
        ["load", "store", "prefetch"].get(usize::try_from(number >> 8 & 0xff).ok()?).copied()?
    };
    let is_miss = if masks.contains(&"ACCESS") { false } else { masks.contains(&"MISS") || number >> 16 & 0xff == 1 };
    let known = masks.iter().all(|mask| matches!(*mask, "READ" | "WRITE" | "PREFETCH" | "ACCESS" | "MISS"));
    let cache = CACHES.get(usize::try_from(number & 0xff).ok()?)?;
    let name = super::perf::cache_name(&format!("{cache}-{operation}{}", if is_miss { "-misses" } else { "" }))?;
    known.then_some(name)
}
