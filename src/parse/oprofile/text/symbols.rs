//! Rows of symbol lists, and the rows of addresses below them.

use super::cells::{self, Broken};
use super::graph::Graph;
use super::names;
use super::titles::Columns;
use crate::model::{EntryKind, RejectKind};
use crate::parse::lines::Line;
use crate::parse::oprofile::profile::{Cell, Place, Profile};

/// The texts of a row, kept beyond its line.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) image: Option<String>,
    pub(super) app: Option<String>,
    pub(super) symbol: String,
    pub(super) location: Option<String>,
    pub(super) address: Option<u64>,
}

impl Names {
    /// Where samples of this row were taken; `of` is the symbol whose neighbours are listed.
    pub(super) fn place<'a>(&'a self, of: Option<&'a str>) -> Place<'a> {
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
    pub(super) lines: Vec<Line<'a>>,
    pub(super) indent: usize,
    pub(super) names: Names,
    pub(super) cells: Vec<(usize, Cell)>,
}

impl Row<'_> {
    /// Line that it begins on.
    pub(super) fn line(&self) -> u32 {
        self.lines.first().map_or(0, |line| line.number)
    }

    /// How many lines it takes.
    pub(super) fn height(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }
}

/// The symbol that rows of addresses belong to.
#[derive(Debug)]
struct Owner {
    names: Names,
    line: u32,
    cells: Vec<(usize, Cell)>,
    /// Samples of its addresses so far.
    addresses: Option<Vec<i128>>,
}

/// A symbol list that is being read.
#[derive(Debug)]
pub(super) struct Symbols<'a> {
    columns: Columns,
    classes: Vec<usize>,
    owner: Option<Owner>,
    /// Set by the first rule: it makes the list a call graph.
    graph: Option<Graph<'a>>,
    /// Rows of a differential report that its second profile lacks.
    gone: usize,
}

/// What a text turned out to be.
pub(super) enum Reading<'a> {
    /// A row of a symbol.
    Row(Box<Row<'a>>),
    /// The samples of one address.
    Address(Option<u64>, Option<String>, Vec<(usize, Cell)>),
}

impl<'a> Symbols<'a> {
    /// A list with these columns.
    pub(super) fn new(columns: Columns, classes: Vec<usize>) -> Self {
        Self { columns, classes, owner: None, graph: None, gone: 0 }
    }

    /// Whether a text begins as a row does, complete or not.
    pub(super) fn begins(&self, text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or("");
        first.starts_with(|c: char| c.is_ascii_digit()) || self.columns.shape.vma && cells::address(first).is_some()
    }

    /// Reads a text, which may be joined from several lines.
    pub(super) fn read(&self, text: &str, lines: &[Line<'a>]) -> Result<(Reading<'a>, bool), Broken> {
        let numbers = cells::numbers(text, self.columns.shape)?;
        let cells: Vec<(usize, Cell)> = self.classes.iter().copied().zip(numbers.cells).collect();
        let indent = text.len() - text.trim_start().len();
        let below = self.graph.is_none() && numbers.address.is_some() && indent > self.columns.indent + 1;
        if below && numbers.rest.is_empty() {
            return Ok((Reading::Address(numbers.address, None, cells), false));
        }
        if below && self.columns.location && names::is_lone_location(numbers.rest) {
            let location = names::known(numbers.rest).map(str::to_owned);
            return Ok((Reading::Address(numbers.address, location, cells), false));
        }
        let Some(found) = names::split(numbers.rest, &self.columns) else {
            let column = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let reason = "the row ends before its last name".to_owned();
            return Err(Broken { column, kind: RejectKind::Row, reason, ended: true });
        };
        let own = |text: Option<&str>| text.map(str::to_owned);
        let names = Names {
            image: own(found.image),
            app: own(found.app),
            symbol: found.symbol.to_owned(),
            location: own(found.location),
            address: numbers.address,
        };
        Ok((Reading::Row(Box::new(Row { lines: lines.to_vec(), indent, names, cells })), found.hidden_app))
    }

    /// Places what was read.
    pub(super) fn place(&mut self, profile: &mut Profile, reading: Reading<'a>, lines: &[Line<'a>]) {
        match reading {
            Reading::Row(row) => match &mut self.graph {
                Some(graph) => graph.row(profile, *row),
                None => self.symbol(profile, *row),
            },
            Reading::Address(address, location, cells) => self.address(profile, (address, location), &cells, lines),
        }
    }

    fn symbol(&mut self, profile: &mut Profile, row: Row<'a>) {
        self.settle_owner(profile);
        let gone =
            row.cells.iter().any(|(_, cell)| cell.gone) && row.cells.iter().all(|(_, cell)| cell.gone || cell.samples == 0);
        self.gone += usize::from(gone);
        profile.row(row.line(), EntryKind::Symbol, row.names.place(None), true, &row.cells);
        if gone {
            (0..row.height()).for_each(|_| profile.builder().furniture());
        } else {
            profile.builder().results_on(row.height());
        }
        self.owner = Some(Owner { line: row.line(), names: row.names, cells: row.cells, addresses: None });
    }

    fn address(
        &mut self,
        profile: &mut Profile,
        (address, location): (Option<u64>, Option<String>),
        cells: &[(usize, Cell)],
        lines: &[Line<'a>],
    ) {
        let Some(owner) = &mut self.owner else {
            for &line in lines {
                profile.builder().reject(line, 0, RejectKind::Row, "an address without the symbol it belongs to");
            }
            return;
        };
        let sums = owner.addresses.get_or_insert_with(|| vec![0; cells.len()]);
        sums.iter_mut().zip(cells).for_each(|(sum, (_, cell))| *sum += i128::from(cell.samples));
        let place = Place { address, location: location.as_deref(), ..owner.names.place(None) };
        profile.row(lines.first().map_or(0, |line| line.number), EntryKind::Address, place, false, cells);
        profile.builder().results_on(u32::try_from(lines.len()).unwrap_or(u32::MAX));
    }

    /// The samples of a symbol are those of its addresses.
    fn settle_owner(&mut self, profile: &mut Profile) {
        let Some(Owner { names, line, cells, addresses: Some(sums) }) = self.owner.take() else { return };
        for ((_, cell), sum) in cells.iter().zip(sums).filter(|((_, cell), sum)| i128::from(cell.samples) != *sum) {
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
            None if self.owner.is_none() => self.graph = Some(Graph::new(indent)),
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
