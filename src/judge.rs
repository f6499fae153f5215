//! How far each stored number can be believed: evidence is gathered from the database, the mathematics is that of
//! [`stats::trust`](crate::stats::trust).
//!
//! Two passes over the numbers. The first forms [`groups`](crate::question::groups) of what is meant to be equal, which gives each number
//! its place among its peers, the spread of its group and what other tools count. The second looks at each run again: what its numbers
//! say together (the invariants), how long each was on a counter; and gives each number its coefficient.
//!
//! Nothing of this is read back: a coefficient is a function of what the database holds now, so that an import, an undo or a new
//! catalogue cannot leave an old one behind; [`recompute()`] stores them for those who ask in SQL. What a person says of a result
//! stands beside it and wins. Experiments are judged one after the other: memory grows with the numbers of the largest, by some hundred
//! bytes each.

pub mod bugs;
mod company;
mod doubt;
pub mod errata;
mod fit;
mod peers;
mod portions;
mod reason;
mod recompute;
mod sessions;
mod together;
mod told;
mod tools;
mod weights;

use std::ops::ControlFlow;
use std::rc::Rc;

pub use company::Company;
pub use doubt::{SUSPICIOUS, doubted};
use errata::Erratum;
pub use fit::{Fitted, fit};
pub use reason::Reason;
pub use recompute::{Recomputed, recompute};
pub use told::{Sort, Told, rules};
pub use weights::{Weighing, WeightsError};

use hashbrown::HashMap;

use crate::model::Status;
use crate::question::grade;
use crate::stats::moments::Summary;
use crate::stats::trust::{ALL_THE_TIME, Band, Evidence, Invariants, Judgement, Void, Weights, effective, judge};
use crate::store::query::selection::Field;
use crate::store::query::{Fact, Facts, Names, RunFacts, Selection};
use crate::store::{Store, StoreError, TrustVerdict};

/// Identity of a result: its run and its position there.
pub type ResultId = (i64, i32);

/// What is found of one result.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Coefficient, term by term.
    pub judgement: Judgement,
    /// What the terms were computed from.
    pub evidence: Evidence,
    /// What speaks against it, in words, the hard before the soft.
    pub reasons: Vec<Reason>,
    /// What a person says of it.
    pub manual: Option<Rc<TrustVerdict>>,
}

impl Judged {
    /// The coefficient that counts: that of a person if there is one.
    pub fn trust(&self) -> f64 {
        let auto = self.judgement.auto;
        effective(auto, self.manual.as_ref().map(|verdict| verdict.trust)).unwrap_or(auto)
    }

    /// The same by other weights. What a person says stays.
    #[must_use]
    pub fn weighed(self, weights: &Weights) -> Self {
        Self { judgement: judge(&self.evidence, weights), ..self }
    }

    /// Its band. A number that a person gives no trust at all is suspicious; void is what has no number.
    pub fn band(&self) -> Band {
        if self.evidence.void.is_some() { Band::Void } else { Band::of(self.trust().max(f64::MIN_POSITIVE)) }
    }
}

/// The numbers that decide about those that a selection wants: everything of the same experiments. A number is judged by its peers, and
/// any other condition could take them away.
pub fn population(wanted: &Selection) -> Selection {
    let mut population = Selection::default();
    for condition in wanted.conditions().iter().filter(|condition| condition.field == Field::Experiment) {
        for pattern in &condition.patterns {
            // What contradicts itself is refused when a selection is made; this one was.
            let _ = population.add(condition.negated, Field::Experiment, pattern.clone());
        }
    }
    population
}

/// The verdicts of people that stand, by the results that they are about.
///
/// # Errors
/// The database failed.
pub fn verdicts(store: &mut Store) -> Result<HashMap<ResultId, Rc<TrustVerdict>>, StoreError> {
    let all = store.verdicts()?.into_iter();
    Ok(all.filter_map(|verdict| Some((verdict.stands_for()?, Rc::new(verdict)))).collect())
}

/// Judges every result of a [`population`]: portions of whole experiments one after the other, the results of each in the order of the keys
/// of their runs and their positions there.
///
/// # Errors
/// The database failed.
pub fn judge_each(store: &mut Store, population: &Selection, mut each: impl FnMut(ResultId, Judged)) -> Result<(), StoreError> {
    let verdicts = verdicts(store)?;
    for portion in portions::of(store, population)? {
        judge_portion(store, &portion, &verdicts, &mut each)?;
    }
    Ok(())
}

fn judge_portion(
    store: &mut Store,
    portion: &Selection,
    verdicts: &HashMap<ResultId, Rc<TrustVerdict>>,
    each: &mut impl FnMut(ResultId, Judged),
) -> Result<(), StoreError> {
    let peers = peers::of(store, &portions::with_peers(portion))?;
    let names = store.names()?;
    let sessions = sessions::of(store, &names, portion)?;
    store.each_fact(&names, portion, |facts| {
        let errata = errata::of_run(&names, facts.run);
        for (fact, mut together) in facts.facts.iter().zip(together::check(&names, facts)) {
            let id = (facts.run.run_id, fact.ordinal);
            together.failed.extend(sessions.get(&id).cloned());
            let known = errata.iter().copied().filter(|erratum| erratum.concerns(&names, facts.run, fact)).collect();
            let judged = one(&names, facts, fact, peers.get(&id), Against { together, errata: known });
            each(id, Judged { manual: verdicts.get(&id).cloned(), ..judged });
        }
        ControlFlow::Continue(())
    })
}

/// What is known of a number beside its place among its peers.
struct Against {
    together: together::Found,
    errata: Vec<&'static Erratum>,
}

/// Judges one number.
fn one(names: &Names, facts: &Facts<'_>, fact: &Fact<'_>, company: Option<&Company>, against: Against) -> Judged {
    let found = &against.together;
    let class = grade(names.class(facts.run.name(fact.spelling_id)));
    let evidence = Evidence {
        class,
        void: void(fact.status),
        running: fact.running_percent.map(|percent| percent / 100.0),
        peers: company.filter(|company| !company.is_shared).map(|company| company.deviation.into()),
        cov: company.and_then(|company| company.cov).or_else(|| own_spread(facts.run, fact)),
        cross: company.and_then(|company| company.cross_of(fact.value)),
        invariants: Invariants { checked: found.checked, broken: found.broken() },
        supported: is_listed(names, facts.run, fact).then_some(true),
        errata: !against.errata.is_empty(),
    };
    let judgement = judge(&evidence, &Weights::DEFAULT);
    let reasons = reason::of(fact, &evidence, company, against);
    Judged { judgement, evidence, reasons, manual: None }
}

/// Whether a table has the event for the machine. That none has it says little: the machine may be unknown, or newer than the tables.
fn is_listed(names: &Names, run: &RunFacts, fact: &Fact<'_>) -> bool {
    names.binding(run.name(fact.spelling_id)).is_some_and(|binding| binding.is_listed)
}

/// Whether a number was counted for a part of the time only, and is an estimate.
fn is_multiplexed(fact: &Fact<'_>) -> bool {
    fact.running_percent.is_some_and(|percent| percent / 100.0 < ALL_THE_TIME)
}

fn void(status: Status) -> Option<Void> {
    match status {
        Status::Counted => None,
        Status::NotCounted => Some(Void::NotCounted),
        Status::NotSupported => Some(Void::NotSupported),
    }
}

/// Coefficient of variation of the repeats that the number is the mean of.
fn own_spread(run: &RunFacts, fact: &Fact<'_>) -> Option<f64> {
    let repeats = u64::try_from(run.repeats?).ok()?;
    Summary::of_repeats(repeats, fact.value?, fact.spread_percent?)?.cov()
}
