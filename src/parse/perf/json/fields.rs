//! What the members of an object mean.

use std::borrow::Cow;

use super::members::{Member, members};
use crate::model::{Number, RejectKind, Status};
use crate::parse::lines::Line;
use crate::parse::notation::Notation;
use crate::parse::number::{self, Printed};
use crate::parse::perf::metric;
use crate::parse::perf::rows::{Counter, Row, Rows};

/// Keys that label a scope.
const SCOPES: [&str; 8] = ["core", "die", "cluster", "cache", "socket", "node", "cpu", "thread"];
/// Number that perf prints where there is none.
const NONE: &str = "none";

/// What an object is.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// A counter, a further metric or a metric group.
    Row(Fields<'a>),
    /// A row of `--metric-only`.
    Metrics(Metrics<'a>),
    /// A row of `--metric-only` without a number.
    EmptyMetrics,
    /// perf's, but without an event.
    Broken,
}

/// The members of a row by their meaning.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    interval: Option<Cow<'a, str>>,
    label: Option<Cow<'a, str>>,
    members: Option<i32>,
    value: Option<Cow<'a, str>>,
    unit: Option<Cow<'a, str>>,
    event: Option<Cow<'a, str>>,
    cgroup: Option<Cow<'a, str>>,
    variance: Option<Cow<'a, str>>,
    runtime: Option<Cow<'a, str>>,
    running: Option<Cow<'a, str>>,
    metric: Option<Cow<'a, str>>,
    metric_unit: Option<Cow<'a, str>>,
    group: bool,
    /// Whether a key was there that only objects of perf stat have.
    own: bool,
    others: Vec<Member<'a>>,
}

/// A row of `--metric-only`: names and numbers.
#[derive(Debug)]
pub(super) struct Metrics<'a>(Fields<'a>);

/// What a line that begins like an object is; `None` when it is not perf's.
pub(super) fn content(text: &str) -> Option<Content<'_>> {
    let members = text.starts_with('{').then(|| members(text))??;
    let mut fields = Fields::default();
    for member in members {
        fields.set(member);
    }
    if fields.event.is_some() && fields.value.is_some() {
        return Some(Content::Row(fields));
    }
    if fields.value.is_some() {
        return Some(Content::Broken);
    }
    if fields.group || fields.metric.is_some() && fields.metric_unit.is_some() {
        return Some(Content::Row(fields));
    }
    fields.metric_only()
}

impl<'a> Fields<'a> {
    fn set(&mut self, (key, value): Member<'a>) {
        match key.as_ref() {
            "interval" => self.interval = Some(value),
            "aggregate-number" | "counters" => self.members = value.parse().ok(),
            "counter-value" => (self.value, self.own) = (Some(value), true),
            "unit" => self.unit = Some(value).filter(|unit| !unit.is_empty()),
            "event" => self.event = Some(value),
            "cgroup" => self.cgroup = Some(value),
            "variance" => self.variance = Some(value),
            "event-runtime" => (self.runtime, self.own) = (Some(value), true),
            "pcnt-running" => self.running = Some(value),
            "metric-value" => (self.metric, self.own) = (Some(value), true),
            "metric-unit" => self.metric_unit = Some(value).filter(|unit| !unit.is_empty() && unit != "(null)"),
            "metric-threshold" => {}
            "metricgroup" => (self.group, self.own) = (true, true),
            // The label of a CPU is its bare number here and CPU0 in the other formats.
            "cpu" => self.label = Some(Cow::Owned(format!("CPU{value}"))),
            scope if SCOPES.contains(&scope) => self.label = Some(value),
            _ => self.others.push((key, value)),
        }
    }

    /// A row of `--metric-only` has no keys but scopes, the time and the names of metrics (7.2), each with a number or `none`.
    fn metric_only(mut self) -> Option<Content<'a>> {
        let placed = self.interval.is_some() || self.label.is_some();
        self.others.retain(|(_, value)| value != NONE);
        let numbers = self
            .others
            .iter()
            .all(|(name, value)| decimal(value).is_some() && (metric::is_built_in(name) || metric::is_from_a_table(name)));
        match (self.others.is_empty(), numbers) {
            (true, _) => (self.own || placed).then_some(Content::EmptyMetrics),
            (false, true) => Some(Content::Metrics(Metrics(self))),
            (false, false) => self.own.then_some(Content::EmptyMetrics),
        }
    }

    /// The row that the members make.
    pub(super) fn row(&self) -> Result<Row<'_>, (RejectKind, String)> {
        let event = self.event.as_deref().filter(|_| self.value.is_some());
        let counter = event.map(|event| self.counter(event)).transpose()?;
        let metric = self.metric.as_deref().and_then(decimal).zip(self.metric_unit.as_deref());
        let metric =
            metric.filter(|(number, name)| counter.is_none_or(|counter| is_computed(&counter, number.number.value, name)));
        Ok(Row { counter, metric, group: self.group, ..self.place() })
    }

    fn place(&self) -> Row<'_> {
        Row {
            interval_ns: self.interval.as_deref().and_then(nanoseconds),
            label: self.label.as_deref(),
            members: self.members,
            cgroup: self.cgroup.as_deref(),
            ..Row::default()
        }
    }

    fn counter<'s>(&'s self, event: &'s str) -> Result<Counter<'s>, (RejectKind, String)> {
        let text = self.value.as_deref().unwrap_or_default();
        let (status, number) = match text {
            "<not counted>" => (Status::NotCounted, None),
            "<not supported>" => (Status::NotSupported, None),
            _ => {
                let printed = decimal(text).ok_or_else(|| (RejectKind::Number, format!("'{text}' is not a number")))?;
                (Status::Counted, Some(self.exact(text, printed)))
            }
        };
        let percent = |text: Option<&str>| Some(decimal(text?)?.number.value);
        Ok(Counter {
            status,
            number,
            unit: self.unit.as_deref(),
            event,
            spread_percent: percent(self.variance.as_deref()),
            runtime_ns: self.runtime.as_deref().and_then(|runtime| runtime.parse().ok()),
            running_percent: percent(self.running.as_deref()),
        })
    }

    /// Every value has six decimals here; six zeros are an integer, except for clocks, which text and CSV print with decimals too.
    fn exact(&self, text: &str, printed: Printed) -> Printed {
        let whole = text.strip_suffix("000000").filter(|_| self.unit.as_deref() != Some("msec"));
        let integer = whole.and_then(|whole| number::number(whole.strip_suffix(['.', ','])?, Notation::Point).ok());
        integer.map_or(printed, |integer| Printed { decimals: printed.decimals, ..integer })
    }
}

impl Metrics<'_> {
    /// Adds each metric as a row of its own.
    pub(super) fn push_to(&self, rows: &mut Rows, line: Line<'_>) {
        let place = self.0.place();
        let metrics = || self.0.others.iter().filter_map(|(name, value)| Some((decimal(value)?, name.as_ref())));
        let is_cut = |(number, name): &(Printed, &str)| metric::is_cut(number, name);
        if metrics().any(|metric| is_cut(&metric)) {
            rows.builder().note(metric::CUT);
        }
        rows.push_metrics(line, &place, metrics().filter(|metric| !is_cut(metric)));
    }
}

/// Whether a metric beside a counter was computed: where it was not, 6.1 and 6.12 print 0 with the name that it would have, and text
/// and CSV nothing. Only a rate, the share of a count that is 0 itself, or a metric from a table, which has no unit where it was not
/// computed, can be 0.
fn is_computed(counter: &Counter<'_>, number: f64, name: &str) -> bool {
    let zero = counter.number.is_some_and(|count| count.number.value == 0.0);
    counter.status == Status::Counted && (number != 0.0 || zero || name.ends_with("/sec") || metric::is_from_a_table(name))
}

/// A number with either decimal mark: digits are never grouped here, so it can be read in one way only.
fn decimal(text: &str) -> Option<Printed> {
    let notation = if text.contains(',') { Notation::Comma } else { Notation::Point };
    number::number(text, notation).ok()
}

/// The time of an interval; perf prints nine decimals and serde's float keeps them up to 100 days.
#[expect(clippy::cast_possible_truncation, reason = "the float is within the range of the integer: it is checked")]
fn nanoseconds(text: &str) -> Option<i64> {
    let Number { value, .. } = decimal(text)?.number;
    (0.0..=9.0e9).contains(&value).then(|| (value * 1e9).round() as i64)
}
