//! Call graphs: for each symbol a block of its callers, itself, and its callees.

use super::symbols::Row;
use crate::model::{EntryKind, RejectKind};
use crate::parse::oprofile::profile::{Cell, Profile};

/// What marks the row of the samples that a symbol has by itself.
const OWN: &str = " [self]";

/// A call graph that is being read.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    /// Columns before the rules: callers and callees stand two further in.
    indent: usize,
    /// Callers whose symbol is still to come.
    callers: Vec<Row<'a>>,
    /// The symbol of the block, once it came.
    symbol: Option<(String, Vec<(usize, Cell)>)>,
    /// Whether a rule closed the last block.
    closed: bool,
}

impl<'a> Graph<'a> {
    /// A call graph whose first rule begins at a column.
    pub(super) fn new(indent: usize) -> Self {
        Self { indent, callers: Vec::new(), symbol: None, closed: true }
    }

    /// A row of a block.
    pub(super) fn row(&mut self, profile: &mut Profile, row: Row<'a>) {
        self.closed = false;
        let is_arc = row.indent > self.indent + 1;
        match &self.symbol {
            None if is_arc => self.callers.push(row),
            None => self.begin(profile, &row),
            Some((symbol, cells)) if is_arc => callee(profile, row, symbol, cells),
            Some(_) => {
                profile.builder().note(format!("line {}: a block of the call graph has two symbols", row.line()));
                self.begin(profile, &row);
            }
        }
    }

    fn begin(&mut self, profile: &mut Profile, row: &Row<'a>) {
        for caller in std::mem::take(&mut self.callers) {
            let place = caller.names.place(Some(&row.names.symbol));
            profile.row(caller.line(), EntryKind::Caller, place, false, &caller.cells);
            profile.builder().results_on(caller.height());
        }
        profile.row(row.line(), EntryKind::Symbol, row.names.place(None), true, &row.cells);
        profile.builder().results_on(row.height());
        self.symbol = Some((row.names.symbol.clone(), row.cells.clone()));
    }

    /// The end of a block.
    pub(super) fn rule(&mut self, profile: &mut Profile) {
        for line in std::mem::take(&mut self.callers).into_iter().flat_map(|row| row.lines) {
            profile.builder().reject(line, 0, RejectKind::Row, "a caller without the symbol that it calls");
        }
        self.symbol = None;
        self.closed = true;
    }

    /// The end of the table.
    pub(super) fn finish(&mut self, profile: &mut Profile) {
        if !self.closed {
            profile.builder().note("the call graph ends inside a block: its last callees are missing");
        }
        self.rule(profile);
    }
}

fn callee(profile: &mut Profile, mut row: Row<'_>, symbol: &str, cells: &[(usize, Cell)]) {
    let own = row.names.symbol.strip_suffix(OWN).map(str::to_owned);
    let kind = if own.is_some() { EntryKind::Own } else { EntryKind::Callee };
    if let Some(name) = own {
        let samples = |cells: &[(usize, Cell)]| cells.iter().map(|(_, cell)| cell.samples).collect::<Vec<_>>();
        if samples(&row.cells) != samples(cells) {
            let line = row.line();
            profile.builder().note(format!("line {line}: the samples of {name} by itself are not those of its own row"));
        }
        row.names.symbol = name;
    }
    profile.row(row.line(), kind, row.names.place(Some(symbol)), false, &row.cells);
    profile.builder().results_on(row.height());
}
