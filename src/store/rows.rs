//! Rows as they are written.
//!
//! Those of the large tables own their texts: diesel keeps the statement of an array prepared only when its type borrows nothing.

use diesel::prelude::*;

use super::outline::LocalForm;
use super::schema::{bindings, entries, forms, judgements, rejects, results, runs, sources, supports};
use crate::model::Number;

/// A row of the ledger.
#[derive(Debug, Insertable)]
#[diesel(table_name = sources, treat_none_as_default_value = false)]
pub(super) struct SourceRow {
    pub(super) source_id: i64,
    pub(super) digest: Vec<u8>,
    pub(super) import_id: i64,
    pub(super) root_id: Option<i64>,
    pub(super) path: String,
    pub(super) bytes: i64,
    pub(super) modified_at: Option<i64>,
    pub(super) parser_id: i64,
    pub(super) taken_for: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) lines: i32,
    pub(super) result_lines: i32,
    pub(super) furniture_lines: i32,
    pub(super) foreign_lines: i32,
    pub(super) rejected_lines: i32,
    pub(super) runs: i32,
    pub(super) results: i32,
    pub(super) sides_id: Option<i64>,
    pub(super) entries: i32,
    pub(super) supports: i32,
    pub(super) environment_id: Option<i64>,
    pub(super) label_set_id: Option<i64>,
}

/// A fact about an event that was not counted.
#[derive(Debug, Insertable)]
#[diesel(table_name = supports, treat_none_as_default_value = false)]
pub(super) struct SupportRow {
    pub(super) source_id: i64,
    pub(super) ordinal: i32,
    pub(super) line: i32,
    pub(super) spelling_id: i64,
    pub(super) supported: i16,
    pub(super) derived: i16,
    pub(super) code: Option<String>,
    pub(super) formula: Option<String>,
    pub(super) counters: Option<String>,
    pub(super) unit_masks: Option<String>,
}

/// A row of `runs`.
#[derive(Debug, Insertable)]
#[diesel(table_name = runs, treat_none_as_default_value = false)]
pub(super) struct RunRow {
    pub(super) run_id: i64,
    pub(super) source_id: i64,
    pub(super) ordinal: i32,
    pub(super) line: i32,
    pub(super) experiment_id: Option<i64>,
    pub(super) tool_id: i64,
    pub(super) host_id: Option<i64>,
    pub(super) environment_id: i64,
    pub(super) origins_id: i64,
    pub(super) command: Option<String>,
    pub(super) target: Option<String>,
    pub(super) started_at: Option<i64>,
    pub(super) wall_seconds: Option<f64>,
    pub(super) wall_spread_percent: Option<f64>,
    pub(super) user_seconds: Option<f64>,
    pub(super) sys_seconds: Option<f64>,
    pub(super) repeats: Option<i32>,
    pub(super) label_set_id: Option<i64>,
    pub(super) repetition: Option<i64>,
}

/// The column `value` beside `count`: null where the integer says the same.
pub(super) fn value_beside(number: Number) -> Option<f64> {
    let said = number.count.map(Number::exact).is_some_and(|exact| exact.value.to_bits() == number.value.to_bits());
    (!said).then_some(number.value)
}

/// The value that the columns `value` and `count` stand for.
pub(super) fn value_of(value: Option<f64>, count: Option<i64>) -> Option<f64> {
    value.or_else(|| count.map(|count| Number::exact(count).value))
}

/// What many rows of the fact table have in common: the event, the metric beside its number, and how the number is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Queryable, Insertable)]
#[diesel(table_name = forms, treat_none_as_default_value = false)]
pub(super) struct Form {
    pub(super) spelling_id: i64,
    pub(super) metric_spelling_id: Option<i64>,
    pub(super) status: i16,
    pub(super) flags: i16,
}

impl Form {
    /// The form of a source whose spellings have these ids.
    pub(super) fn of(form: &LocalForm, spellings: &[i64]) -> Self {
        let &LocalForm { spelling, metric, status, flags } = form;
        let id = |index: u32| spellings[index as usize];
        Self { spelling_id: id(spelling), metric_spelling_id: metric.map(id), status, flags }
    }
}

/// A row of the fact table.
#[derive(Debug, Insertable, Queryable)]
#[diesel(table_name = results, treat_none_as_default_value = false)]
pub(super) struct ResultRow {
    pub(super) run_id: i64,
    pub(super) ordinal: i32,
    pub(super) line: i32,
    pub(super) form_id: i64,
    pub(super) count: Option<i64>,
    pub(super) metric_value: Option<f64>,
    pub(super) running_percent: Option<f64>,
    pub(super) runtime_ns: Option<i64>,
    pub(super) interval_ns: Option<i64>,
    pub(super) spread_percent: Option<f64>,
    /// As [`value_beside`] `count`.
    pub(super) value: Option<f64>,
    pub(super) scope_id: Option<i64>,
    pub(super) metric_of: Option<i32>,
}

/// An automatic coefficient.
#[derive(Debug, Insertable)]
#[diesel(table_name = judgements, treat_none_as_default_value = false)]
pub(super) struct JudgementRow {
    pub(super) run_id: i64,
    pub(super) ordinal: i32,
    pub(super) auto: f64,
}

/// What a spelling means.
#[derive(Debug, Insertable)]
#[diesel(table_name = bindings, treat_none_as_default_value = false)]
pub(super) struct BindingRow {
    pub(super) spelling_id: i64,
    pub(super) tool_id: i64,
    pub(super) environment_id: i64,
    pub(super) catalogue: String,
    pub(super) microarch: Option<String>,
    pub(super) status: String,
    pub(super) event_id: Option<i64>,
    pub(super) formula: Option<String>,
    pub(super) relation: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) method: Option<String>,
    pub(super) origin: Option<String>,
    pub(super) privilege: Option<String>,
}

/// A row of a profile.
#[derive(Debug, Insertable)]
#[diesel(table_name = entries, treat_none_as_default_value = false)]
pub(super) struct EntryRow {
    pub(super) run_id: i64,
    pub(super) ordinal: i32,
    pub(super) line: i32,
    pub(super) kind: i16,
    pub(super) spelling_id: i64,
    pub(super) image_id: Option<i64>,
    pub(super) app_id: Option<i64>,
    pub(super) symbol_id: Option<i64>,
    pub(super) of_symbol_id: Option<i64>,
    pub(super) location_id: Option<i64>,
    pub(super) address: Option<i64>,
    pub(super) samples: i64,
    pub(super) percent: Option<f64>,
    pub(super) diff_percent: Option<f64>,
    pub(super) cpu: Option<i32>,
    pub(super) process: Option<i64>,
    pub(super) thread: Option<i64>,
}

/// A row of `rejects`.
#[derive(Debug, Insertable)]
#[diesel(table_name = rejects, treat_none_as_default_value = false)]
pub(super) struct RejectRow<'a> {
    pub(super) import_id: i64,
    pub(super) ordinal: i64,
    pub(super) source_id: Option<i64>,
    pub(super) root_id: Option<i64>,
    pub(super) path: &'a str,
    pub(super) line: i32,
    pub(super) col: i32,
    pub(super) kind: &'a str,
    pub(super) reason: &'a str,
    pub(super) text: &'a str,
}
