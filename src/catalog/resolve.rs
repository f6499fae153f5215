//! From a spelling to its event: the steps, in their order, each in the tables of the tool that wrote the spelling.
//!
//! | step | spellings | where |
//! |---|---|---|
//! | 3 | names that mean the same everywhere: software, tool, tracepoint, breakpoint | [`universal`] |
//! | 4 | raw numbers and terms of perf | [`code`] |
//! | 5, 6 | generic and vendor names of perf | [`perf`] |
//! | 7 | `OProfile` | [`oprofile`] |
//! | 8 | libpfm4 | [`pfm`], [`words`] |
//! | 9 | presets of PAPI | [`papi`] |
//! | 10 | codes that stand for one event | [`Machine::canonical`] |
//! | 11 | nothing: unresolved, with the reason; never a guess by an equal name | here |
//!
//! Steps 1 and 2 (taking the text apart, modifiers aside) are [`Spelling::read`].

mod code;
mod oprofile;
mod papi;
mod perf;
mod pfm;
mod stated;
mod universal;
mod words;

use super::Tool;
use super::machine::Machine;
use super::resolution::{Candidate, Formula, Resolution, Status};
use super::spelling::{Name, Scope, Spelling};

/// What a step found.
#[derive(Debug, Default)]
struct Found {
    candidates: Vec<Candidate>,
    formula: Option<Formula>,
    /// Why there is nothing, or not one event.
    reason: String,
}

impl Found {
    fn events(candidates: Vec<Candidate>, otherwise: impl FnOnce() -> String) -> Self {
        let reason = if candidates.is_empty() { otherwise() } else { String::new() };
        Self { candidates, formula: None, reason }
    }

    fn nothing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..Self::default() }
    }

    fn is_nothing(&self) -> bool {
        self.candidates.is_empty() && self.formula.is_none()
    }

    fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_nothing() { other() } else { self }
    }
}

/// Where to look, and under which kernel.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    machine: &'a Machine,
    kernel: Option<&'a str>,
    /// How many statements of users led here: one may stand for what another explains, but not in circles.
    depth: u8,
}

/// What a spelling means. Without a machine only names that mean the same everywhere are resolved; without a kernel, what depends on
/// it stays ambiguous.
pub fn resolve(spelling: &Spelling, machine: Option<&Machine>, kernel: Option<&str>) -> Resolution {
    let found = match machine {
        Some(machine) => Place { machine, kernel, depth: 0 }.with_own(spelling),
        None => universal::find(spelling).or_else(|| Found::nothing("the microarchitecture is unknown")),
    };
    let scope = scope(spelling, machine);
    match machine {
        Some(machine) => finished(spelling, found, scope, |candidate| {
            let event = machine.canonical(candidate.event.clone());
            Candidate { event, ..candidate }
        }),
        None => finished(spelling, found, scope, |candidate| candidate),
    }
}

/// PAPI cannot leave the kernel out where the counters cannot: on POWER6 and on 32-bit ARM (its `perf_event` component).
fn scope(spelling: &Spelling, machine: Option<&Machine>) -> Scope {
    let counts_all = machine.is_some_and(|machine| {
        let row = machine.microarch().row;
        row.arch == "arm" || row.generic == "power6"
    });
    if spelling.tool == Tool::Papi && counts_all { Scope::BOTH } else { spelling.scope() }
}

fn finished(spelling: &Spelling, found: Found, scope: Scope, canonical: impl Fn(Candidate) -> Candidate) -> Resolution {
    let mut candidates: Vec<Candidate> = Vec::new();
    for candidate in found.candidates.into_iter().map(canonical) {
        if !candidates.iter().any(|known| known.event == candidate.event) {
            candidates.push(candidate);
        }
    }
    let (status, reason) = match (candidates.len(), &found.formula) {
        (0, None) => (Status::Unresolved, found.reason),
        (1, None) | (0, Some(_)) => (Status::Resolved, String::new()),
        _ if found.reason.is_empty() => (Status::Ambiguous, why_several(&candidates)),
        _ => (Status::Ambiguous, found.reason),
    };
    Resolution { spelling: spelling.clone(), status, candidates, formula: found.formula, reason, scope }
}

fn why_several(candidates: &[Candidate]) -> String {
    let several = |what: fn(&Candidate) -> &str| candidates.iter().any(|candidate| what(candidate) != what(&candidates[0]));
    let why = if several(|candidate| candidate.event.pmu) {
        "the machine has several kinds of core and the spelling does not name one"
    } else if several(|candidate| candidate.source.as_str()) {
        "the tables of this microarchitecture disagree"
    } else {
        "it depends on the kernel, or on what the CPU says it can count"
    };
    let events: Vec<String> = candidates.iter().map(|candidate| candidate.event.to_string()).collect();
    format!("{why}: {}", events.join(" or "))
}

impl Place<'_> {
    fn find(&self, spelling: &Spelling) -> Found {
        match (&spelling.name, spelling.tool) {
            (Name::Unreadable(_, why), _) => Found::nothing(*why),
            (Name::Raw(number), _) => self.raw(*number),
            (Name::Terms { pmu, terms }, _) => self.terms(pmu, terms, &spelling.modifiers),
            (Name::Formula { kind, expression, natives }, _) => self.written_formula(kind, expression, natives),
            (Name::Oprofile { event, fields }, _) => self.oprofile(event, fields),
            (Name::Plain(name), Tool::Perf) => self.perf_name(name, &spelling.modifiers),
            (Name::Parts { pmu, event, attributes }, Tool::Perf) => {
                let text = spelling.name.to_string();
                self.pfm(pmu.as_deref(), event, attributes)
                    .or_else(|| Found::nothing(format!("'{text}' is no event of libpfm4 here, and no tracepoint either")))
            }
            (Name::Plain(name), Tool::Papi) if name.starts_with("PAPI_") => self.preset(name, &[]),
            (Name::Parts { pmu: None, event, attributes }, Tool::Papi) if event.starts_with("PAPI_") => {
                self.preset(event, attributes)
            }
            (Name::Plain(name), _) => self.pfm(None, name, &[]),
            (Name::Parts { pmu, event, attributes }, _) => self.pfm(pmu.as_deref(), event, attributes),
            (Name::Breakpoint(text), _) => Found::nothing(format!("'{text}' is a breakpoint")),
        }
    }

    /// A name for messages.
    fn microarch(&self) -> String {
        self.machine.microarch().row.key()
    }
}

/// The kernel's event, or the tool's, of a name that means the same everywhere.
pub(super) fn universal_name(name: &str) -> Option<super::Event> {
    universal::name_of_perf(name)
}

/// Whether a name is one of the kernel's generic names, on whatever machine.
pub(super) fn is_generic_name(name: &str) -> bool {
    perf::is_generic_name(name)
}

/// Whether the numbers of `OProfile`'s events are codes of groups on a machine.
pub(super) fn has_oprofile_groups(machine: &Machine) -> bool {
    oprofile::GROUPED.contains(&machine.microarch().row.oprofile)
}

/// Whether a PMU, as the kernel calls it, is one of a machine's cores.
pub(super) fn is_core(machine: &Machine, pmu: &str) -> bool {
    Place { machine, kernel: None, depth: 0 }.pmus_written(pmu).is_ok()
}

/// Whether perf encodes a vendor's name of x86 itself, whatever the vendor's table says.
pub(super) fn is_overridden(name: &str) -> bool {
    perf::is_overridden(name)
}

/// The name by which perf lists what it also knows by others.
pub(super) fn listed_name(name: &str) -> String {
    perf::listed_name(name)
}

/// Every name that a tool's tables have for a machine, with the events it may mean.
pub(super) fn names(machine: &Machine, tool: Tool, kernel: Option<&str>) -> Vec<(String, Candidate)> {
    let place = Place { machine, kernel, depth: 0 };
    let tables = match tool {
        Tool::Perf => place.perf_names(),
        Tool::Oprofile => place.oprofile_names(),
        Tool::Papi => place.preset_names(),
        Tool::Libpfm4 => place.pfm_names(),
    };
    place.with_own_names(tool, tables)
}
