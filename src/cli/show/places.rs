//! What runs belong to: experiments, tools, environments and their parts, each with its number of runs.

use std::collections::BTreeMap;

use crate::cli::output::{Cell, Column};
use crate::cli::selection::{RunArgs, SourceArgs};
use crate::question::Part;
use crate::store::query::RunRecord;

/// What is listed.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Place {
    /// Experiments, with their numbers of runs
    Experiments(PlaceArgs),
    /// Tools, with their numbers of runs
    Tools(PlaceArgs),
    /// Environments, with their numbers of runs
    Environments(PlaceArgs),
    /// Kernel releases, with their numbers of runs
    Kernels(PlaceArgs),
    /// CPU vendors, with their numbers of runs
    Vendors(PlaceArgs),
    /// Kinds of virtualisation, with their numbers of runs
    Virts(PlaceArgs),
    /// Microarchitectures as given, with their numbers of runs
    Microarchs(PlaceArgs),
    /// Hosts, with their numbers of runs
    Hosts(PlaceArgs),
    /// Sets of labels, with their numbers of runs
    Labels(PlaceArgs),
}

/// Conditions on the runs that are counted.
#[derive(Debug, clap::Args)]
pub(super) struct PlaceArgs {
    #[command(flatten)]
    pub(super) source: SourceArgs,
    #[command(flatten)]
    pub(super) run: RunArgs,
}

impl Place {
    /// Which runs are counted.
    pub(super) fn args(&self) -> &PlaceArgs {
        match self {
            Self::Experiments(args)
            | Self::Tools(args)
            | Self::Environments(args)
            | Self::Kernels(args)
            | Self::Vendors(args)
            | Self::Virts(args)
            | Self::Microarchs(args)
            | Self::Hosts(args)
            | Self::Labels(args) => args,
        }
    }

    /// The columns: what names it, and its number of runs.
    pub(super) fn columns(&self) -> Vec<Column> {
        let names: &[&'static str] = match self {
            Self::Experiments(_) => &["experiment"],
            Self::Tools(_) => &["tool", "tool_version"],
            Self::Environments(_) => &["arch", "vendor", "family", "model", "stepping", "microarch", "kernel", "virt"],
            Self::Kernels(_) => &["kernel"],
            Self::Vendors(_) => &["vendor"],
            Self::Virts(_) => &["virt"],
            Self::Microarchs(_) => &["microarch"],
            Self::Hosts(_) => &["host"],
            Self::Labels(_) => &["labels"],
        };
        names.iter().copied().chain(["runs"]).map(Column::main).collect()
    }

    /// What a run has for it.
    fn of(&self, run: &RunRecord) -> Vec<Part> {
        match self {
            Self::Experiments(_) => vec![text(run.experiment.as_deref())],
            Self::Tools(_) => vec![text(Some(&run.tool)), text(run.tool_version.as_deref())],
            Self::Environments(_) => vec![
                text(run.arch.as_deref()),
                text(run.vendor.as_deref()),
                number(run.family),
                number(run.model),
                number(run.stepping),
                text(run.microarch.as_deref()),
                text(run.kernel.as_deref()),
                text(run.virt.as_deref()),
            ],
            Self::Kernels(_) => vec![text(run.kernel.as_deref())],
            Self::Vendors(_) => vec![text(run.vendor.as_deref())],
            Self::Virts(_) => vec![text(run.virt.as_deref())],
            Self::Microarchs(_) => vec![text(run.microarch.as_deref())],
            Self::Hosts(_) => vec![text(run.host.as_deref())],
            Self::Labels(_) => vec![text(run.labels.as_deref())],
        }
    }
}

/// Counts runs; memory grows with the names, not with the runs.
pub(super) struct Counted<'p> {
    place: &'p Place,
    runs: BTreeMap<Vec<Part>, i64>,
}

impl<'p> Counted<'p> {
    pub(super) fn new(place: &'p Place) -> Self {
        Self { place, runs: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, run: &RunRecord) {
        *self.runs.entry(self.place.of(run)).or_default() += 1;
    }

    /// A row for each name, in natural order; what is unknown comes first.
    pub(super) fn rows(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        self.runs.iter().map(|(parts, runs)| parts.iter().map(Cell::from).chain([Cell::Int(*runs)]).collect())
    }
}

fn text(text: Option<&str>) -> Part {
    text.map_or(Part::Unknown, |text| Part::Text(text.into()))
}

fn number(number: Option<i32>) -> Part {
    number.map_or(Part::Unknown, |number| Part::Number(number.into()))
}
