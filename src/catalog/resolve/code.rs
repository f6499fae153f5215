//! Raw numbers, and terms of a PMU.

use super::{Found, Place};
use crate::catalog::event::{Code, Event, Extra, amd_event, raw_mask};
use crate::catalog::resolution::{Candidate, Method};
use crate::catalog::spelling::{Attribute, Modifiers};

/// Terms that say how to count or what to call it (tools/perf/util/parse-events.c, `config_term_names`).
const NO_ENCODING: &[&str] = &[
    "name",
    "period",
    "freq",
    "branch_type",
    "time",
    "call-graph",
    "stack-size",
    "max-stack",
    "max-events",
    "inherit",
    "no-inherit",
    "overwrite",
    "no-overwrite",
    "driver-config",
    "percore",
    "aux-output",
    "aux-action",
    "aux-sample-size",
    "metric-id",
    "raw",
    "legacy-cache",
    "hardware",
    "cpu",
];

/// Terms of the extra register on Intel.
const REGISTER: &[&str] = &["config1", "offcore_rsp", "ldlat", "frontend"];

/// Why codes of `NetBurst` are left alone: nothing in them is where other x86 CPUs have it.
const NETBURST: &str = "a code of NetBurst is a pair of registers, which no table here has";

/// Whether two texts name one PMU: perf numbers PMUs of one kind, `armv8_pmuv3_0`.
fn same_pmu(written: &str, known: &str) -> bool {
    written.strip_prefix(known).is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('_').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The name of an event among terms: a bare word that is no flag, or `event=cpu-cycles`.
fn name_in(term: &Attribute) -> Option<&str> {
    const FLAGS: &[&str] = &["any", "inv", "edge", "in_tx", "in_tx_cp"];
    let key = term.key.as_str();
    match &term.value {
        None => (!FLAGS.contains(&key) && !NO_ENCODING.contains(&key)).then_some(key),
        Some(value) => (key == "event" && term.number().is_none()).then_some(value.as_str()),
    }
}

/// The kernel's name of the number by which perf from 6.18 on tells its generic events: `legacy-hardware-config=0`.
fn kernel_name_in(term: &Attribute) -> Option<String> {
    match term.key.as_str() {
        "legacy-hardware-config" => super::pfm::hardware_event(term.number()?).map(str::to_owned),
        "legacy-cache-config" => super::pfm::cache_event(term.number()?, &[]),
        _ => None,
    }
}

impl Place<'_> {
    /// `r003c`: on a machine with several kinds of core it goes to each of them.
    pub(super) fn raw(&self, number: u64) -> Found {
        if self.is_netburst() {
            return Found::nothing(NETBURST);
        }
        let config = number & self.mask();
        let candidate = |pmu: &&'static str| Candidate::new(Event::numbered(pmu, config, 0), Method::Raw, "");
        Found::events(self.machine.pmus().iter().map(candidate).collect(), String::new)
    }

    pub(super) fn is_netburst(&self) -> bool {
        self.machine.microarch().row.core == "NetBurst"
    }

    /// The bits of a raw number that choose the event.
    fn mask(&self) -> u64 {
        let row = self.machine.microarch().row;
        match row.arch {
            _ if row.is_x86() => raw_mask(row.is_amd()),
            "aarch64" => 0xffff,
            "arm" => 0xff,
            _ => u64::MAX,
        }
    }

    /// `cpu/event=0x3c,umask=0x0/`, `cpu_core/cycles/`, `armv8_pmuv3_0/inst_retired/`.
    pub(super) fn terms(&self, written: &str, terms: &[Attribute], modifiers: &Modifiers) -> Found {
        if self.is_netburst() {
            return Found::nothing(NETBURST);
        }
        let pmus = match self.pmus_written(written) {
            Ok(pmus) => pmus,
            Err(reason) => return self.of_another_pmu(written, terms).unwrap_or_else(|| Found::nothing(reason)),
        };
        let is_name = |term: &&Attribute| name_in(term).is_some() || kernel_name_in(term).is_some();
        let (names, numbers): (Vec<_>, Vec<_>) = terms.iter().partition(is_name);
        let kernel_name = names.first().and_then(|term| kernel_name_in(term));
        let name = match names.as_slice() {
            [] => None,
            [term] => kernel_name.as_deref().or_else(|| name_in(term)),
            [_, second, ..] => return Found::nothing(format!("'{second}' is a second name beside other terms")),
        };
        // A number of the kernel's is no name that anybody could have given.
        let own = name.filter(|_| kernel_name.is_none());
        let stated = own.map(|name| self.stated_for(written, &pmus, name)).unwrap_or_default();
        let bases = if stated.is_empty() { self.bases(&pmus, name, modifiers) } else { stated };
        let reason = || format!("no table of {} has '{}'", self.microarch(), name.unwrap_or_default());
        let candidates: Result<Vec<Candidate>, String> =
            bases.into_iter().map(|base| self.with_terms(base, &numbers)).collect();
        candidates.map_or_else(Found::nothing, |candidates| Found::events(candidates, reason))
    }

    /// What the terms are added to: nothing, a raw number, or the event of a name; on each of the PMUs.
    fn bases(&self, pmus: &[&'static str], name: Option<&str>, modifiers: &Modifiers) -> Vec<Candidate> {
        let digits = |name: &str| name.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit());
        let raw = name.map_or(Some(0), |name| u64::from_str_radix(name.strip_prefix('r').filter(|_| digits(name))?, 16).ok());
        match (raw, name) {
            (None, Some(name)) => {
                // RISC-V's generic events have no code of the PMU: the kernel asks the firmware for an index.
                let is_here = |base: &Candidate| pmus.contains(&base.event.pmu) || base.event.pmu == "sbi";
                self.name_inside(name, modifiers).into_iter().filter(is_here).collect()
            }
            (number, _) => {
                let config = number.unwrap_or_default() & self.mask();
                pmus.iter().map(|pmu| Candidate::new(Event::numbered(pmu, config, 0), Method::Terms, "")).collect()
            }
        }
    }

    /// The machine's PMUs that a written one stands for.
    pub(super) fn pmus_written(&self, written: &str) -> Result<Vec<&'static str>, String> {
        let (row, known) = (self.machine.microarch().row, self.machine.pmus());
        if let Some(pmu) = known.iter().find(|pmu| same_pmu(written, pmu)) {
            return Ok(vec![pmu]);
        }
        let prefixes = if row.arch == "arm" { ["armv6_", "armv7_"] } else { ["armv8_", "armv9_"] };
        let core = prefixes.iter().find_map(|prefix| written.strip_prefix(prefix));
        if let Some(core) = core.filter(|_| row.is_arm()) {
            // The kernel names the PMU after the core; one of another core is another CPU of the machine.
            let other = crate::catalog::named(core).is_ok_and(|named| named.row.core != row.core);
            return if other && !core.starts_with("pmuv3") {
                Err(format!("'{written}' is the PMU of another core"))
            } else {
                Ok(known.to_vec())
            };
        }
        if written == "cpu" && known.len() > 1 {
            return Ok(known.to_vec());
        }
        Err(format!(
            "'{written}' is no core PMU of {}: events of uncore and other PMUs are not in the catalogue",
            self.microarch()
        ))
    }

    fn with_terms(&self, base: Candidate, terms: &[&Attribute]) -> Result<Candidate, String> {
        let Code::Number { mut config, mut config1 } = base.event.code else { return Ok(base) };
        for term in terms {
            let key = term.key.as_str();
            if NO_ENCODING.contains(&key) {
                continue;
            }
            let Some(number) = term.number() else { return Err(format!("the value of '{term}' is no number")) };
            if REGISTER.contains(&key) {
                config1 |= number;
            } else {
                config |= self
                    .bits(key, number)
                    .ok_or_else(|| format!("'{term}' is no term of {} that is known here", base.event.pmu))?;
            }
        }
        Ok(Candidate { event: Event::numbered(base.event.pmu, config, config1), ..base })
    }

    /// Where a term goes in `attr.config`; `None` when the machine has no such term.
    fn bits(&self, key: &str, number: u64) -> Option<u64> {
        let row = self.machine.microarch().row;
        let extra = Extra::default();
        let flag = number == 1;
        match key {
            "config" => Some(number & self.mask()),
            "event" if row.is_amd() => (number < 0x1000).then(|| amd_event(number)),
            "event" if row.is_x86() => (number < 0x100).then_some(number),
            "event" => Some(number),
            _ if !row.is_x86() => None,
            "umask" if number < 0x100 => Some(number << 8),
            "umask" if !row.is_amd() && number < 0x1_0000 => Some((number & 0xff) << 8 | (number & 0xff00) << 32),
            "cmask" if number < 0x100 => Some(Extra { cmask: number, ..extra }.bits()),
            "inv" if number < 2 => Some(Extra { inv: flag, ..extra }.bits()),
            "edge" if number < 2 => Some(Extra { edge: flag, ..extra }.bits()),
            "any" if !row.is_amd() && number < 2 => Some(Extra { any: flag, ..extra }.bits()),
            "in_tx" if !row.is_amd() && number < 2 => Some(number << 32),
            "in_tx_cp" if !row.is_amd() && number < 2 => Some(number << 33),
            _ => None,
        }
    }
}
