//! What a tool says of one event of a machine.

/// Whether a machine has an event, as a tool that lists events states it. It was not counted: there is no run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Line of the file, from 1.
    pub line: u32,
    /// Index into [`super::Report::spellings`]: the name as the tool prints it.
    pub event: u32,
    /// Whether the machine has it. A list that names only what there is says so by naming it.
    pub supported: bool,
    /// Whether the tool computes it from more than one counter.
    pub derived: bool,
    /// The tool's own number of the event, as printed: `0x80000000`.
    pub code: Option<String>,
    /// How a preset is computed from events of the machine: `DERIVED_SUB(BR_INST_RETIRED:COND, BR_MISP_RETIRED:COND)`.
    pub formula: Option<String>,
    /// The counters that can count it: `0,1,2,3`, or `all`.
    pub counters: Option<String>,
    /// Its unit masks, or qualifiers, by number and name: `default 0x1; 0x01 loads; 0x02 stores`, `:u=0 :k=0`.
    pub unit_masks: Option<String>,
}

impl Support {
    /// An event that a list names, and nothing more is known.
    pub fn listed(line: u32, event: u32) -> Self {
        Self { line, event, supported: true, derived: false, code: None, formula: None, counters: None, unit_masks: None }
    }
}
