//! Rows of symbol lists, and the rows of addresses below them.

use std::borrow::Cow;

use super::cells::{self, Broken};
use super::clean::Span;
use super::graph::Graph;
use super::names;
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

/// What a text turned out to be.
pub(super) enum Reading<'a> {
    /// A row of a symbol.
    Row(Row<'a>),
    /// The samples of one address.
    Address(Option<u64>, Option<Cow<'a, str>>, Vec<Cell>),
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

    /// Reads a row that may go on over several lines, and whether it has an application that the titles do not announce.
    pub(super) fn read(&self, span: Span<'a>) -> Result<(Reading<'a>, bool), Broken> {
        match span.text() {
            Cow::Borrowed(text) => self.read_text(text, span, Cow::Borrowed),
            Cow::Owned(text) => self.read_text(&text, span, |name| Cow::Owned(name.to_owned())),
        }
    }

    /// Reads this text, whose names `kept` makes outlive it.
    fn read_text<'t>(
        &self,
        text: &'t str,
        span: Span<'a>,
        kept: impl Fn(&'t str) -> Cow<'a, str>,
    ) -> Result<(Reading<'a>, bool), Broken> {
        let numbers = cells::numbers(text, self.columns.shape)?;
        let cells = numbers.cells;
        let indent = text.len() - text.trim_start().len();
        let below = self.graph.is_none() && numbers.address.is_some() && indent > self.columns.indent + 1;
        if below && numbers.rest.is_empty() {
            return Ok((Reading::Address(numbers.address, None, cells), false));
        }
        if below && self.columns.location && names::is_lone_location(numbers.rest) {
            let location = names::known(numbers.rest).map(kept);
            return Ok((Reading::Address(numbers.address, location, cells), false));
        }
        let Some(found) = names::split(numbers.rest, &self.columns) else {
            let column = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let reason = "the row ends before its last name".to_owned();
            return Err(Broken { column, kind: RejectKind::Row, reason, ended: true });
        };
        let names = Names {
            image: found.image.map(&kept),
            app: found.app.map(&kept),
            symbol: kept(found.symbol),
            location: found.location.map(&kept),
            address: numbers.address,
        };
        Ok((Reading::Row(Row { span, indent, names, cells }), found.hidden_app))
    }

    /// Places what was read.
    pub(super) fn place(&mut self, profile: &mut Profile, reading: Reading<'a>, span: Span<'a>) {
        match reading {
            Reading::Row(row) => match &mut self.graph {
                Some(graph) => graph.row(profile, row),
                None => self.symbol(profile, row),
            },
            Reading::Address(address, location, cells) => self.address(profile, (address, location.as_deref()), &cells, span),
        }
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
        let place = Place { address, location, ..owner.names.place(None) };
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
