//! Rows that are judged by trust and by its rivals, with the truth beside.

use prc_etl::stats::group::deviations_in_modes;
use prc_etl::stats::outlier::{Deviation, Floor};
use prc_etl::stats::trust::{Evidence, Weights, judge};
use prc_etl::stats::way::are_shared;
use prc_etl::stats::{Draws, Sample};

use super::fault::{Fault, Planted, plant};
use super::generate::{Counts, Data, EVENTS, classes, experiment};
use super::rivals::{fences, three_sigma};

/// Ways to judge a row.
pub(super) const METHODS: usize = 3;

/// What a row is and what is said of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// What was done to it.
    pub(super) fault: Option<Fault>,
    /// Where it comes from, if it was made up.
    pub(super) data: Option<Data>,
    /// Runs of its experiment.
    pub(super) size: usize,
    /// Trust, three sigma, Tukey's fences: low is bad.
    pub(super) scores: [f64; METHODS],
}

/// What each method calls bad by itself: below these.
pub(super) const BOUNDS: [f64; METHODS] = [0.5, -3.0, -1.5];

/// These kinds of data with every fault in these sizes, and as many experiments without fault.
pub(super) fn generated(seed: u64, kinds: &[Data], sizes: &[usize]) -> Vec<Row> {
    let mut draws = Draws::from_seed(seed);
    let mut rows = Vec::new();
    for &data in kinds {
        for &size in sizes {
            for (fault, _) in Fault::NAMES {
                rows.extend(judged(data, size, Some(fault), &mut draws));
                rows.extend(judged(data, size, None, &mut draws));
            }
        }
    }
    rows
}

fn judged(data: Data, size: usize, fault: Option<Fault>, draws: &mut Draws) -> Vec<Row> {
    let mut events = experiment(draws, data, size);
    let planted = fault.map(|fault| plant(fault, &mut events, draws)).unwrap_or_default();
    let trust = trust(data, &events, &planted);
    let mut rows = Vec::new();
    for (at, values) in events.iter().enumerate() {
        let rivals = three_sigma(values).into_iter().zip(fences(values));
        rows.extend(rivals.enumerate().map(|(run, (sigma, fences))| Row {
            fault: fault.filter(|_| planted.has(at, run)),
            data: Some(data),
            size,
            scores: [trust[at][run], sigma, fences],
        }));
    }
    rows
}

/// Coefficients of each event in each run.
fn trust(data: Data, events: &[Counts; EVENTS], planted: &Planted) -> Vec<Vec<f64>> {
    let classes = classes(data);
    let deviations: Vec<Vec<Deviation>> = events
        .iter()
        .zip(classes)
        .map(|(values, class)| deviations_in_modes(values, Floor::of(class)).unwrap_or_default())
        .collect();
    let spread = |values: &Counts| Sample::new(values.clone()).ok().and_then(|sample| sample.robust_cov());
    let covs: Vec<Option<f64>> = events.iter().map(spread).collect();
    let one = |event: usize, run: usize| {
        let is_shared = are_shared(&deviations.iter().map(|event| event[run]).collect::<Vec<_>>())[event];
        let peers = (!is_shared).then(|| deviations[event][run].into());
        let running = planted.running.filter(|_| planted.has(event, run)).or(Some(1.0));
        let (cov, cross) = (covs[event], planted.cross[event]);
        judge(&Evidence { running, peers, cov, cross, ..Evidence::unknown(classes[event]) }, &Weights::DEFAULT).auto
    };
    (0..EVENTS).map(|event| (0..events[event].len()).map(|run| one(event, run)).collect()).collect()
}
