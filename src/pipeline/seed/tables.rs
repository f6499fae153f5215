//! The small tables: what the results refer to, and each as a source of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::finding::Findings;
use super::{Known, SeedImportError, Used, environment, line, source, words};
use crate::model::{Parsed, Report, Tally, ToolName};
use crate::store::seed::{SeedExperiment, SeedName, SeedTables};
use crate::store::{ExperimentChange, ExperimentError, ExperimentRecord, Store};

/// Adds the experiments, and says of known ones what nobody has said yet. What was said here stays.
pub(super) fn take_experiments(tables: &SeedTables, store: &mut Store, findings: &mut Findings) -> Result<(), SeedImportError> {
    let ours: BTreeMap<String, ExperimentRecord> =
        store.experiments()?.into_iter().map(|experiment| (experiment.name.clone(), experiment)).collect();
    let mut met = BTreeSet::new();
    for theirs in &tables.experiments {
        if !met.insert(theirs.name.as_str()) {
            findings.add("experiments of one name: taken for one, with the command and description of the first", || {
                theirs.name.clone()
            });
            continue;
        }
        match ours.get(&theirs.name) {
            None => match store.add_experiment(&theirs.name, &statement(theirs)) {
                Err(ExperimentError::Name) => findings.add(
                    "experiments whose name is empty or holds control characters: command and description are not taken over",
                    || {
                        format!(
                            "'{}': command {}, description {}",
                            theirs.name,
                            words::quoted(theirs.command.as_ref()),
                            words::quoted(theirs.description.as_ref())
                        )
                    },
                ),
                added => added?,
            },
            Some(ours) => complete(ours, theirs, store, findings)?,
        }
    }
    Ok(())
}

fn statement(theirs: &SeedExperiment) -> ExperimentChange {
    ExperimentChange {
        command: theirs.command.clone(),
        description: theirs.description.clone(),
        system_wide: Some(theirs.system_wide),
    }
}

fn complete(
    ours: &ExperimentRecord,
    theirs: &SeedExperiment,
    store: &mut Store,
    findings: &mut Findings,
) -> Result<(), SeedImportError> {
    let differs = |ours: &Option<String>, theirs: &Option<String>| ours.is_some() && theirs.is_some() && ours != theirs;
    if differs(&ours.command, &theirs.command)
        || differs(&ours.description, &theirs.description)
        || ours.system_wide != theirs.system_wide
    {
        findings.add("experiments that are described otherwise here: what is said here stays", || {
            format!(
                "{}: command {}, description {}, {}",
                theirs.name,
                words::quoted(theirs.command.as_ref()),
                words::quoted(theirs.description.as_ref()),
                if theirs.system_wide { "system-wide" } else { "not system-wide" }
            )
        });
    }
    let missing = |ours: &Option<String>, theirs: &Option<String>| if ours.is_none() { theirs.clone() } else { None };
    let change = ExperimentChange {
        command: missing(&ours.command, &theirs.command),
        description: missing(&ours.description, &theirs.description),
        system_wide: None,
    };
    if change != ExperimentChange::default() {
        store.edit_experiment(&theirs.name, &change)?;
    }
    Ok(())
}

/// What rows of `results` refer to.
pub(super) fn known<'a>(tables: &'a SeedTables, findings: &mut Findings) -> Known<'a> {
    tell_cut_names(tables, findings);
    let tool = |tool: &SeedName| ToolName { name: tool.name.clone(), version: tool.version.clone() };
    Known {
        experiments: tables.experiments.iter().map(|row| (row.id, row.name.as_str())).collect(),
        tools: tables.tools.iter().map(|row| (row.id, tool(row))).collect(),
        environments: tables.environments.iter().map(|row| (row.id, environment::read(row, findings))).collect(),
        events: tables.events.iter().map(|row| (row.id, row)).collect(),
    }
}

/// Names as long as their column: PostgreSQL refuses a longer one, so somebody may have cut it by hand.
fn tell_cut_names(tables: &SeedTables, findings: &mut Findings) {
    let experiments = tables.experiments.iter().map(|row| (64, row.name.as_str()));
    let tools = tables.tools.iter().flat_map(|row| [(32, row.name.as_str()), (32, row.version.as_deref().unwrap_or_default())]);
    let kernels = tables.kernels.iter().chain(&tables.virt).map(|row| (32, row.name.as_str()));
    let vendors = tables.vendors.iter().map(|row| (16, row.name.as_str()));
    let microarchs = tables.environments.iter().map(|row| (32, row.microarch.as_deref().unwrap_or_default()));
    let events = tables.events.iter().map(|row| (192, row.name.as_str()));
    let all = experiments.chain(tools).chain(kernels).chain(vendors).chain(microarchs).chain(events);
    for (_, name) in all.filter(|(longest, name)| name.chars().count() >= *longest) {
        findings.add(
            "names as long as their column (kernel, tool, version, virtualisation, microarchitecture 32, vendor 16, experiment 64, event \
             192 characters), perhaps cut by who entered them: kept as they are",
            || name.to_owned(),
        );
    }
}

/// Rows that no result refers to have nothing to be stored with; experiments are stored anyhow.
pub(super) fn tell_unused(tables: &SeedTables, used: &Used, findings: &mut Findings) {
    for row in tables.tools.iter().filter(|row| !used.tools.contains(&row.id)) {
        findings.add("tools without results: not taken over", || {
            format!("{} {}", row.name, row.version.as_deref().unwrap_or("without version"))
        });
    }
    for row in tables.environments.iter().filter(|row| !used.environments.contains(&row.id)) {
        findings.add("environments without results: not taken over", || words::environment(row));
    }
    for row in tables.events.iter().filter(|row| !used.events.contains(&row.id)) {
        findings.add("events without results: not taken over", || row.name.clone());
    }
    for row in tables.experiments.iter().filter(|row| !used.experiments.contains(&row.id)) {
        findings.add("experiments without results: taken over", || row.name.clone());
    }
}

/// Each table as a source.
pub(super) fn sources(tables: &SeedTables, place: &(String, String)) -> Vec<Parsed> {
    let named = |rows: &[SeedName]| rows.iter().map(|row| vec![json!(row.id), json!(row.name), json!(row.version)]).collect();
    let experiments = tables.experiments.iter();
    let environments = tables.environments.iter();
    let events = tables.events.iter();
    let all: [(&str, Vec<Vec<Value>>); 7] = [
        (
            "experiments",
            experiments
                .map(|e| vec![json!(e.id), json!(e.name), json!(e.command), json!(e.description), json!(e.system_wide)])
                .collect(),
        ),
        ("tools", named(&tables.tools)),
        ("virt", named(&tables.virt)),
        ("vendors", named(&tables.vendors)),
        ("kernels", named(&tables.kernels)),
        (
            "environments",
            environments
                .map(|e| {
                    let numbers = [json!(e.family), json!(e.model), json!(e.stepping)];
                    let texts = [json!(e.arch), json!(e.microarch), json!(e.vendor), json!(e.virt), json!(e.kernel)];
                    [json!(e.id)].into_iter().chain(texts).chain(numbers).collect()
                })
                .collect(),
        ),
        ("events", events.map(|e| vec![json!(e.id), json!(e.name), json!(e.number), json!(e.mask), json!(e.group)]).collect()),
    ];
    all.into_iter().map(|(name, rows)| table(name, &rows, place)).collect()
}

fn table(name: &str, rows: &[Vec<Value>], place: &(String, String)) -> Parsed {
    let text: String = rows.iter().map(|row| line(row) + "\n").collect();
    let lines = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let tally = Tally { lines, results: 0, furniture: lines, foreign: 0, rejected: 0 };
    source(place, name, &text, Report { tally, ..Report::default() }, Vec::new())
}
