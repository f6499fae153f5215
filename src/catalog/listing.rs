//! All names of the tools on one machine, and which of them are one event.

use super::Tool;
use super::event::Event;
use super::machine::{COMMON_TABLE, Machine};
use super::resolution::{Candidate, Resolution, Status};
use super::resolve;
use super::spelling::Spelling;

/// A name of a tool, and an event that it means.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The tool.
    pub tool: Tool,
    /// A spelling of the tool.
    pub spelling: String,
    /// The event.
    pub event: Event,
    /// The table that has the name.
    pub source: String,
    /// Whether the vendor gave the name up.
    pub is_deprecated: bool,
}

/// Every name that the tables have for a machine; sorted by tool and spelling. A name that means several events has a
/// row for each.
pub fn list(machine: &Machine, tool: Option<Tool>, kernel: Option<&str>) -> Vec<Listed> {
    let mut all = Vec::new();
    for (each, _) in Tool::WORDS.into_iter().filter(|(each, _)| tool.is_none_or(|tool| tool == *each)) {
        for (spelling, candidate) in resolve::names(machine, each, kernel) {
            all.push(Listed {
                tool: each,
                spelling,
                event: machine.canonical(candidate.event),
                source: candidate.source,
                is_deprecated: candidate.is_deprecated,
            });
        }
    }
    all.sort_by(|one, other| (one.tool, &one.spelling, &one.event).cmp(&(other.tool, &other.spelling, &other.event)));
    all.dedup_by(|one, other| (one.tool, &one.spelling, &one.event) == (other.tool, &other.spelling, &other.event));
    all
}

/// Every name of an event over all tools.
pub fn names(machine: &Machine, event: &Event) -> Vec<Listed> {
    list(machine, None, None).into_iter().filter(|listed| listed.event == *event).collect()
}

/// Whether a microarchitecture has an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supported {
    /// A table of the microarchitecture has it.
    Yes,
    /// The tables of the tool cover the microarchitecture, and do not have it.
    No,
    /// Nothing is known.
    Unknown,
}

impl Supported {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// What the catalogue knows on whether a machine has an event.
#[derive(Debug, Clone)]
pub struct Support {
    /// The answer.
    pub supported: Supported,
    /// The tables that list the event, or the reason for another answer.
    pub evidence: Vec<String>,
}

/// Whether the catalogue has the event of a spelling on a machine.
///
/// A raw code is supported when some table names it, and unknown otherwise: CPUs count more than tables tell. A name is unsupported when
/// the tables of its tool cover the machine without it.
pub fn support(machine: &Machine, resolution: &Resolution) -> Support {
    let answer = |supported, evidence| Support { supported, evidence };
    if resolution.status == Status::Unresolved {
        let supported = if is_covered(machine, &resolution.spelling) { Supported::No } else { Supported::Unknown };
        return answer(supported, vec![resolution.reason.clone()]);
    }
    if let Some(formula) = &resolution.formula {
        let known = formula.operands.iter().all(|operand| operand.event.is_some());
        return answer(if known { Supported::Yes } else { Supported::Unknown }, vec![format!("{}: {formula}", formula.source)]);
    }
    let mut tables = resolution.candidates.iter().flat_map(|candidate| tables(machine, candidate)).collect::<Vec<_>>();
    tables.sort_unstable();
    tables.dedup();
    let supported = if tables.is_empty() { Supported::Unknown } else { Supported::Yes };
    let evidence = if tables.is_empty() { vec!["no table names this code".to_owned()] } else { tables };
    answer(supported, evidence)
}

/// The tables that name an event.
fn tables(machine: &Machine, candidate: &Candidate) -> Vec<String> {
    if candidate.event.is_universal() {
        return vec![format!("{} events are counted by the kernel or the tool on every machine", candidate.event.pmu)];
    }
    let mut tables: Vec<String> =
        names(machine, &candidate.event).into_iter().map(|listed| format!("{}: {}", listed.source, listed.spelling)).collect();
    // Every core numbers these alike; that a core counts them is not said.
    tables.retain(|table| !table.starts_with(&format!("perf/{COMMON_TABLE}:")));
    tables
}

/// Whether a tool's tables would have the name if the machine had the event.
fn is_covered(machine: &Machine, spelling: &Spelling) -> bool {
    use super::spelling::Name;
    let row = machine.microarch().row;
    match (&spelling.name, spelling.tool) {
        (Name::Plain(name), Tool::Perf) => {
            resolve::is_generic_name(name) && !row.generic.is_empty() || !row.perf.is_empty() && name.contains('.')
        }
        (Name::Oprofile { event, .. }, _) => {
            row.oprofile != "i386/arch_perfmon"
                && !machine.oprofile().is_empty()
                && machine.oprofile().iter().all(|known| known.name != event.as_str())
        }
        (Name::Plain(name), Tool::Papi) if name.starts_with("PAPI_") => !machine.presets().is_empty(),
        (Name::Plain(_), Tool::Libpfm4) => !machine.pfm().is_empty(),
        _ => false,
    }
}
