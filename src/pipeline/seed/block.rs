//! Rows of `results` as a source.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::finding::Findings;
use super::{IDS, Known, line, source};
use crate::model::{
    Flags, Given, Kind, Number, Origin, Parsed, Placement, Reject, RejectKind, Report, Run, RunResult, Status, Tally, ToolName,
};
use crate::store::seed::{SeedEvent, SeedResult};

/// Above it not every integer is a float (2^53).
const EXACT: f64 = 9_007_199_254_740_992.0;

/// 2^63
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// The ids of one source.
pub(super) struct Block {
    first: i64,
}

/// A row with everything that it refers to.
struct Whole<'a> {
    row: &'a SeedResult,
    experiment: &'a str,
    tool: &'a ToolName,
    machine: &'a super::Machine,
    event: &'a SeedEvent,
}

impl Block {
    /// The block of these rows.
    pub(super) fn of(rows: &[SeedResult]) -> Self {
        Self { first: rows.first().map_or(0, |row| row.id.div_euclid(IDS) * IDS) }
    }

    /// The rows as a source.
    pub(super) fn source(
        &self,
        rows: &[SeedResult],
        known: &Known<'_>,
        place: &(String, String),
        findings: &mut Findings,
    ) -> Parsed {
        let mut report = Report::default();
        let mut placements = Vec::with_capacity(rows.len());
        let mut text = String::new();
        let mut lines = 0;
        for row in rows {
            let number = u32::try_from(row.id - self.first + 1).expect("a block has few ids");
            text.extend(std::iter::repeat_n('\n', (number - lines).saturating_sub(1) as usize));
            lines = number;
            let whole = whole(row, known);
            let words = words(row, whole.as_ref());
            match whole.ok_or_else(|| (RejectKind::Row, "it refers to a row that is not there".to_owned())).and_then(sound) {
                Ok(row) => take(&row, number, &mut report, &mut placements, findings),
                Err((kind, reason)) => report.rejects.push(Reject::line(number, 0, kind, reason, &words)),
            }
            text.push_str(&words);
            text.push('\n');
        }
        let (results, rejected) = (count(report.results.len()), count(report.rejects.len()));
        report.tally = Tally { lines, results, furniture: lines - results - rejected, foreign: 0, rejected };
        report.notes = findings.notes();
        source(place, &format!("results/{}-{}", self.first, self.first + IDS - 1), &text, report, placements)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).expect("a block has few rows")
}

fn whole<'a>(row: &'a SeedResult, known: &'a Known<'_>) -> Option<Whole<'a>> {
    Some(Whole {
        row,
        experiment: known.experiments.get(&row.experiment)?,
        tool: known.tools.get(&row.tool)?,
        machine: known.environments.get(&row.environment)?,
        event: known.events.get(&row.event)?,
    })
}

/// A row as text: all that it says, and the ids alone when it refers to nothing.
fn words(row: &SeedResult, whole: Option<&Whole<'_>>) -> String {
    let number = |value: f64| json!(format!("{value:?}"));
    let optional = |value: Option<f64>| value.map_or(json!(null), number);
    let mut fields = match whole {
        None => vec![json!([row.experiment, row.tool, row.environment, row.event])],
        Some(whole) => {
            let e = &whole.machine.environment;
            let environment =
                json!([e.arch, e.vendor, e.family, e.model, e.stepping, e.microarch, e.kernel, e.virt, whole.machine.labels]);
            let event = json!([whole.event.name, whole.event.number, whole.event.mask, whole.event.group]);
            vec![json!(whole.experiment), json!(whole.tool.to_string()), environment, event]
        }
    };
    fields.extend([
        number(row.value),
        optional(row.reliability_manual),
        optional(row.reliability_auto),
        json!(row.equal_before > 0),
    ]);
    line(&fields)
}

/// What must not become a result.
fn sound(row: Whole<'_>) -> Result<Whole<'_>, (RejectKind, String)> {
    let name = row.event.name.as_str();
    let is_number = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_number {
        let reason = "its event is a number: the old importer took the count for the name in rows of one socket, core or CPU";
        return Err((RejectKind::Name, reason.to_owned()));
    }
    if row.row.value.is_finite() { Ok(row) } else { Err((RejectKind::Number, "its value is not finite".to_owned())) }
}

fn take(row: &Whole<'_>, line: u32, report: &mut Report, placements: &mut Vec<Arc<Placement>>, findings: &mut Findings) {
    let run = count(report.runs.len());
    report.runs.push(Run { line, tool_version: row.tool.version.clone(), ..Run::default() });
    let spelling = report.spellings.intern(&(row.event.name.as_str(), None, Kind::Count));
    let (number, flags) = number(row.row, findings);
    report.results.push(RunResult { flags, ..RunResult::new(run, line, spelling, Status::Counted, Some(number)) });
    placements.push(placement(row, findings).into());
}

/// An integer below 2^53 is what was stored, to the digit; above it was rounded when it was stored.
fn number(row: &SeedResult, findings: &mut Findings) -> (Number, Flags) {
    let value = row.value;
    if value.abs() >= EXACT {
        findings
            .add("values of 2^53 and more: stored as floating point, so their last digits may be wrong", || value.to_string());
        let flags = if value >= BEYOND_I64 { Flags::BEYOND_I64 } else { Flags::default() };
        return (Number { value, count: None }, flags);
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is an integer below 2^53")]
    let count = (value.fract() == 0.0).then_some(value as i64);
    (Number { value, count }, Flags::default())
}

fn placement(row: &Whole<'_>, findings: &mut Findings) -> Placement {
    let given = |value: &str| Given { value: value.to_owned(), origin: Origin::File };
    let environment = row.machine.environment.clone();
    let e = &environment;
    let is_known = [
        e.arch.is_some(),
        e.vendor.is_some(),
        e.family.is_some(),
        e.model.is_some(),
        e.stepping.is_some(),
        e.microarch.is_some(),
        e.kernel.is_some(),
        e.virt.is_some(),
    ];
    Placement {
        experiment: (!row.experiment.is_empty()).then(|| given(row.experiment)),
        tool: Given { value: row.tool.clone(), origin: Origin::File },
        host: None,
        repetition: None,
        started: None,
        labels: labels(row, findings).into_iter().map(|(name, value)| (name, given(&value))).collect(),
        environment_origins: is_known.map(|known| known.then_some(Origin::File)),
        environment,
    }
}

/// What a row says beside its number.
fn labels(row: &Whole<'_>, findings: &mut Findings) -> BTreeMap<String, String> {
    let mut labels = row.machine.labels.clone();
    let mut add = |name: &str, value: Option<String>| labels.extend(value.map(|value| (name.to_owned(), value)));
    add("seed_evt_num", row.event.number.map(|number| number.to_string()));
    add("seed_nmask", row.event.mask.map(|number| number.to_string()));
    add("seed_idgroup", row.event.group.map(|number| number.to_string()));
    for (name, value) in [("reliability_manual", row.row.reliability_manual), ("reliability_auto", row.row.reliability_auto)] {
        add(name, value.map(|value| value.to_string()));
        if let Some(value) = value {
            findings.add("reliabilities, kept as labels reliability_manual and reliability_auto of the run", || {
                format!("{name} {value} of row {}", row.row.id)
            });
        }
    }
    if row.row.equal_before > 0 {
        add("seed_equal_before", Some("yes".to_owned()));
        findings.add(
            "rows that equal an earlier one in experiment, tool, environment, event and value (a file imported twice, or a count that \
             repeats): kept, with the label seed_equal_before=yes",
            || format!("row {}: {} = {}", row.row.id, row.event.name, row.row.value),
        );
    }
    labels
}
