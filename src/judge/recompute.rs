//! Coefficients of whole experiments, computed and kept for those who ask in SQL.

use std::iter;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use hashbrown::HashMap;

use super::{judge_portion, portions};
use crate::stats::trust::VERSION;
use crate::store::{Access, DatabaseUrl, JudgedExperiment, Store, StoreError};

const PROGRAM_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What was recomputed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// Experiments whose coefficients were computed and kept. The runs without experiment count as one.
    pub experiments: usize,
    /// Results that were judged.
    pub results: usize,
    /// Experiments that nothing touched since they were judged.
    pub up_to_date: usize,
    /// Experiments that were touched while they were judged: nothing of them is kept.
    pub touched: usize,
}

/// Portions that no worker has taken yet.
type Waiting = Mutex<std::vec::IntoIter<Vec<JudgedExperiment>>>;

/// Computes and keeps the coefficients of the experiments that something touched since, or of all, by some workers with a connection each.
/// What is kept depends on what the database holds, not on the number of workers.
///
/// # Errors
/// The database failed; of every experiment all is kept or nothing.
pub fn recompute(url: &DatabaseUrl, all: bool, jobs: usize) -> Result<Recomputed, StoreError> {
    let mut store = Store::open(url, Access::Existing)?;
    let experiments = store.judged_experiments()?;
    let known = experiments.len();
    let stale: Vec<JudgedExperiment> = experiments.into_iter().filter(|experiment| all || is_stale(experiment)).collect();
    let up_to_date = known - stale.len();
    // Work for every worker.
    let share = stale.iter().map(|experiment| experiment.results).sum::<i64>() / i64::try_from(jobs.max(1)).unwrap_or(i64::MAX);
    let portions = portions::packed(stale, share.min(portions::RESULTS), |experiment| experiment.results);
    let others = (1..jobs.min(portions.len())).map(|_| Store::open(url, Access::Existing));
    let stores: Vec<Store> = iter::once(Ok(store)).chain(others).collect::<Result<_, _>>()?;
    let waiting: Waiting = Mutex::new(portions.into_iter());
    let done = thread::scope(|scope| {
        let workers: Vec<_> = stores.into_iter().map(|store| scope.spawn(|| work(store, &waiting))).collect();
        // Every worker is waited for before the first error is given on.
        let done: Vec<_> =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect();
        done.into_iter().try_fold(Recomputed::default(), |sum, done| Ok(sum.and(done?)))
    })?;
    Ok(Recomputed { up_to_date, ..done })
}

/// Whether nothing is kept, or something that this program would not compute.
fn is_stale(experiment: &JudgedExperiment) -> bool {
    experiment.version.as_deref() != Some(VERSION) || experiment.program_version.as_deref() != Some(PROGRAM_VERSION)
}

/// Takes one portion after the other. After an error nobody takes any.
fn work(mut store: Store, waiting: &Waiting) -> Result<Recomputed, StoreError> {
    let lock = || waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let mut done = Recomputed::default();
    loop {
        let Some(portion) = lock().next() else { return Ok(done) };
        done = done.and(judged(&mut store, &portion).inspect_err(|_| lock().by_ref().for_each(drop))?);
    }
}

fn judged(store: &mut Store, portion: &[JudgedExperiment]) -> Result<Recomputed, StoreError> {
    let judging = store.begin_judging(portion, VERSION, PROGRAM_VERSION)?;
    let mut found = Vec::new();
    // What people say is none of the program's business here.
    judge_portion(store, &portions::selection(portion), &HashMap::new(), &mut |(run_id, ordinal), judged| {
        found.push((run_id, ordinal, judged.judgement.auto));
    })?;
    let kept = store.keep_judgements(&judging, &found)?;
    let touched = kept.touched;
    Ok(Recomputed { experiments: portion.len() - touched, results: kept.results, up_to_date: 0, touched })
}

impl Recomputed {
    fn and(self, other: Self) -> Self {
        Self {
            experiments: self.experiments + other.experiments,
            results: self.results + other.results,
            up_to_date: self.up_to_date + other.up_to_date,
            touched: self.touched + other.touched,
        }
    }
}
