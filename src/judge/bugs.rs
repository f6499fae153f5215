//! Findings summed up by where they happen: tool with version, event, machine and kernel.
//!
//! What happens in every run of a tool and in none of another is a matter of the tool; what happens once, of the run. So each row has how
//! many of the runs that were looked at are affected, and by how much. An offset between tools is told as that: nobody says who is right.

use std::collections::BTreeMap;

use super::{FindingKind, each_finding};
use crate::stats::Sample;
use crate::store::query::{ResultRecord, Selection};
use crate::store::{Store, StoreError};

/// Examples that are kept.
const EXAMPLES: usize = 3;

/// Where findings happen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Name of the tool.
    pub tool: String,
    /// Its version.
    pub tool_version: Option<String>,
    /// The canonical event, else as printed.
    pub event: String,
    /// Microarchitecture.
    pub microarch: Option<String>,
    /// Kernel.
    pub kernel: Option<String>,
}

/// Findings of one kind and rule in one spot.
#[derive(Debug, Clone)]
pub struct Bug {
    /// Where.
    pub spot: Spot,
    /// Kind of the findings.
    pub kind: FindingKind,
    /// The rule.
    pub rule: &'static str,
    /// How many.
    pub findings: u64,
    /// Runs that have one.
    pub runs: u64,
    /// Runs that have the event counted there.
    pub of_runs: u64,
    /// Median of how far they are off, as a share.
    pub effect: Option<f64>,
    /// Where the first of them stand: `PATH:LINE`.
    pub examples: Vec<String>,
    /// The first of them, in words.
    pub text: String,
}

#[derive(Default)]
struct Counted {
    findings: u64,
    runs: u64,
    last_run: Option<i64>,
    effects: Vec<f64>,
    examples: Vec<String>,
    text: String,
}

#[derive(Default)]
struct Seen {
    runs: u64,
    last_run: Option<i64>,
    kinds: BTreeMap<(FindingKind, &'static str), Counted>,
}

/// Sums the findings up, those of the gravest kind first, then those that affect the largest share of runs, then the most.
///
/// # Errors
/// The database failed.
pub fn bugs(store: &mut Store, wanted: &Selection) -> Result<Vec<Bug>, StoreError> {
    let mut spots: BTreeMap<Spot, Seen> = BTreeMap::new();
    each_finding(store, wanted, |result, found| {
        if result.value.is_none() {
            return;
        }
        let seen = spots.entry(spot(result)).or_default();
        count(&mut seen.runs, &mut seen.last_run, result.run.run_id);
        for (reason, kind) in
            found.into_iter().flat_map(|(_, reasons)| reasons).filter_map(|reason| Some((reason, reason.kind()?)))
        {
            let counted = seen.kinds.entry((kind, reason.rule())).or_default();
            counted.findings += 1;
            count(&mut counted.runs, &mut counted.last_run, result.run.run_id);
            counted.effects.extend(reason.effect());
            if counted.examples.len() < EXAMPLES {
                counted.examples.push(format!("{}:{}", result.run.path, result.line));
            }
            if counted.text.is_empty() {
                counted.text = reason.to_string();
            }
        }
    })?;
    let mut bugs: Vec<Bug> = spots.into_iter().flat_map(|(spot, seen)| of_spot(spot, seen)).collect();
    bugs.sort_by(|a, b| {
        let share = |bug: &Bug| u128::from(bug.runs);
        // a.runs / a.of_runs against b.runs / b.of_runs, without rounding.
        let by_share = (share(b) * u128::from(a.of_runs)).cmp(&(share(a) * u128::from(b.of_runs)));
        a.kind.cmp(&b.kind).then(by_share).then(b.findings.cmp(&a.findings))
    });
    Ok(bugs)
}

fn spot(result: &ResultRecord<'_>) -> Spot {
    let run = result.run;
    Spot {
        tool: run.tool.clone(),
        tool_version: run.tool_version.clone(),
        event: result.canonical.unwrap_or(&result.spelling.text).to_owned(),
        microarch: run.microarch.clone(),
        kernel: run.kernel.clone(),
    }
}

/// Results come run by run.
fn count(runs: &mut u64, last: &mut Option<i64>, run_id: i64) {
    *runs += u64::from(*last != Some(run_id));
    *last = Some(run_id);
}

fn of_spot(spot: Spot, seen: Seen) -> impl Iterator<Item = Bug> {
    let of_runs = seen.runs;
    seen.kinds.into_iter().map(move |((kind, rule), counted)| Bug {
        spot: spot.clone(),
        kind,
        rule,
        findings: counted.findings,
        runs: counted.runs,
        of_runs,
        effect: Sample::new(counted.effects).ok().map(|effects| effects.median()),
        examples: counted.examples,
        text: counted.text,
    })
}
