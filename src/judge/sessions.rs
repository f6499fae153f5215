//! O1: reports of one session that do not add up. On Linux 6.1 `opreport -l` and `--xml` leave the image of the kernel out that the summary has,
//! and print the rest as 100 %.

use std::ops::ControlFlow;

use hashbrown::HashMap;

use super::ResultId;
use crate::model::Kind;
use crate::stats::invariant::{Finding, Kind as Strictness};
use crate::store::query::selection::{Field, Pattern};
use crate::store::query::{Names, PlaceIds, Selection};
use crate::store::{Store, StoreError};

/// What the reports of a session share: place, spelling, repetition.
type Session = (PlaceIds, i64, i64);

/// Of the totals of a session, what is less than the largest. Runs without repetition are not known to be of one session.
pub(super) fn of(store: &mut Store, names: &Names, portion: &Selection) -> Result<HashMap<ResultId, Finding>, StoreError> {
    if !names.has_kind(Kind::Estimate) {
        return Ok(HashMap::new());
    }
    let mut totals: HashMap<Session, Vec<(ResultId, f64)>> = HashMap::new();
    store.each_fact(names, &estimates(portion), |facts| {
        let run = facts.run;
        for fact in facts.facts.iter().filter(|fact| fact.scope.is_none()) {
            if let (Some(repetition), Some(value)) = (run.repetition, fact.value) {
                totals
                    .entry((run.place(), fact.spelling_id, repetition))
                    .or_default()
                    .push(((run.run_id, fact.ordinal), value));
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(totals.into_values().flat_map(|totals| less(&totals)).collect())
}

fn estimates(portion: &Selection) -> Selection {
    let mut estimates = Selection::default();
    // Nothing is excluded, so that nothing contradicts it.
    let _ = estimates.add(false, Field::Kind, Pattern::exactly(Kind::Estimate.as_str()));
    portion.and(&estimates)
}

fn less(totals: &[(ResultId, f64)]) -> Vec<(ResultId, Finding)> {
    let most = totals.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let finding = |value| Finding {
        id: "O1",
        kind: Strictness::Soft,
        events: vec!["this report".to_owned(), "another of its session".to_owned()],
        found: value,
        low: most,
        high: f64::INFINITY,
    };
    totals.iter().filter(|(_, value)| *value < most).map(|(id, value)| (*id, finding(*value))).collect()
}
