//! Turns the results of sources into rows of the database.

use diesel::prelude::*;

use super::facts::{Planned, int};
use super::form::{self, LastForms};
use crate::model::RunResult;
use crate::store::dictionary::Dictionaries;
use crate::store::rows::{ResultRow, value_beside};

/// The rows of some sources, one after another: they are written while they are made.
pub(super) struct ResultRows<'a> {
    dictionaries: &'a Dictionaries,
    /// The source whose rows are made, and those that follow.
    sources: &'a [Planned<'a>],
    /// The next result of it; 0 before anything is known of it.
    next: usize,
    spellings: Vec<i64>,
    scopes: Vec<i64>,
    /// Ordinal within its run of each result of the source.
    ordinals: Vec<i32>,
    /// Results of each run of the source.
    counts: Vec<i32>,
    forms: LastForms<i64>,
}

impl<'a> ResultRows<'a> {
    pub(super) fn new(dictionaries: &'a Dictionaries, sources: &'a [Planned<'a>]) -> Self {
        let (spellings, scopes, ordinals, counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { dictionaries, sources, next: 0, spellings, scopes, ordinals, counts, forms: LastForms::default() }
    }

    /// Resolves the names and the ordinals of a source.
    fn begin(&mut self, source: &Planned<'_>) -> QueryResult<()> {
        let report = &source.source.report;
        form::spellings(self.dictionaries, report, &mut self.spellings)?;
        self.forms.begin(self.spellings.len());
        self.scopes.clear();
        for scope in report.scopes.values() {
            self.scopes.push(self.dictionaries.scope(scope)?);
        }
        self.ordinals.clear();
        self.counts.clear();
        self.counts.resize(report.runs.len(), 0);
        for result in &report.results {
            let count = &mut self.counts[result.run as usize];
            self.ordinals.push(*count);
            *count += 1;
        }
        Ok(())
    }

    fn row(
        &mut self,
        source: &Planned<'_>,
        index: usize,
        (result, metric): (&RunResult, Option<&RunResult>),
    ) -> QueryResult<ResultRow> {
        let form = form::of(&self.spellings, result, metric);
        let form_id = self.forms.of(result.spelling, &form, |form| self.dictionaries.form(form))?;
        Ok(ResultRow {
            run_id: source.runs[result.run as usize].run_id,
            ordinal: self.ordinals[index],
            line: int(result.line)?,
            form_id,
            scope_id: result.scope.map(|scope| self.scopes[scope as usize]),
            value: result.number.and_then(value_beside),
            count: result.number.and_then(|number| number.count),
            interval_ns: result.interval_ns,
            running_percent: result.running_percent,
            spread_percent: result.spread_percent,
            runtime_ns: result.runtime_ns,
            metric_of: result.metric_of.map(|counter| self.ordinals[counter as usize]),
            metric_value: metric.and_then(|metric| metric.number).map(|number| number.value),
        })
    }

    fn next_row(&mut self) -> QueryResult<Option<ResultRow>> {
        while let Some((source, others)) = self.sources.split_first() {
            let index = self.next;
            if index == 0 {
                self.begin(source)?;
            }
            if let Some((result, metric)) = form::row(&source.source.report, index) {
                self.next += 1 + usize::from(metric.is_some());
                return self.row(source, index, (result, metric)).map(Some);
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
