//! The catalogue as its users see it: how well it ties the tools together, and the cases in which names mislead.

#[path = "catalog/consistency.rs"]
mod consistency;
#[path = "catalog/coverage.rs"]
mod coverage;
#[path = "catalog/encodings.rs"]
mod encodings;
#[path = "catalog/predecessor.rs"]
mod predecessor;
#[path = "catalog/traps.rs"]
mod traps;

use prc_etl::catalog::{self, Comparison, Machine, Resolution, Side, Spelling, Tool};

/// The machine of a name.
fn machine(name: &str) -> Machine {
    Machine::new(catalog::named(name).unwrap_or_else(|error| panic!("{error}")))
}

/// What a spelling means on a machine, the kernel unknown.
fn resolved(machine: &Machine, tool: Tool, text: &str) -> Resolution {
    catalog::resolve(&Spelling::read(tool, text), Some(machine), None)
}

/// How two spellings stand to each other on two machines.
fn compared(machines: [&Machine; 2], a: (Tool, &str), b: (Tool, &str)) -> Comparison {
    let (left, right) = (resolved(machines[0], a.0, a.1), resolved(machines[1], b.0, b.1));
    catalog::compare(Side { machine: machines[0], resolution: &left }, Side { machine: machines[1], resolution: &right })
}
