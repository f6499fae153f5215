//! What runs belong to: experiments, tools, environments and their parts, each with its number of runs.

use std::collections::BTreeMap;

use crate::cli::output::{Cell, Column};
use crate::question::Part;
use crate::store::query::RunRecord;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Experiments,
    Tools,
    Environments,
    Kernels,
    Vendors,
    Virts,
    Microarchs,
    Hosts,
    Labels,
}

impl Place {
    /// The columns: what names it, and its number of runs.
    pub(super) fn columns(self) -> Vec<Column> {
        let names: &[&'static str] = match self {
            Self::Experiments => &["experiment"],
            Self::Tools => &["tool", "tool_version"],
            Self::Environments => &["arch", "vendor", "family", "model", "stepping", "microarch", "kernel", "virt"],
            Self::Kernels => &["kernel"],
            Self::Vendors => &["vendor"],
            Self::Virts => &["virt"],
            Self::Microarchs => &["microarch"],
            Self::Hosts => &["host"],
            Self::Labels => &["labels"],
        };
        names.iter().copied().chain(["runs"]).map(Column::main).collect()
    }

    /// What a run has for it.
    fn of(self, run: &RunRecord) -> Vec<Part> {
        match self {
            Self::Experiments => vec![text(run.experiment.as_deref())],
            Self::Tools => vec![text(Some(&run.tool)), text(run.tool_version.as_deref())],
            Self::Environments => vec![
                text(run.arch.as_deref()),
                text(run.vendor.as_deref()),
                number(run.family),
                number(run.model),
                number(run.stepping),
                text(run.microarch.as_deref()),
                text(run.kernel.as_deref()),
                text(run.virt.as_deref()),
            ],
            Self::Kernels => vec![text(run.kernel.as_deref())],
            Self::Vendors => vec![text(run.vendor.as_deref())],
            Self::Virts => vec![text(run.virt.as_deref())],
            Self::Microarchs => vec![text(run.microarch.as_deref())],
            Self::Hosts => vec![text(run.host.as_deref())],
            Self::Labels => vec![text(run.labels.as_deref())],
        }
    }
}

/// Counts runs; memory grows with the names, not with the runs.
pub(super) struct Counted {
    place: Place,
    runs: BTreeMap<Vec<Part>, i64>,
}

impl Counted {
    pub(super) fn new(place: Place) -> Self {
        Self { place, runs: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, run: &RunRecord) {
        *self.runs.entry(self.place.of(run)).or_default() += 1;
    }

    /// A row for each name, in natural order; what is unknown comes first.
    pub(super) fn rows(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        self.runs.iter().map(|(parts, runs)| parts.iter().map(cell).chain([Cell::Int(*runs)]).collect())
    }
}

fn text(text: Option<&str>) -> Part {
    text.map_or(Part::Unknown, |text| Part::Text(text.into()))
}

fn number(number: Option<i32>) -> Part {
    number.map_or(Part::Unknown, |number| Part::Number(number.into()))
}

fn cell(part: &Part) -> Cell<'_> {
    match part {
        Part::Unknown => Cell::Empty,
        Part::Number(number) => Cell::Int(*number),
        Part::Text(text) => Cell::from(text.as_ref()),
        Part::Event(event) => Cell::Text(event.to_string().into()),
    }
}
