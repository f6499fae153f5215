//! What perf derives from counters: metrics beside them, below them, in groups and in tables of their own.

use super::super::block::Block;
use super::super::layout::{is_interval_time, trim_blanks, unquoted};
use super::super::metric_only;
use super::super::row::Row;
use super::super::value;
use super::{Reader, percent_of};
use crate::model::{Kind, RejectKind, RunResult, Status};
use crate::parse::lines::Line;
use crate::parse::number::{self, Printed};
use crate::parse::perf::metric;

/// How far a metric name that a mail program broke off is indented at least.
const WRAPPED_INDENT: usize = 16;

/// A metric group. The percentages behind its last line belong to all of it: they are kept until the end, so that a group of many lines
/// is not gone through at each of them.
#[derive(Debug, Default)]
pub(super) struct Group {
    members: Vec<u32>,
    spread: Option<f64>,
    running: Option<f64>,
}

impl<'a> Reader<'a> {
    /// Gives all metrics of groups their percentages.
    pub(super) fn finish_groups(&mut self) {
        for group in &self.groups {
            for &member in &group.members {
                let result = self.builder.result(member);
                (result.spread_percent, result.running_percent) = (group.spread, group.running);
            }
        }
    }

    /// A further metric line. Percentages behind it belong to the counter above, or to the whole metric group.
    pub(super) fn continuation(&mut self, line: Line<'a>, row: &Row<'a>, block: &mut Block<'a>, text: &'a str) {
        if !value::is_metric(text) {
            return self.foreign();
        }
        if is_first_of_nameless_group(line.text, text) {
            (block.counter, block.group) = (None, None);
        }
        let template = match block.counter {
            Some(counter) => *self.builder.result(counter),
            None => RunResult {
                scope: self.scope(row, None),
                interval_ns: row.time,
                ..RunResult::new(block.run, line.number, 0, Status::Counted, None)
            },
        };
        let spread = row.tail.spread.and_then(|percent| percent_of(percent, block.notation));
        let running = row.tail.running.and_then(|percent| percent_of(percent, block.notation));
        if let Some(counter) = block.counter {
            let result = self.builder.result(counter);
            result.spread_percent = result.spread_percent.or(spread);
            result.running_percent = result.running_percent.or(running);
        }
        let metric = self.metric(line, block, text, &template, block.counter);
        if block.counter.is_none() {
            let group = *block.group.get_or_insert(self.groups.len());
            if group == self.groups.len() {
                self.groups.push(Group::default());
            }
            let group = &mut self.groups[group];
            group.members.extend(metric);
            (group.spread, group.running) = (spread, running);
        }
        if metric.is_some() { self.builder.results_on(1) } else { self.builder.furniture() }
    }

    /// Adds the metric that a text holds, beside a result like `beside`.
    pub(super) fn metric(
        &mut self,
        line: Line<'a>,
        block: &Block<'a>,
        text: &'a str,
        beside: &RunResult,
        of: Option<u32>,
    ) -> Option<u32> {
        let Some((number, rest)) = value::metric_number(text, block.notation) else {
            // perf divides by zero: such a metric has no value.
            if !value::is_not_a_number(text) {
                self.builder.note(format!("line {}: \"# {text}\" holds no number and is no metric", line.number));
            }
            return None;
        };
        let Ok(Printed { number, .. }) = number else {
            self.builder.note(format!("line {}: the metric \"{text}\" contradicts the notation and is left out", line.number));
            return None;
        };
        let wrapped = if rest.is_empty() { self.wrapped_metric_name() } else { None };
        let (unit, name) = metric::named(wrapped.unwrap_or(rest));
        let spelling = self.builder.spelling(name, unit, Kind::Metric);
        let mut result = RunResult::new(block.run, line.number, spelling, Status::Counted, Some(number));
        (result.scope, result.interval_ns, result.metric_of) = (beside.scope, beside.interval_ns, of);
        Some(self.builder.push(result))
    }

    /// The name of a metric when a mail program moved it to the next line, alone and deeply indented.
    pub(super) fn wrapped_metric_name(&mut self) -> Option<&'a str> {
        let next = self.lines.clone().next()?.text;
        let name = next.trim_start();
        let alone = next.len() - name.len() >= WRAPPED_INDENT && name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !alone || name.contains([' ', '#']) {
            return None;
        }
        self.lines.next();
        self.builder.results_on(1);
        Some(name)
    }

    /// A row of numbers: a `--metric-only` table where there are no counters, else a row that lost its event.
    pub(super) fn numbers(&mut self, line: Line<'a>, row: &Row<'a>, block: &Block<'a>, cells: &'a str) {
        if cells.is_empty() || block.counters == 0 && is_interval_time(cells) {
            return self.builder.furniture();
        }
        if block.counters > 0 {
            return self.builder.reject(line, 0, RejectKind::Row, "no event stands behind the value");
        }
        let Some(names) = block.heading.and_then(|heading| metric_only::names(heading, unquoted(line.text), cells)) else {
            self.builder.note("metric-only rows whose numbers cannot be matched to names are left out");
            return self.builder.furniture();
        };
        let (scope, words) = (self.scope(row, None), cells.split_ascii_whitespace());
        let mut added = 0;
        for (name, word) in names.into_iter().zip(words) {
            let Ok(printed) = number::number(word.trim_end_matches('%'), block.notation) else {
                continue;
            };
            let (unit, name) = metric::named(name);
            let spelling = self.builder.spelling(name, unit.or(word.ends_with('%').then_some("%")), Kind::Metric);
            let mut result = RunResult::new(block.run, line.number, spelling, Status::Counted, Some(printed.number));
            (result.scope, result.interval_ns) = (scope, row.time);
            self.builder.push(result);
            added += 1;
        }
        if added > 0 { self.builder.results_on(1) } else { self.builder.furniture() }
    }
}

/// Whether a line is the first of a metric group that perf gave no name, as on hybrid CPUs: ` #     37.0 %  tma_backend_bound`.
///
/// perf puts 49 blanks in front of the ` # ` of a continuation (stat-display.c, `new_line_std`), and none there. Metrics of groups are
/// printed as `NUMBER UNIT  NAME`. A copy that lost its indentation does not tell the two apart.
fn is_first_of_nameless_group(line: &str, metric: &str) -> bool {
    /// Blanks behind a label that fills its column the least.
    const LABEL_FILL: usize = 16;
    let before = &line[..metric.as_ptr() as usize - line.as_ptr() as usize];
    let before = trim_blanks(before).trim_end_matches('#');
    let scope = trim_blanks(before);
    let gap = before.len() - scope.len();
    let printed = match scope.as_bytes().last() {
        None => gap == 1,
        Some(b'>' | b'|') => gap == 2,
        Some(_) => gap < LABEL_FILL,
    };
    printed && metric.split_once("  ").is_some_and(|(number, name)| number.contains(' ') && !name.contains(' '))
}
