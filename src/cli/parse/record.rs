//! The lines of `prc-etl parse --format ndjson`: a public contract, described in `docs/ndjson.md`.
//!
//! Fields are added without notice; a field that changes its meaning or goes raises [`VERSION`].

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Serialize;

use crate::model::{Entry, Kind, Parsed, Reject, Report, Run, RunResult, SourceState, Support};

/// Version of the contract.
const VERSION: u32 = 1;

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Record<'a> {
    /// A source; first of its lines.
    Source(SourceRecord<'a>),
    /// A run of that source.
    Run(RunRecord<'a>),
    /// A result of one of these runs.
    Result(ResultRecord<'a>),
    /// A row of a profile of one of these runs.
    Entry(EntryRecord<'a>),
    /// What the source says of an event that was not counted.
    Support(SupportRecord<'a>),
    /// What could not be used.
    Reject(RejectRecord<'a>),
}

#[derive(Debug, Serialize)]
pub(super) struct SourceRecord<'a> {
    version: u32,
    path: &'a str,
    format: Option<&'static str>,
    taken_for: Option<&'a str>,
    digest: Option<String>,
    bytes: u64,
    lines: u32,
    results: u32,
    furniture: u32,
    foreign: u32,
    rejected: u32,
    runs: usize,
    counts: usize,
    metrics: usize,
    estimates: usize,
    entries: usize,
    supports: usize,
    notes: &'a [String],
}

#[derive(Debug, Serialize)]
pub(super) struct RunRecord<'a> {
    source: &'a str,
    run: usize,
    line: u32,
    tool: Option<&'a str>,
    tool_version: Option<&'a str>,
    command: Option<&'a str>,
    target: Option<&'a str>,
    started_at: Option<String>,
    wall_seconds: Option<f64>,
    wall_spread_percent: Option<f64>,
    user_seconds: Option<f64>,
    sys_seconds: Option<f64>,
    repeats: Option<i32>,
}

#[derive(Debug, Serialize)]
pub(super) struct ResultRecord<'a> {
    source: &'a str,
    line: u32,
    run: u32,
    ordinal: u32,
    kind: &'static str,
    event: &'a str,
    value: Option<f64>,
    count: Option<i64>,
    status: &'static str,
    unit: Option<&'a str>,
    scope: Option<&'a str>,
    scope_kind: &'static str,
    members: Option<i32>,
    interval: Option<f64>,
    cgroup: Option<&'a str>,
    running_percent: Option<f64>,
    spread_percent: Option<f64>,
    runtime_ns: Option<i64>,
    metric_of: Option<u32>,
}

#[derive(Debug, Serialize)]
pub(super) struct EntryRecord<'a> {
    source: &'a str,
    line: u32,
    run: u32,
    kind: &'static str,
    event: &'a str,
    image: Option<&'a str>,
    app: Option<&'a str>,
    symbol: Option<&'a str>,
    of_symbol: Option<&'a str>,
    location: Option<&'a str>,
    address: Option<String>,
    samples: i64,
    percent: Option<f64>,
    diff_percent: Option<f64>,
    cpu: Option<i32>,
    process: Option<i64>,
    thread: Option<i64>,
}

#[derive(Debug, Serialize)]
pub(super) struct SupportRecord<'a> {
    source: &'a str,
    line: u32,
    event: &'a str,
    supported: bool,
    derived: bool,
    code: Option<&'a str>,
    formula: Option<&'a str>,
    counters: Option<&'a str>,
    unit_masks: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct RejectRecord<'a> {
    source: &'a str,
    line: u32,
    column: u32,
    kind: &'static str,
    reason: &'a str,
    text: &'a str,
}

/// Gives every line of a source to `emit`: the source, its runs, its results, its rows of profiles, its facts about events, its
/// rejects.
pub(super) fn each<E>(path: &str, parsed: &Parsed, mut emit: impl FnMut(&Record<'_>) -> Result<(), E>) -> Result<(), E> {
    emit(&Record::Source(source(path, parsed)))?;
    for (index, run) in parsed.report.runs.iter().enumerate() {
        emit(&Record::Run(run_record(path, parsed, index, run)))?;
    }
    let ordinals = ordinals(&parsed.report);
    for (index, result) in parsed.report.results.iter().enumerate() {
        emit(&Record::Result(result_record(path, &parsed.report, &ordinals, index, result)))?;
    }
    for entry in &parsed.report.entries {
        emit(&Record::Entry(entry_record(path, &parsed.report, entry)))?;
    }
    for support in &parsed.report.supports {
        emit(&Record::Support(support_record(path, &parsed.report, support)))?;
    }
    let whole = match &parsed.state {
        SourceState::Rejected(reject) => Some(reject),
        SourceState::Known | SourceState::Unknown(_) => None,
    };
    whole.into_iter().chain(&parsed.report.rejects).try_for_each(|reject| emit(&Record::Reject(reject_record(path, reject))))
}

/// Position of each result within its run, as the database numbers them.
fn ordinals(report: &Report) -> Vec<u32> {
    let mut next = vec![0; report.runs.len()];
    let ordinal = |result: &RunResult| {
        let ordinal = next[result.run as usize];
        next[result.run as usize] += 1;
        ordinal
    };
    report.results.iter().map(ordinal).collect()
}

fn source<'a>(path: &'a str, parsed: &'a Parsed) -> SourceRecord<'a> {
    let tally = parsed.tally();
    let of_kind = |kind: Kind| {
        let spelling = |result: &&RunResult| parsed.report.spellings.get(result.spelling).kind == kind;
        parsed.report.results.iter().filter(spelling).count()
    };
    SourceRecord {
        version: VERSION,
        path,
        format: parsed.format,
        taken_for: match &parsed.state {
            SourceState::Unknown(taken_for) => Some(taken_for),
            SourceState::Known | SourceState::Rejected(_) => None,
        },
        digest: parsed.digest.map(|digest| digest.to_string()),
        bytes: parsed.bytes,
        lines: tally.lines,
        results: tally.results,
        furniture: tally.furniture,
        foreign: tally.foreign,
        rejected: tally.rejected,
        runs: parsed.report.runs.len(),
        counts: of_kind(Kind::Count),
        metrics: of_kind(Kind::Metric),
        estimates: of_kind(Kind::Estimate),
        entries: parsed.report.entries.len(),
        supports: parsed.report.supports.len(),
        notes: &parsed.report.notes,
    }
}

fn run_record<'a>(path: &'a str, parsed: &'a Parsed, index: usize, run: &'a Run) -> RunRecord<'a> {
    let tool = parsed.placements.get(index).map(|placement| &placement.tool.value);
    RunRecord {
        source: path,
        run: index,
        line: run.line,
        tool: tool.map(|tool| tool.name.as_str()),
        tool_version: tool.and_then(|tool| tool.version.as_deref()),
        command: run.command.as_deref(),
        target: run.target.as_deref(),
        started_at: run.started_at.and_then(wall_clock),
        wall_seconds: run.wall_seconds,
        wall_spread_percent: run.wall_spread_percent,
        user_seconds: run.user_seconds,
        sys_seconds: run.sys_seconds,
        repeats: run.repeats,
    }
}

fn result_record<'a>(
    path: &'a str,
    report: &'a Report,
    ordinals: &[u32],
    index: usize,
    result: &RunResult,
) -> ResultRecord<'a> {
    let spelling = report.spellings.get(result.spelling);
    let scope = result.scope.map(|scope| report.scopes.get(scope));
    ResultRecord {
        source: path,
        line: result.line,
        run: result.run,
        ordinal: ordinals[index],
        kind: spelling.kind.as_str(),
        event: &spelling.text,
        value: result.number.map(|number| number.value),
        count: result.number.and_then(|number| number.count),
        status: result.status.as_str(),
        unit: spelling.unit.as_deref(),
        scope: scope.map(|scope| scope.label.as_str()).filter(|label| !label.is_empty()),
        scope_kind: scope.map_or("whole", |scope| scope.kind.as_str()),
        members: scope.and_then(|scope| scope.members),
        interval: result.interval_ns.map(seconds),
        cgroup: scope.and_then(|scope| scope.cgroup.as_deref()),
        running_percent: result.running_percent,
        spread_percent: result.spread_percent,
        runtime_ns: result.runtime_ns,
        metric_of: result.metric_of.map(|counter| ordinals[counter as usize]),
    }
}

fn entry_record<'a>(path: &'a str, report: &'a Report, entry: &Entry) -> EntryRecord<'a> {
    let name = |index: Option<u32>| index.map(|index| &**report.names.get(index));
    EntryRecord {
        source: path,
        line: entry.line,
        run: entry.run,
        kind: entry.kind.as_str(),
        event: &report.spellings.get(entry.event).text,
        image: name(entry.image),
        app: name(entry.app),
        symbol: name(entry.symbol),
        of_symbol: name(entry.of_symbol),
        location: name(entry.location),
        address: entry.address.map(|address| format!("{address:x}")),
        samples: entry.samples,
        percent: entry.percent,
        diff_percent: entry.diff_percent,
        cpu: entry.cpu,
        process: entry.process,
        thread: entry.thread,
    }
}

fn support_record<'a>(path: &'a str, report: &'a Report, support: &'a Support) -> SupportRecord<'a> {
    SupportRecord {
        source: path,
        line: support.line,
        event: &report.spellings.get(support.event).text,
        supported: support.supported,
        derived: support.derived,
        code: support.code.as_deref(),
        formula: support.formula.as_deref(),
        counters: support.counters.as_deref(),
        unit_masks: support.unit_masks.as_deref(),
    }
}

fn reject_record<'a>(path: &'a str, reject: &'a Reject) -> RejectRecord<'a> {
    RejectRecord {
        source: path,
        line: reject.line,
        column: reject.column,
        kind: reject.kind.as_str(),
        reason: &reject.reason,
        text: &reject.text,
    }
}

/// The clock on the wall of the measured machine, which told no zone.
fn wall_clock(micros: i64) -> Option<String> {
    let instant = Timestamp::from_microsecond(micros).ok()?;
    Some(Offset::UTC.to_datetime(instant).to_string())
}

/// Nanoseconds as seconds: the float that is nearest to what was printed.
#[expect(clippy::cast_precision_loss, reason = "exact up to 104 days of interval")]
fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Digest, Identity, Number, Scope, ScopeKind, Status, Tally};

    fn parsed() -> Parsed {
        let mut report = Report { runs: vec![Run::default(), Run { line: 9, ..Run::default() }], ..Report::default() };
        let cycles = report.spellings.intern(&("cycles", None, Kind::Count));
        let ratio = report.spellings.intern(&("insn per cycle", None, Kind::Metric));
        let scope = report.scopes.intern(&(ScopeKind::Cpu, "CPU3", None, None));
        let count = |run, line| RunResult::new(run, line, cycles, Status::Counted, Some(Number::exact(i64::MAX)));
        let metric = RunResult::new(1, 10, ratio, Status::Counted, Number::inexact(0.1));
        report.results = vec![
            count(0, 3),
            RunResult { scope: Some(scope), interval_ns: Some(1_000_123_456), ..count(1, 10) },
            RunResult { metric_of: Some(1), ..metric },
        ];
        report.tally = Tally { lines: 12, results: 2, furniture: 10, ..Tally::default() };
        Parsed {
            identity: Identity { root: None, path: "-".to_owned() },
            digest: Some(Digest([0xab; 16])),
            bytes: 99,
            modified_at: None,
            format: Some("perf-stat-text"),
            parser_version: 1,
            state: SourceState::Known,
            report,
            placements: Vec::new(),
            sides: None,
            off_layout: false,
            contradicted: false,
        }
    }

    fn lines(parsed: &Parsed) -> Vec<serde_json::Value> {
        let mut lines = Vec::new();
        let emit = |record: &Record<'_>| serde_json::to_value(record).map(|value| lines.push(value));
        each("dir/file", parsed, emit).unwrap();
        lines
    }

    #[test]
    fn results_are_numbered_within_their_run_and_metrics_point_to_their_counter() {
        let lines = lines(&parsed());
        let results: Vec<_> = lines.iter().filter(|line| line["type"] == "result").collect();
        let place = |i: usize| (&results[i]["run"], &results[i]["ordinal"], &results[i]["metric_of"]);
        assert_eq!(place(0), (&0.into(), &0.into(), &serde_json::Value::Null));
        assert_eq!(place(1), (&1.into(), &0.into(), &serde_json::Value::Null));
        assert_eq!(place(2), (&1.into(), &1.into(), &0.into()));
    }

    #[test]
    fn numbers_are_exact() {
        let text = serde_json::to_string(&lines(&parsed())[4]).unwrap();
        assert!(text.contains("\"count\":9223372036854775807"), "{text}");
        assert!(text.contains("\"interval\":1.000123456"), "{text}");
        assert!(text.contains("\"scope\":\"CPU3\""), "{text}");
    }

    #[test]
    fn the_kinds_of_lines_come_in_order() {
        let mut parsed = parsed();
        parsed.report.rejects.push(Reject::line(4, 2, crate::model::RejectKind::Row, "why", "text"));
        let lines = lines(&parsed);
        let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["source", "run", "run", "result", "result", "result", "reject"]);
        assert_eq!(lines[0]["digest"], "ab".repeat(16));
        assert_eq!((&lines[0]["counts"], &lines[0]["metrics"], &lines[0]["lines"]), (&2.into(), &1.into(), &12.into()));
    }

    #[test]
    fn the_clock_on_the_wall_has_no_zone() {
        assert_eq!(wall_clock(1_650_000_000_000_000).as_deref(), Some("2022-04-15T05:20:00"));
    }

    #[test]
    fn a_scope_without_label_is_the_whole_run() {
        let mut parsed = parsed();
        let scope = Scope { kind: ScopeKind::Whole, label: String::new(), cgroup: Some("/a".to_owned()), members: None };
        let key = (scope.kind, "", Some("/a"), None);
        parsed.report.results[0].scope = Some(parsed.report.scopes.intern(&key));
        let line = &lines(&parsed)[3];
        assert_eq!(
            (&line["scope"], &line["scope_kind"], &line["cgroup"]),
            (&serde_json::Value::Null, &"whole".into(), &"/a".into())
        );
    }
}
