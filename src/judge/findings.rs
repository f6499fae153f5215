//! Findings one by one, each with the result that it is about.

use std::ops::ControlFlow;

use hashbrown::{HashMap, HashSet};

use super::{Judged, Reason, ResultId, judge_each, population};
use crate::store::query::{ResultRecord, Selection};
use crate::store::{Store, StoreError};

/// Gives every result that is wanted, in natural order, with what is found of it: nothing for most. What a rule finds of several
/// results of a run is given with the first of them.
///
/// Memory grows with the findings.
///
/// # Errors
/// The database failed.
pub fn each_finding(
    store: &mut Store,
    wanted: &Selection,
    mut each: impl FnMut(&ResultRecord<'_>, Option<(&Judged, &[Reason])>),
) -> Result<(), StoreError> {
    let mut found: HashMap<ResultId, Judged> = HashMap::new();
    judge_each(store, &population(wanted), |id, judged| {
        if judged.reasons.iter().any(|reason| reason.kind().is_some()) {
            found.insert(id, judged);
        }
    })?;
    let mut told = Told::default();
    store.each_result(wanted, |result| {
        let judged = found.get(&result.id());
        let reasons: Vec<Reason> = judged.map(|judged| told.new_ones(result.run.run_id, &judged.reasons)).unwrap_or_default();
        each(result, judged.filter(|_| !reasons.is_empty()).map(|judged| (judged, reasons.as_slice())));
        ControlFlow::Continue(())
    })
}

/// What was already told of a run.
#[derive(Default)]
struct Told {
    run_id: i64,
    rules: HashSet<(&'static str, Vec<String>, u64)>,
}

impl Told {
    fn new_ones(&mut self, run_id: i64, reasons: &[Reason]) -> Vec<Reason> {
        if self.run_id != run_id {
            self.run_id = run_id;
            self.rules.clear();
        }
        let mut is_new = |reason: &&Reason| match reason {
            Reason::Rule(finding) => self.rules.insert((finding.rule.id, finding.events.clone(), finding.found.to_bits())),
            reason => reason.kind().is_some(),
        };
        reasons.iter().filter(|reason| is_new(reason)).cloned().collect()
    }
}
