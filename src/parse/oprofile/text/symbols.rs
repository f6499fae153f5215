//! Rows of symbol lists, and the rows of addresses below them.

use std::borrow::Cow;

use super::cells::{self, Broken, Numbers};
use super::clean::Span;
use super::graph::Graph;
use super::names;
use super::rows::Rows;
use super::titles::Columns;
use crate::model::{EntryKind, RejectKind};
use crate::parse::oprofile::profile::{Cell, Place, Profile, columns};

/// The texts of a row. Those of one that was wrapped stand nowhere as they are.
#[derive(Debug, Clone, Default)]
pub(super) struct Names<'a> {
    pub(super) image: Option<Cow<'a, str>>,
    pub(super) app: Option<Cow<'a, str>>,
    pub(super) symbol: Cow<'a, str>,
    pub(super) location: Option<Cow<'a, str>>,
    pub(super) address: Option<u64>,
}

impl Names<'_> {
    /// Where samples of this row were taken; `of` is the symbol whose neighbours are listed.
    pub(super) fn place<'n>(&'n self, of: Option<&'n str>) -> Place<'n> {
        Place {
            image: self.image.as_deref(),
            app: self.app.as_deref(),
            symbol: Some(&self.symbol),
            of_symbol: of,
            location: self.location.as_deref(),
            address: self.address,
        }
    }
}

/// A row, read and still to be placed.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub(super) span: Span<'a>,
    pub(super) indent: usize,
    pub(super) names: Names<'a>,
    pub(super) cells: Vec<Cell>,
}

/// The symbol that rows of addresses belong to.
#[derive(Debug)]
struct Owner<'a> {
    names: Names<'a>,
    line: u32,
    cells: Vec<Cell>,
    /// Samples of its addresses so far.
    addresses: Option<Vec<i128>>,
}

/// A symbol list that is being read.
#[derive(Debug)]
pub(super) struct Symbols<'a> {
    columns: Columns,
    classes: Vec<usize>,
    owner: Option<Owner<'a>>,
    /// Set by the first rule: it makes the list a call graph.
    graph: Option<Graph<'a>>,
    /// Rows of a differential report that its second profile lacks.
    gone: usize,
}

impl<'a> Rows<'a> for Symbols<'a> {
    fn read<'t>(
        &mut self,
        profile: &mut Profile,
        text: &'t str,
        span: Span<'a>,
        kept: impl Fn(&'t str) -> Cow<'a, str>,
    ) -> Result<(), Broken> {
        let Numbers { address, cells, rest } = cells::numbers(text, self.columns.shape)?;
        let indent = text.len() - text.trim_start().len();
        if self.graph.is_none() && address.is_some() && indent > self.columns.indent + 1 {
            let lone = self.columns.location && names::is_lone_location(rest);
            if lone || rest.is_empty() {
                let location = names::known(rest).filter(|_| lone);
                self.address(profile, (address, location), &cells, span);
                return Ok(());
            }
        }
        let Some(found) = names::split(rest, &self.columns) else {
            let column = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let reason = "the row ends before its last name".to_owned();
            return Err(Broken { column, kind: RejectKind::Row, reason, ended: true });
        };
        if found.hidden_app {
            profile.builder().note("the rows have an application that the titles do not announce");
        }
        let names = Names {
            image: found.image.map(&kept),
            app: found.app.map(&kept),
            symbol: kept(found.symbol),
            location: found.location.map(&kept),
            address,
        };
        let row = Row { span, indent, names, cells };
        match &mut self.graph {
            Some(graph) => graph.row(profile, row),
            None => self.symbol(profile, row),
        }
        Ok(())
    }
}

impl<'a> Symbols<'a> {
    /// A list with these columns.
    pub(super) fn new(columns: Columns, classes: Vec<usize>) -> Self {
        Self { columns, classes, owner: None, graph: None, gone: 0 }
    }

    /// Whether a text begins as a row does, complete or not.
    pub(super) fn begins(&self, text: &str) -> bool {
        let first = || text.split_whitespace().next().unwrap_or("");
        text.trim_start().starts_with(|c: char| c.is_ascii_digit())
            || self.columns.shape.vma && cells::address(first()).is_some()
    }

    fn symbol(&mut self, profile: &mut Profile, row: Row<'a>) {
        self.settle_owner(profile);
        let gone = row.cells.iter().any(|cell| cell.gone) && row.cells.iter().all(|cell| cell.gone || cell.samples == 0);
        self.gone += usize::from(gone);
        let line = row.span.first();
        profile.row(line, EntryKind::Symbol, row.names.place(None), true, columns(&self.classes, &row.cells));
        if gone {
            (0..row.span.height()).for_each(|_| profile.builder().furniture());
        } else {
            profile.builder().results_on(row.span.height());
        }
        self.owner = Some(Owner { line, names: row.names, cells: row.cells, addresses: None });
    }

    fn address(
        &mut self,
        profile: &mut Profile,
        (address, location): (Option<u64>, Option<&str>),
        cells: &[Cell],
        span: Span<'a>,
    ) {
        let Some(owner) = &mut self.owner else {
            for line in span.lines() {
                profile.builder().reject(line, 0, RejectKind::Row, "an address without the symbol it belongs to");
            }
            return;
        };
        let sums = owner.addresses.get_or_insert_with(|| vec![0; cells.len()]);
        sums.iter_mut().zip(cells).for_each(|(sum, cell)| *sum += i128::from(cell.samples));
        let place = Place { location, address, ..owner.names.place(None) };
        profile.row(span.first(), EntryKind::Address, place, false, columns(&self.classes, cells));
        profile.builder().results_on(span.height());
    }

    /// The samples of a symbol are those of its addresses.
    fn settle_owner(&mut self, profile: &mut Profile) {
        let Some(Owner { names, line, cells, addresses: Some(sums) }) = self.owner.take() else { return };
        for (cell, sum) in cells.iter().zip(sums).filter(|(cell, sum)| i128::from(cell.samples) != *sum) {
            let samples = cell.samples;
            profile
                .builder()
                .note(format!("the addresses of {} (line {line}) hold {sum} of its {samples} samples", names.symbol));
        }
    }

    /// A rule: a call graph has one around each symbol.
    pub(super) fn rule(&mut self, profile: &mut Profile, indent: usize) {
        match &mut self.graph {
            Some(graph) => graph.rule(profile),
            None if self.owner.is_none() => self.graph = Some(Graph::new(indent, self.classes.clone())),
            None => {}
        }
    }

    /// The end of the table.
    pub(super) fn finish(mut self, profile: &mut Profile) {
        self.settle_owner(profile);
        if let Some(mut graph) = self.graph.take() {
            graph.finish(profile);
        }
        if self.gone > 0 {
            profile.builder().note(format!("{} symbols are in the first profile only: they were left out", self.gone));
        }
    }
}
