//! Sources as the parsers would give them.

use std::collections::BTreeMap;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Double, Integer, Nullable, SmallInt, Text};
use prc_etl::model::{
    Digest, Environment, Given, Identity, Kind, Number, Origin, Parsed, Placement, Reject, RejectKind, Report, Run, RunResult,
    ScopeKind, SourceState, Status, Tally, ToolName,
};
use prc_etl::store::Storable;

/// A source of one run with two counters, a metric beside the first, an event without a count and a rejected line.
pub fn source(root: &str, path: &str, content: u8) -> Parsed {
    let mut report = Report::default();
    report.runs.push(Run { line: 3, command: Some(format!("./work {content}")), wall_seconds: Some(1.5), ..Run::default() });
    add(&mut report, 5, ("cycles:u", None, Kind::Count), Some(Number::exact(1_000_000 + i64::from(content))));
    let metric = add(&mut report, 5, ("GHz", None, Kind::Metric), Number::inexact(3.25));
    report.results[metric].metric_of = Some(0);
    let clock = add(&mut report, 6, ("task-clock", Some("msec"), Kind::Count), Number::inexact(12.75));
    report.results[clock].running_percent = Some(66.5);
    add(&mut report, 7, ("cache-misses", None, Kind::Count), None);
    report.rejects.push(Reject::line(8, 4, RejectKind::Number, "two decimal marks", "   1.2.3   branches"));
    report.tally = Tally { lines: 10, results: 3, furniture: 6, foreign: 1, rejected: 1 };
    Parsed {
        identity: Identity { root: Some(root.to_owned()), path: path.to_owned() },
        digest: Some(Digest([content; 16])),
        bytes: 400,
        modified_at: Some(1_700_000_000_000_000),
        format: Some("perf-stat-text"),
        parser_version: 1,
        state: SourceState::Known,
        report,
        placements: vec![placement("sort").into()],
        sides: None,
        off_layout: false,
        contradicted: false,
    }
}

/// Adds a result to the first run; no number means `not counted`.
pub fn add(report: &mut Report, line: u32, spelling: (&str, Option<&str>, Kind), number: Option<Number>) -> usize {
    let status = if number.is_some() { Status::Counted } else { Status::NotCounted };
    let spelling = report.spellings.intern(&spelling);
    report.results.push(RunResult::new(0, line, spelling, status, number));
    report.results.len() - 1
}

/// The index of a scope.
pub fn scope(report: &mut Report, kind: ScopeKind, label: &str) -> u32 {
    report.scopes.intern(&(kind, label, None, Some(1)))
}

pub fn placement(experiment: &str) -> Placement {
    Placement {
        experiment: Some(Given { value: experiment.to_owned(), origin: Origin::Path }),
        tool: Given { value: "perf-6.1.0".parse::<ToolName>().unwrap(), origin: Origin::Flag },
        host: Some(Given { value: "node1".to_owned(), origin: Origin::File }),
        repetition: None,
        started: None,
        labels: BTreeMap::new(),
        environment: Environment { arch: Some("x86_64".to_owned()), family: Some(6), ..Environment::default() },
        environment_origins: [Some(Origin::File), None, Some(Origin::File), None, None, None, None, None],
    }
}

/// Sources as the store takes them.
pub fn storable(sources: &[Parsed]) -> Vec<Storable> {
    sources.iter().cloned().map(Storable::from).collect()
}

/// A file that could not be used.
pub fn unreadable(root: &str, path: &str) -> Parsed {
    let reject = Reject::source(RejectKind::Unreadable, "permission denied");
    Parsed {
        digest: None,
        state: SourceState::Rejected(reject),
        report: Report::default(),
        placements: Vec::new(),
        sides: None,
        ..source(root, path, 0)
    }
}

/// A file of no known format.
pub fn unknown(root: &str, path: &str, content: u8) -> Parsed {
    let report = Report { tally: Tally { lines: 2, furniture: 2, foreign: 2, ..Tally::default() }, ..Report::default() };
    let state = SourceState::Unknown("a shell script".to_owned());
    Parsed { format: None, state, report, placements: Vec::new(), ..source(root, path, content) }
}

/// A result as text tells it.
#[derive(Debug, QueryableByName)]
pub struct ResultText {
    #[diesel(sql_type = Integer)]
    pub run: i32,
    #[diesel(sql_type = Integer)]
    pub ordinal: i32,
    #[diesel(sql_type = Integer)]
    pub line: i32,
    #[diesel(sql_type = Text)]
    pub event: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub unit: Option<String>,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub scope: Option<String>,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Double>)]
    pub value: Option<f64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub count: Option<i64>,
    #[diesel(sql_type = SmallInt)]
    pub flags: i16,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub interval_ns: Option<i64>,
    #[diesel(sql_type = Nullable<Double>)]
    pub running_percent: Option<f64>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub metric_of: Option<i32>,
}

pub fn result_line(result: &ResultText) -> String {
    format!("result {result:?}")
}

/// The results of a source, straight from its report.
pub fn lines_of(parsed: &Parsed) -> Vec<String> {
    let report = &parsed.report;
    let ordinal = |index: usize| {
        let run = report.results[index].run;
        i32::try_from(report.results[..index].iter().filter(|result| result.run == run).count()).unwrap()
    };
    let text = |(index, result): (usize, &RunResult)| {
        let spelling = report.spellings.get(result.spelling);
        result_line(&ResultText {
            run: i32::try_from(result.run).unwrap(),
            ordinal: ordinal(index),
            line: i32::try_from(result.line).unwrap(),
            event: spelling.text.clone(),
            unit: spelling.unit.clone(),
            kind: spelling.kind.as_str().to_owned(),
            scope: result.scope.map(|scope| report.scopes.get(scope).label.clone()),
            status: result.status.as_str().to_owned(),
            value: result.number.map(|number| number.value),
            count: result.number.and_then(|number| number.count),
            flags: result.flags.0,
            interval_ns: result.interval_ns,
            running_percent: result.running_percent,
            metric_of: result.metric_of.map(|counter| ordinal(counter as usize)),
        })
    };
    report.results.iter().enumerate().map(text).collect()
}
