//! Call graphs: for each symbol a block of its callers, itself, and its callees.

use std::borrow::Cow;

use super::symbols::Row;
use crate::model::{EntryKind, RejectKind};
use crate::parse::oprofile::profile::{Cell, Place, Profile, columns};

/// What marks the row of the samples that a symbol has by itself.
const OWN: &str = " [self]";

/// A call graph that is being read.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    /// Columns before the rules: callers and callees stand two further in.
    indent: usize,
    /// Columns of the profile that its cells stand in.
    classes: Vec<usize>,
    /// Callers whose symbol is still to come.
    callers: Vec<Row<'a>>,
    /// The symbol of the block, once it came.
    symbol: Option<(Cow<'a, str>, Vec<Cell>)>,
    /// Whether a rule closed the last block.
    closed: bool,
}

impl<'a> Graph<'a> {
    /// A call graph whose first rule begins at a column.
    pub(super) fn new(indent: usize, classes: Vec<usize>) -> Self {
        Self { indent, classes, callers: Vec::new(), symbol: None, closed: true }
    }

    /// A row of a block.
    pub(super) fn row(&mut self, profile: &mut Profile, row: Row<'a>) {
        self.closed = false;
        let is_arc = row.indent > self.indent + 1;
        match &self.symbol {
            None if is_arc => self.callers.push(row),
            None => self.begin(profile, row),
            Some((symbol, cells)) if is_arc => self.callee(profile, &row, symbol, cells),
            Some(_) => {
                profile.builder().note(format!("line {}: a block of the call graph has two symbols", row.span.first()));
                self.begin(profile, row);
            }
        }
    }

    fn begin(&mut self, profile: &mut Profile, row: Row<'a>) {
        for caller in std::mem::take(&mut self.callers) {
            self.arc(profile, EntryKind::Caller, &caller, (&caller.names.symbol, &row.names.symbol));
        }
        profile.row(row.span.first(), EntryKind::Symbol, row.names.place(None), true, columns(&self.classes, &row.cells));
        profile.builder().results_on(row.span.height());
        self.symbol = Some((row.names.symbol, row.cells));
    }

    /// A row of what calls the symbol of the block, or is called by it, or of itself: it counts towards no total.
    fn arc(&self, profile: &mut Profile, kind: EntryKind, row: &Row<'_>, (name, of): (&str, &str)) {
        let place = Place { symbol: Some(name), ..row.names.place(Some(of)) };
        profile.row(row.span.first(), kind, place, false, columns(&self.classes, &row.cells));
        profile.builder().results_on(row.span.height());
    }

    fn callee(&self, profile: &mut Profile, row: &Row<'_>, symbol: &str, cells: &[Cell]) {
        let Some(name) = row.names.symbol.strip_suffix(OWN) else {
            return self.arc(profile, EntryKind::Callee, row, (&row.names.symbol, symbol));
        };
        if row.cells.iter().map(|cell| cell.samples).ne(cells.iter().map(|cell| cell.samples)) {
            let line = row.span.first();
            profile.builder().note(format!("line {line}: the samples of {name} by itself are not those of its own row"));
        }
        self.arc(profile, EntryKind::Own, row, (name, symbol));
    }

    /// The end of a block.
    pub(super) fn rule(&mut self, profile: &mut Profile) {
        for line in std::mem::take(&mut self.callers).iter().flat_map(|row| row.span.lines()) {
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
