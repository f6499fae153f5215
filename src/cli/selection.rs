//! Options that choose results: the same for every question.

use std::io::Write;

use super::exit::Usage;
use crate::catalog;
use crate::store::query::Selection;
use crate::store::query::selection::{Field, Level, Pattern, nearest};
use crate::store::{Store, StoreError};

/// Conditions on sources.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Choose sources")]
pub(super) struct SourceArgs {
    /// Logical path of the source
    #[arg(long, value_name = "PATTERN")]
    path: Vec<String>,
    /// Format that the source was read as: perf-stat-text, perf-stat-csv, ...
    #[arg(long = "source-format", value_name = "PATTERN")]
    source_format: Vec<String>,
    /// Number of the import that loaded the source
    #[arg(long, value_name = "N")]
    import: Vec<String>,
    /// Take away what fits, for any field that has an option here, and label.KEY
    #[arg(long, value_name = "FIELD=PATTERN")]
    not: Vec<String>,
}

/// Conditions on where a run belongs.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Choose runs")]
pub(super) struct RunArgs {
    /// Experiment
    #[arg(long, value_name = "PATTERN")]
    experiment: Vec<String>,
    /// Tool, with or without version: perf, perf-6.1.0, 'perf-6.*'
    #[arg(long, value_name = "PATTERN")]
    tool: Vec<String>,
    /// Version of the tool: 6.1.0, '>=5.10'
    #[arg(long, value_name = "PATTERN")]
    tool_version: Vec<String>,
    /// Host
    #[arg(long, value_name = "PATTERN")]
    host: Vec<String>,
    /// Label; 'threads=>=8' compares
    #[arg(long, value_name = "KEY=PATTERN")]
    label: Vec<String>,
    /// Architecture as `uname -m` prints it
    #[arg(long, value_name = "PATTERN")]
    arch: Vec<String>,
    /// CPU vendor
    #[arg(long, value_name = "PATTERN")]
    vendor: Vec<String>,
    /// CPU family
    #[arg(long, value_name = "NUMBER")]
    family: Vec<String>,
    /// CPU model: 58, '>=60'
    #[arg(long, value_name = "NUMBER")]
    model: Vec<String>,
    /// CPU stepping
    #[arg(long, value_name = "NUMBER")]
    stepping: Vec<String>,
    /// Microarchitecture under any name: ivybridge, IVB, 'Ivy Bridge'
    #[arg(long, value_name = "PATTERN")]
    microarch: Vec<String>,
    /// Kernel release: 6.1.0-50-arm64, '5.*', '>=5.10'
    #[arg(long, value_name = "PATTERN")]
    kernel: Vec<String>,
    /// Virtualisation
    #[arg(long, value_name = "PATTERN")]
    virt: Vec<String>,
    /// When the run began, by the clock of its machine: 2024-06, '>=2024-06-30T12:00'
    #[arg(long, value_name = "TIME")]
    started: Vec<String>,
    /// Which repetition of its experiment
    #[arg(long, value_name = "NUMBER")]
    repetition: Vec<String>,
    /// What was measured
    #[arg(long, value_name = "PATTERN")]
    command: Vec<String>,
}

/// Conditions on results.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Choose results")]
pub(super) struct ResultArgs {
    /// Event under any name that the database has for it: cycles, cpu/0x3c/, 'L1-*'
    #[arg(long, value_name = "PATTERN")]
    event: Vec<String>,
    /// Event as printed
    #[arg(long, value_name = "PATTERN")]
    spelling: Vec<String>,
    /// Semantic class of the event: cycles, branch-misses
    #[arg(long, value_name = "PATTERN")]
    class: Vec<String>,
    /// Rings that the number covers: user, kernel, user+kernel
    #[arg(long, value_name = "PATTERN")]
    privilege: Vec<String>,
    /// Unit
    #[arg(long, value_name = "PATTERN")]
    unit: Vec<String>,
    /// Kind of number: count, metric, estimate
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Status: counted, 'not counted', 'not supported'
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,
    /// What the number covers: whole, cpu, core, die, cluster, cache, socket, node, thread
    #[arg(long, value_name = "KIND")]
    scope: Vec<String>,
    /// Control group
    #[arg(long, value_name = "PATTERN")]
    cgroup: Vec<String>,
    /// Share of the time on a counter, percent: '>=50'
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    running: Vec<String>,
    /// The number: '>1e6', 0
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    value: Vec<String>,
}

/// Conditions on results with their runs and sources.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct SelectionArgs {
    #[command(flatten)]
    pub(super) result: ResultArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) source: SourceArgs,
}

impl SelectionArgs {
    /// What is wanted.
    pub(super) fn selection(&self) -> Result<Selection, Usage> {
        selection(Some(&self.source), Some(&self.run), Some(&self.result))
    }
}

/// What is wanted of something that has sources, runs or results.
///
/// # Errors
/// A pattern cannot be read, two contradict each other, or `--not` names a field that the listing does not have.
pub(super) fn selection(
    source: Option<&SourceArgs>,
    run: Option<&RunArgs>,
    result: Option<&ResultArgs>,
) -> Result<Selection, Usage> {
    let mut selection = Selection::default();
    let deepest = if result.is_some() {
        Level::Number
    } else if run.is_some() {
        Level::Run
    } else {
        Level::Source
    };
    let options =
        source.map(SourceArgs::options).into_iter().chain(run.map(RunArgs::options)).chain(result.map(ResultArgs::options));
    for (field, patterns) in options.flatten() {
        for pattern in patterns {
            wanted(&mut selection, &field, pattern).map_err(|reason| Usage(format!("--{field} {pattern}: {reason}")))?;
        }
    }
    for written in run.iter().flat_map(|run| &run.label) {
        if !written.contains('=') {
            return Err(Usage(format!("--label {written}: write KEY=PATTERN, for example threads=8")));
        }
        add(&mut selection, false, &format!("label.{written}"))
            .map_err(|reason| Usage(format!("--label {written}: {reason}")))?;
    }
    for written in source.iter().flat_map(|source| &source.not) {
        add(&mut selection, true, written).map_err(|reason| Usage(format!("--not {written}: {reason}")))?;
    }
    match selection.conditions().iter().find(|condition| condition.field.level() > deepest) {
        Some(condition) => Err(Usage(format!("--not {}: what is listed here has no such field", condition.field))),
        None => Ok(selection),
    }
}

/// Adds a condition that is written `FIELD=PATTERN`.
pub(super) fn add(selection: &mut Selection, negated: bool, written: &str) -> Result<(), String> {
    match written.split_once('=') {
        Some(("microarch", name)) => under_all_names(selection, negated, name),
        _ => selection.add_written(negated, written),
    }
}

/// Adds a pattern that a field of it is to have.
pub(super) fn wanted(selection: &mut Selection, field: &Field, pattern: &str) -> Result<(), String> {
    match field {
        Field::Microarch => under_all_names(selection, false, pattern),
        _ => selection.add(false, field.clone(), Pattern::read(field, pattern)?),
    }
}

/// A microarchitecture is meant by every name that the catalogue has for it.
fn under_all_names(selection: &mut Selection, negated: bool, pattern: &str) -> Result<(), String> {
    let pattern = Pattern::read(&Field::Microarch, pattern)?;
    let key = pattern.literal().and_then(|name| Some(catalog::named(name).ok()?.row.key()));
    if let Some(key) = key.filter(|key| Some(key.as_str()) != pattern.literal()) {
        selection.add(negated, Field::Microarch, Pattern::exactly(&key))?;
    }
    selection.add(negated, Field::Microarch, pattern)
}

impl SourceArgs {
    fn options(&self) -> Vec<(Field, &[String])> {
        vec![(Field::Path, &self.path), (Field::SourceFormat, &self.source_format), (Field::Import, &self.import)]
    }
}

impl RunArgs {
    fn options(&self) -> Vec<(Field, &[String])> {
        vec![
            (Field::Experiment, &self.experiment),
            (Field::Tool, &self.tool),
            (Field::ToolVersion, &self.tool_version),
            (Field::Host, &self.host),
            (Field::Arch, &self.arch),
            (Field::Vendor, &self.vendor),
            (Field::Family, &self.family),
            (Field::Model, &self.model),
            (Field::Stepping, &self.stepping),
            (Field::Microarch, &self.microarch),
            (Field::Kernel, &self.kernel),
            (Field::Virt, &self.virt),
            (Field::Started, &self.started),
            (Field::Repetition, &self.repetition),
            (Field::Command, &self.command),
        ]
    }
}

impl ResultArgs {
    fn options(&self) -> Vec<(Field, &[String])> {
        vec![
            (Field::Event, &self.event),
            (Field::Spelling, &self.spelling),
            (Field::Class, &self.class),
            (Field::Privilege, &self.privilege),
            (Field::Unit, &self.unit),
            (Field::Kind, &self.kind),
            (Field::Status, &self.status),
            (Field::Scope, &self.scope),
            (Field::Cgroup, &self.cgroup),
            (Field::Running, &self.running),
            (Field::Value, &self.value),
        ]
    }
}

/// Says on standard error which names the database does not have, with the nearest that it has.
pub(super) fn tell_unknown(store: &mut Store, selection: &Selection) -> Result<(), StoreError> {
    if selection.conditions().iter().all(|condition| condition.patterns.iter().all(|pattern| pattern.literal().is_none())) {
        return Ok(());
    }
    let names = store.names()?;
    for condition in selection.conditions() {
        let Some(known) = names.known_values(&condition.field) else { continue };
        let is_known = |pattern: &Pattern| pattern.literal().is_none_or(|wanted| known.contains(&wanted));
        // A name that the database has under another name of the same thing comes as two patterns.
        if condition.patterns.iter().any(is_known) && condition.field == Field::Microarch {
            continue;
        }
        for pattern in condition.patterns.iter().filter(|pattern| !is_known(pattern)) {
            let near = nearest(pattern.as_str(), known.iter().copied());
            let near = if near.is_empty() { String::new() } else { format!("; the nearest: {}", near.join(", ")) };
            tell(&format!("the database has no {} '{}'{near}", condition.field, super::escape::escaped(pattern.as_str())));
        }
    }
    Ok(())
}

/// A remark that is no part of the answer; that nobody may read it is no failure.
pub(super) fn tell(remark: &str) {
    let _ = writeln!(std::io::stderr().lock(), "prc-etl: {remark}");
}
