//! Names of perf: the kernel's generic events, and the vendor's names.

use super::{Found, Place};
use crate::catalog::event::Event;
use crate::catalog::machine::{COMMON_TABLE, Generic, Vendor};
use crate::catalog::resolution::{Candidate, Method};
use crate::catalog::spelling::{Modifiers, Scope};

/// Names that perf encodes itself, whatever the vendor's table says (tools/perf/pmu-events/jevents.py, `fixed`).
const OVERRIDES: &[(&str, u64)] = &[
    ("INST_RETIRED.ANY", 0xc0),
    ("INST_RETIRED.ANY_P", 0xc0),
    ("CPU_CLK_UNHALTED.REF", 0x300),
    ("CPU_CLK_UNHALTED.THREAD", 0x3c),
    ("CPU_CLK_UNHALTED.CORE", 0x3c),
    ("CPU_CLK_UNHALTED.THREAD_ANY", 0x20_003c),
];

impl Place<'_> {
    /// A bare name.
    pub(super) fn perf_name(&self, name: &str, modifiers: &Modifiers) -> Found {
        let found = self.of_one_ring(name, modifiers);
        let found = if found.is_empty() { self.generic(name) } else { found };
        let found = if found.is_empty() { self.vendor(name) } else { found };
        // The kernel's names come last: where it gives one another code (POWER10), that is meant inside the slashes of the PMU alone.
        let found = if found.is_empty() { self.sysfs(name) } else { found };
        let found = if found.is_empty() { self.stated_on_core(name) } else { found };
        Found::events(found, || self.why_not(name))
    }

    /// A name between the slashes of a PMU: a generic name, the kernel's own alias, a vendor's name.
    pub(super) fn name_inside(&self, name: &str, modifiers: &Modifiers) -> Vec<Candidate> {
        let found = self.of_one_ring(name, modifiers);
        let found = if found.is_empty() { self.generic(name) } else { found };
        let found = if found.is_empty() { self.sysfs(name) } else { found };
        if found.is_empty() { self.vendor(name) } else { found }
    }

    fn why_not(&self, name: &str) -> String {
        let row = self.machine.microarch().row;
        if row.generic.is_empty() && row.perf.is_empty() {
            return format!("neither the kernel's nor perf's tables know {}", self.microarch());
        }
        if is_generic_name(name) {
            return format!("the kernel's tables have no '{name}' for {}", self.microarch());
        }
        format!("neither the kernel's nor perf's tables have '{name}' for {}", self.microarch())
    }

    /// Every name of the kernel and of the vendor.
    pub(super) fn perf_names(&self) -> Vec<(String, Candidate)> {
        let held = |row: &&Generic| !row.name.ends_with(":u") && row.kernels.may_hold(self.kernel);
        let generic = self.machine.generic().filter(held).flat_map(|row| {
            let names = [row.name, row.alias].into_iter().filter(|name| !name.is_empty());
            names.map(|name| (name.to_owned(), self.generic_candidate(row)))
        });
        let own = self.machine.vendor().iter().map(|row| (row, self.machine.microarch().row.perf));
        let common = self.machine.common().iter().map(|row| (row, COMMON_TABLE));
        let vendor = own.chain(common).flat_map(|(row, table)| {
            self.vendor_candidates(row, table).into_iter().map(|candidate| (row.name.to_owned(), candidate))
        });
        generic.chain(vendor).collect()
    }

    /// s390 counts user mode with counters of its own, which `:u` chooses.
    fn of_one_ring(&self, name: &str, modifiers: &Modifiers) -> Vec<Candidate> {
        if modifiers.scope != Some(Scope::USER) {
            return Vec::new();
        }
        let canonical = self.machine.generic().find(|row| is_called(row, name)).map_or(name, |row| row.name);
        let user = format!("{canonical}:u");
        let rows = self.machine.generic().filter(|row| row.name == user);
        rows.map(|row| Candidate { is_subset: true, ..self.generic_candidate(row) }).collect()
    }

    /// A generic name, under every kernel that is possible.
    pub(super) fn generic(&self, name: &str) -> Vec<Candidate> {
        let cache = cache_name(name);
        let wanted = cache.as_deref().unwrap_or(name);
        let rows = self.machine.generic().filter(|row| is_called(row, wanted) && row.kernels.may_hold(self.kernel));
        let inherited = self.machine.inherited(self.kernel);
        let all = rows.chain(inherited.iter().filter(|row| is_called(row, wanted)));
        all.map(|row| self.generic_candidate(row)).collect()
    }

    fn generic_candidate(&self, row: &Generic) -> Candidate {
        Candidate::new(row.event.clone(), Method::Generic, format!("generic/{}", self.machine.microarch().row.generic))
    }

    fn sysfs(&self, name: &str) -> Vec<Candidate> {
        let rows = self.machine.generic().filter(|row| !row.sysfs.is_empty() && row.sysfs == name);
        rows.map(|row| Candidate { method: Method::Sysfs, ..self.generic_candidate(row) }).collect()
    }

    /// A vendor's name, in any case; on ARM also a name that every core shares.
    fn vendor(&self, name: &str) -> Vec<Candidate> {
        let of = |rows: &[Vendor], table: &str| -> Vec<Candidate> {
            rows.iter()
                .filter(|row| row.name.eq_ignore_ascii_case(name))
                .flat_map(|row| self.vendor_candidates(row, table))
                .collect()
        };
        let own = of(self.machine.vendor(), self.machine.microarch().row.perf);
        if own.is_empty() { of(self.machine.common(), COMMON_TABLE) } else { own }
    }

    /// The events of a row of perf's table: one for each PMU that it is meant for.
    fn vendor_candidates(&self, row: &Vendor, table: &str) -> Vec<Candidate> {
        let is_x86 = self.machine.microarch().row.is_x86();
        let fixed = OVERRIDES.iter().find(|(name, _)| is_x86 && name.eq_ignore_ascii_case(row.name));
        let (config, method) = fixed.map_or((row.config, Method::Vendor), |(_, config)| (*config, Method::PerfOverride));
        let event = |pmu| Event::numbered(pmu, config, row.config1);
        let candidate = |pmu| Candidate::new(event(pmu), method, format!("perf/{table}"));
        self.machine.pmus_of(row.pmu).map(|pmu| Candidate { is_deprecated: row.is_deprecated, ..candidate(pmu) }).collect()
    }
}

/// Whether perf encodes a vendor's name itself.
pub(super) fn is_overridden(name: &str) -> bool {
    OVERRIDES.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// Other names of the kernel's hardware events, with the names that perf lists first (tools/perf/util/parse-events.c, `event_symbols_hw`).
const OTHER_NAMES: &[(&str, &str)] = &[
    ("cycles", "cpu-cycles"),
    ("branches", "branch-instructions"),
    ("idle-cycles-frontend", "stalled-cycles-frontend"),
    ("idle-cycles-backend", "stalled-cycles-backend"),
];

/// Whether a name is one of the kernel's generic names.
pub(super) fn is_generic_name(name: &str) -> bool {
    cache_name(name).is_some() || is_hardware_name(name)
}

/// Whether a name is one of the kernel's hardware events.
fn is_hardware_name(name: &str) -> bool {
    let others = OTHER_NAMES.iter().map(|(other, _)| other);
    others.chain(super::pfm::HARDWARE).any(|known| known.eq_ignore_ascii_case(name))
}

/// The name by which perf lists what it also knows by others; any other name stays as it is.
pub(super) fn listed_name(name: &str) -> String {
    let other = OTHER_NAMES.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    other.map(|(_, listed)| (*listed).to_owned()).or_else(|| cache_name(name)).unwrap_or_else(|| name.to_owned())
}

/// perf matches its own words without case since 6.0; before, another case was no name at all.
fn is_called(row: &Generic, name: &str) -> bool {
    row.name.eq_ignore_ascii_case(name) || !row.alias.is_empty() && row.alias.eq_ignore_ascii_case(name)
}

/// The names of a cache, and how the tables call it (tools/perf/util/evsel.c, `evsel__hw_cache`).
const CACHES: &[(&str, &[&str])] = &[
    ("L1-dcache", &["l1-d", "l1d", "l1-data"]),
    ("L1-icache", &["l1-i", "l1i", "l1-instruction"]),
    ("LLC", &["l2"]),
    ("dTLB", &["d-tlb", "data-tlb"]),
    ("iTLB", &["i-tlb", "instruction-tlb"]),
    ("branch", &["branches", "bpu", "btb", "bpc"]),
    ("node", &[]),
];

/// What is done to it, likewise (`evsel__hw_cache_op`).
const OPERATIONS: &[(&str, &[&str])] = &[
    ("load", &["loads", "read"]),
    ("store", &["stores", "write"]),
    ("prefetch", &["prefetches", "speculative-read", "speculative-load"]),
];

/// How it ended, likewise (`evsel__hw_cache_result`).
const RESULTS: &[(&str, &[&str])] = &[("refs", &["reference", "ops", "access"]), ("misses", &["miss"])];

/// The name by which the tables list a cache event: `l1d-loads-misses` is `L1-dcache-load-misses`. `None` when it is no such name.
///
/// Operation and result may stand in either order or be missing: then it is a load, and an access (tools/perf/util/parse-events.c,
/// `parse_events_add_cache`). The names of the hardware events come before (`branch-misses`).
pub(super) fn cache_name(name: &str) -> Option<String> {
    if is_hardware_name(name) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let (cache, mut rest) = taken(&lower, CACHES)?;
    let (mut operation, mut result) = (None, None);
    while !rest.is_empty() {
        let words = rest.strip_prefix('-')?;
        let as_operation = taken(words, OPERATIONS).filter(|_| operation.is_none());
        let (place, (word, left)) = match as_operation {
            Some(found) => (&mut operation, found),
            None => (&mut result, taken(words, RESULTS)?),
        };
        if place.replace(word).is_some() {
            return None;
        }
        rest = left;
    }
    let operation = operation.unwrap_or("load");
    Some(match result {
        Some("misses") => format!("{cache}-{operation}-misses"),
        _ if operation == "prefetch" => format!("{cache}-prefetches"),
        _ => format!("{cache}-{operation}s"),
    })
}

/// The listed name of a word at the beginning of a text, longest word first, and the rest.
fn taken<'a>(text: &'a str, words: &[(&'static str, &[&str])]) -> Option<(&'static str, &'a str)> {
    let all =
        words.iter().flat_map(|(listed, others)| others.iter().copied().chain([*listed]).map(move |word| (*listed, word)));
    let fits =
        all.filter_map(|(listed, word)| Some((word.len(), listed, text.strip_prefix(word.to_ascii_lowercase().as_str())?)));
    let ends = fits.filter(|(_, _, rest)| rest.is_empty() || rest.starts_with('-'));
    ends.max_by_key(|(length, ..)| *length).map(|(_, listed, rest)| (listed, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_cache_name_is_the_listed_one() {
        for (written, listed) in [
            ("L1-dcache-loads", Some("L1-dcache-loads")),
            ("l1d-loads", Some("L1-dcache-loads")),
            ("L1-dcache-load", Some("L1-dcache-loads")),
            ("l1-d-read-miss", Some("L1-dcache-load-misses")),
            ("L2-loads", Some("LLC-loads")),
            ("LLC-prefetch-misses", Some("LLC-prefetch-misses")),
            ("dTLB-prefetches", Some("dTLB-prefetches")),
            ("branch-loads", Some("branch-loads")),
            ("branch-misses", None),
            ("branches", None),
            ("node-stores", Some("node-stores")),
            ("LLC", Some("LLC-loads")),
            ("LLC-misses", Some("LLC-load-misses")),
            ("LLC-refs", Some("LLC-loads")),
            ("L1-dcache", Some("L1-dcache-loads")),
            ("L1-dcache-misses", Some("L1-dcache-load-misses")),
            ("L1-dcache-misses-loads", Some("L1-dcache-load-misses")),
            ("L1-dcache-misses-stores", Some("L1-dcache-store-misses")),
            ("dTLB-misses", Some("dTLB-load-misses")),
            ("branches-misses", Some("branch-load-misses")),
            ("branch", Some("branch-loads")),
            ("branch-instructions", None),
            ("LLC-loads-stores", None),
            ("LLC-misses-refs", None),
            ("LLC-", None),
            ("LLC-loads-", None),
            ("LLC-hits", None),
        ] {
            assert_eq!(cache_name(written).as_deref(), listed, "{written}");
        }
    }
}
