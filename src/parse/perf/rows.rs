//! Rows of the machine-readable formats become runs and results: what CSV and JSON have in common.

use super::{metric, notes, scope, started, unit};
use crate::model::{Flags, Kind, RejectKind, Report, RunResult, ScopeKind, Status};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::Line;
use crate::parse::number::Printed;

/// A row of `-x` or `-j`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Row<'a> {
    /// End of the interval, nanoseconds.
    pub(crate) interval_ns: Option<i64>,
    /// The scope label: `CPU0`, `S0-D0-C0`, `bash-123`.
    pub(crate) label: Option<&'a str>,
    /// How many CPUs or counters were added up.
    pub(crate) members: Option<i32>,
    /// The cgroup; `Some("")` when the column is there and empty.
    pub(crate) cgroup: Option<&'a str>,
    /// The counter; `None` for a row that only continues the metrics of the one above.
    pub(crate) counter: Option<Counter<'a>>,
    /// The first metric: its number and the text behind it.
    pub(crate) metric: Option<(Printed, &'a str)>,
    /// Whether the row is a metric group's: its metrics belong to no counter.
    pub(crate) group: bool,
}

/// The counter of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Counter<'a> {
    /// Whether it was counted.
    pub(crate) status: Status,
    /// Its number, when it was.
    pub(crate) number: Option<Printed>,
    /// Its unit.
    pub(crate) unit: Option<&'a str>,
    /// The event as printed.
    pub(crate) event: &'a str,
    /// Standard error, percent.
    pub(crate) spread_percent: Option<f64>,
    /// Time on a counter, nanoseconds.
    pub(crate) runtime_ns: Option<i64>,
    /// Share of the time on a counter, percent.
    pub(crate) running_percent: Option<f64>,
}

/// Builds the report of rows.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    builder: Builder,
    /// `# started on` for the next run.
    started: Option<i64>,
    /// Version of perf that the source states for the runs below.
    version: Option<String>,
    open: Option<Open>,
}

/// The run that rows are added to.
#[derive(Debug)]
struct Open {
    run: u32,
    first_result: u32,
    last_interval: Option<i64>,
    summary: bool,
    shape: Option<Shape>,
    counter: Option<u32>,
}

/// What an output has in all of its rows or in none.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Whether rows have a label.
    label: bool,
    /// Whether rows have a spread; `None` while none says so.
    spread: Option<bool>,
}

impl Shape {
    /// What the counter of a row shows. One without a number may lack the spread that all others have: up to 4.5 perf prints none for it.
    fn of(row: &Row<'_>) -> Option<Self> {
        let counter = row.counter.as_ref()?;
        let has_spread = counter.spread_percent.is_some();
        let tells = has_spread || counter.status == Status::Counted;
        Some(Self { label: row.label.is_some(), spread: tells.then_some(has_spread) })
    }

    /// Whether one output can have rows of both.
    fn fits(self, other: Self) -> bool {
        let same_spread = self.spread.zip(other.spread).is_none_or(|(one, another)| one == another);
        self.label == other.label && same_spread
    }
}

impl Open {
    /// Whether a row with this interval and shape is another run's.
    fn ends_before(&self, interval_ns: Option<i64>, shape: Option<Shape>) -> bool {
        match (interval_ns, self.last_interval) {
            (Some(now), Some(last)) => now < last || self.summary,
            (Some(_), None) => self.shape.is_some(),
            (None, Some(_)) => false,
            (None, None) => shape.zip(self.shape).is_some_and(|(now, before)| !now.fits(before)),
        }
    }

    /// Keeps what a row shows; what it does not show is as before.
    fn take_shape(&mut self, shape: Option<Shape>) {
        let spread = self.shape.and_then(|before| before.spread);
        self.shape = shape.map(|now| Shape { spread: now.spread.or(spread), ..now }).or(self.shape);
    }
}

impl Rows {
    /// The builder, for lines that are no rows.
    pub(crate) fn builder(&mut self) -> &mut Builder {
        &mut self.builder
    }

    /// Another output begins behind this line.
    fn started(&mut self, at: i64) {
        self.builder.furniture();
        self.close();
        self.started = Some(at);
    }

    /// Takes a line that is no row.
    pub(crate) fn other(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if let Some(at) = started::started_on(text) {
            self.started(at);
        } else if let Some(version) = notes::version(text) {
            self.version = Some(version.to_owned());
            self.builder.furniture();
        } else if text.is_empty() || notes::is_note(text) {
            self.builder.furniture();
        } else if !self.builder.context(line) {
            self.builder.foreign();
        }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, line: Line<'_>, row: &Row<'_>) {
        if row.counter.as_ref().is_some_and(|counter| counter.event.len() > MAX_NAME) {
            return self.builder.reject(line, 0, RejectKind::Name, format!("the event name is longer than {MAX_NAME} bytes"));
        }
        let run = self.run_for(line, row);
        let scope = self.continued(row).or_else(|| self.scope(row));
        if let Some(counter) = &row.counter {
            let index = self.counter(line, run, row, counter, scope);
            self.set_counter(Some(index));
        } else if row.group {
            self.set_counter(None);
        }
        if let Some(metric) = row.metric {
            self.metric(line, run, row, metric, scope);
        }
        if row.counter.is_some() || row.metric.is_some() {
            self.builder.results_on(1);
        } else {
            self.builder.furniture();
        }
    }

    /// Adds the metrics of a row that holds nothing else (`--metric-only`), placed like `place`.
    pub(crate) fn push_metrics<'a>(
        &mut self,
        line: Line<'_>,
        place: &Row<'_>,
        metrics: impl Iterator<Item = (Printed, &'a str)>,
    ) {
        let run = self.run_for(line, place);
        self.set_counter(None);
        let scope = self.scope(place);
        let before = self.builder.next_result();
        for metric in metrics {
            self.metric(line, run, place, metric, scope);
        }
        if self.builder.next_result() > before {
            self.builder.results_on(1);
        } else {
            self.builder.furniture();
        }
    }

    /// What a row covers that only continues the metrics of the counter above: perf repeats its label there, and never its cgroup
    /// (stat-display.c, `new_line_csv`).
    fn continued(&mut self, row: &Row<'_>) -> Option<u32> {
        let continues = row.counter.is_none() && !row.group && row.cgroup.is_none_or(str::is_empty);
        let counter = self.open.as_ref().filter(|_| continues)?.counter?;
        let scope = self.builder.result(counter).scope?;
        (self.builder.scope_at(scope).label == row.label.unwrap_or_default()).then_some(scope)
    }

    /// What a row covers.
    fn scope(&mut self, row: &Row<'_>) -> Option<u32> {
        let kind = row.label.map_or(ScopeKind::Whole, scope::kind_of);
        self.builder.scope(kind, row.label.unwrap_or_default(), row.cgroup, row.members)
    }

    /// The counter that metrics from here on belong to.
    fn set_counter(&mut self, counter: Option<u32>) {
        self.open.as_mut().expect("a row is in a run").counter = counter;
    }

    fn counter(&mut self, line: Line<'_>, run: u32, row: &Row<'_>, counter: &Counter<'_>, scope: Option<u32>) -> u32 {
        let unit = counter.unit.or_else(|| unit::implied(counter.event, counter.number));
        let spelling = self.builder.spelling(counter.event, unit, Kind::Count);
        self.builder.push(RunResult {
            scope,
            flags: counter.number.map_or(Flags::default(), |printed| printed.flags),
            interval_ns: row.interval_ns,
            spread_percent: counter.spread_percent,
            runtime_ns: counter.runtime_ns,
            running_percent: counter.running_percent,
            ..RunResult::new(run, line.number, spelling, counter.status, counter.number.map(|printed| printed.number))
        })
    }

    fn metric(&mut self, line: Line<'_>, run: u32, row: &Row<'_>, (number, text): (Printed, &str), scope: Option<u32>) {
        let (unit, name) = metric::named(text);
        let spelling = self.builder.spelling(name, unit, Kind::Metric);
        self.builder.push(RunResult {
            scope,
            interval_ns: row.interval_ns,
            metric_of: self.open.as_ref().and_then(|open| open.counter),
            ..RunResult::new(run, line.number, spelling, Status::Counted, Some(number.number))
        });
    }

    /// The run that a row belongs to. Another begins where the interval goes back, behind a summary, or where rows gain or lose
    /// their labels or spreads.
    fn run_for(&mut self, line: Line<'_>, row: &Row<'_>) -> u32 {
        let shape = Shape::of(row);
        if self.open.as_ref().is_none_or(|open| open.ends_before(row.interval_ns, shape)) {
            self.close();
            let run = self.builder.begin_run(line.number);
            let data = self.builder.run(run);
            (data.started_at, data.tool_version) = (self.started.take(), self.version.clone());
            let first_result = self.builder.next_result();
            self.open = Some(Open { run, first_result, last_interval: None, summary: false, shape: None, counter: None });
        }
        let open = self.open.as_mut().expect("a run is open now");
        open.summary = open.last_interval.is_some() && row.interval_ns.is_none();
        open.last_interval = row.interval_ns.or(open.last_interval);
        open.take_shape(shape);
        open.run
    }

    /// Ends the open run. Outputs that follow each other with nothing between show as one sequence of events that repeats.
    fn close(&mut self) {
        let Some(open) = self.open.take().filter(|open| open.last_interval.is_none()) else {
            return;
        };
        let Some(period) = self.builder.period(open.first_result) else {
            return;
        };
        self.builder
            .note("nothing separates outputs that follow each other: a run begins where the sequence of events begins again");
        self.builder.split_runs(open.first_result, period);
    }

    /// The finished report.
    pub(crate) fn finish(mut self) -> Report {
        self.close();
        self.builder.finish()
    }
}
