//! Turns the results of sources into rows of the database.

use diesel::prelude::*;

use super::facts::{Planned, int};
use crate::model::RunResult;
use crate::store::dictionary::Dictionaries;
use crate::store::outline::Row;
use crate::store::rows::{ResultRow, value_beside};

/// The rows of some sources, one after another: they are written while they are made.
pub(super) struct ResultRows<'a> {
    dictionaries: &'a Dictionaries,
    /// The source whose rows are made, and those that follow.
    sources: &'a [Planned<'a>],
    /// The next row of it; 0 before anything is known of it.
    next: usize,
    scopes: Vec<i64>,
}

impl<'a> ResultRows<'a> {
    pub(super) fn new(dictionaries: &'a Dictionaries, sources: &'a [Planned<'a>]) -> Self {
        Self { dictionaries, sources, next: 0, scopes: Vec::new() }
    }

    /// Finds the scopes of a source.
    fn begin(&mut self, source: &Planned<'_>) -> QueryResult<()> {
        self.scopes.clear();
        for scope in source.source.report.scopes.values() {
            self.scopes.push(self.dictionaries.scope(scope)?);
        }
        Ok(())
    }

    fn row(&self, source: &Planned<'_>, row: Row) -> QueryResult<ResultRow> {
        let (report, outline) = (&source.source.report, source.source.outline());
        let at = row.result as usize;
        let result = &report.results[at];
        let has_metric = outline.forms[row.form as usize].metric.is_some();
        let metric: Option<&RunResult> = report.results.get(at + 1).filter(|_| has_metric);
        Ok(ResultRow {
            run_id: source.runs[result.run as usize].run_id,
            ordinal: outline.ordinal(row.result),
            line: int(result.line)?,
            form_id: source.forms[row.form as usize],
            scope_id: result.scope.map(|scope| self.scopes[scope as usize]),
            value: result.number.and_then(value_beside),
            count: result.number.and_then(|number| number.count),
            interval_ns: result.interval_ns,
            running_percent: result.running_percent,
            spread_percent: result.spread_percent,
            runtime_ns: result.runtime_ns,
            metric_of: result.metric_of.map(|counter| outline.ordinal(counter)),
            metric_value: metric.and_then(|metric| metric.number).map(|number| number.value),
        })
    }

    fn next_row(&mut self) -> QueryResult<Option<ResultRow>> {
        while let Some((source, others)) = self.sources.split_first() {
            if self.next == 0 {
                self.begin(source)?;
            }
            if let Some(row) = source.source.outline().rows.get(self.next) {
                self.next += 1;
                return self.row(source, *row).map(Some);
            }
            (self.sources, self.next) = (others, 0);
        }
        Ok(None)
    }
}

impl Iterator for ResultRows<'_> {
    type Item = QueryResult<ResultRow>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}
