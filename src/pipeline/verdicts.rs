//! Whether machines have events: what the tables say against what a database holds.

use std::collections::HashMap;

use super::cpus::Cpus;
use super::names;
use crate::catalog::{self, Listing, Machine, Seen, Spelling, Tool, Verdict};
use crate::store::query::{ListedRecord, ObservedOn, ObservedRecord};
use crate::store::{Store, StoreError};

/// The lists of a database, by microarchitecture, tool and name.
#[derive(Debug, Default)]
pub struct Lists(HashMap<(String, Tool, String), Vec<Listing>>);

impl Lists {
    /// Those that tell of one name, or all.
    ///
    /// # Errors
    /// The database failed.
    pub fn stored(store: &mut Store, name: Option<&str>) -> Result<Self, StoreError> {
        let cpus = Cpus::stored(store)?;
        let mut all: HashMap<(String, Tool, String), Vec<Listing>> = HashMap::new();
        for record in store.listed(name)? {
            if let Some((microarch, tool)) = microarch(&record, &cpus).zip(tool(&record.format)) {
                let origin = format!("{}:{}", record.path, record.line);
                let listing = Listing { has: record.supported != 0, virt: record.environment().virt, origin };
                all.entry((microarch, tool, record.event)).or_default().push(listing);
            }
        }
        Ok(Self(all))
    }

    /// What lists say of a name: those that were loaded with results, and those that were imported for their names; of any kernel when
    /// none is asked for.
    pub fn of(&self, machine: &Machine, spelling: &Spelling, kernel: Option<&str>) -> Vec<Listing> {
        let key = (machine.microarch().row.key(), spelling.tool, spelling.name.to_string());
        let mut all = self.0.get(&key).cloned().unwrap_or_default();
        let own = machine.own();
        let said = if kernel.is_some() { own.of(spelling, kernel) } else { own.under_any_kernel(spelling) };
        for statement in said {
            let listing = Listing { has: statement.supported, virt: None, origin: statement.origin.clone() };
            // perf lists an event under two names on one line.
            if !all.contains(&listing) {
                all.push(listing);
            }
        }
        all
    }
}

fn tool(format: &str) -> Option<Tool> {
    match format.split('-').next()? {
        "ophelp" => Some(Tool::Oprofile),
        "papi" => Some(Tool::Papi),
        _ => None,
    }
}

/// The machine of a list: as it identifies the CPU, else as `OProfile` names its type.
fn microarch(record: &ListedRecord, cpus: &Cpus) -> Option<String> {
    let by_numbers = cpus.microarch(&record.environment()).ok();
    let by_label = || {
        let labels: HashMap<String, String> = serde_json::from_str(record.labels.as_deref()?).ok()?;
        let name = labels.get("oprofile_cpu")?;
        catalog::named(name.trim_start_matches("ARM ")).ok()
    };
    by_numbers.or_else(by_label).map(|found| found.row.key())
}

/// What results say, as the catalogue weighs it.
pub fn seen(record: &ObservedRecord) -> Seen {
    Seen { virt: record.virt.clone(), counted: record.counted, zero: record.zero, not_supported: record.not_supported }
}

/// A spelling whose results or lists contradict the tables or one another.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The spelling, where it was used, and what was seen.
    pub record: ObservedOn,
    /// The answer of the evidence, with the contradictions.
    pub verdict: Verdict,
}

/// Every contradiction of a database.
///
/// # Errors
/// The database failed.
pub fn findings(store: &mut Store) -> Result<Vec<Finding>, StoreError> {
    let lists = Lists::stored(store, None)?;
    let mut own = names::stored(store)?;
    let mut machines: HashMap<String, Option<Machine>> = HashMap::new();
    let mut found = Vec::new();
    for record in store.observed_everywhere()? {
        let machine = machines.entry(record.microarch.clone()).or_insert_with_key(|key| {
            let statements = own.remove(key).unwrap_or_default();
            catalog::named(key).ok().map(|microarch| Machine::new(microarch).with(catalog::Own::new(statements)))
        });
        let (Some(machine), Ok(tool)) = (machine.as_ref(), record.observed.tool.parse::<Tool>()) else { continue };
        let kernel = record.observed.kernel.as_deref();
        let spelling = Spelling::read(tool, &record.observed.spelling);
        let resolution = catalog::resolve(&spelling, Some(machine), kernel);
        let listed = lists.of(machine, &spelling, kernel);
        let virt = record.observed.virt.as_deref();
        let verdict = catalog::weigh(machine, &resolution, virt, &listed, &[seen(&record.observed)]);
        if !verdict.contradictions.is_empty() {
            found.push(Finding { record, verdict });
        }
    }
    Ok(found)
}
