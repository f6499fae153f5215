//! Experiments whose truth is known: several events counted in each of some runs.

use std::f64::consts::TAU;

use prc_etl::stats::{Class, Draws};

/// How the runs of an experiment differ although nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// Independent normal noise of each event.
    Gaussian,
    /// Independent noise of each event by Student's t with 3 degrees of freedom.
    HeavyTails,
    /// Some runs go another way, on which every event counts 2 to 12 % more; heavy tails about both.
    TwoModes,
    /// Each run counts a little more than the one before, up to five times the noise in all.
    Drift,
    /// Few events at a time: skewed counts between 0 and some hundred.
    SmallCounts,
}

impl Data {
    /// Every kind with its name.
    pub(super) const NAMES: [(Self, &'static str); 5] = [
        (Self::Gaussian, "gaussian"),
        (Self::HeavyTails, "heavy tails"),
        (Self::TwoModes, "two modes"),
        (Self::Drift, "drift"),
        (Self::SmallCounts, "small counts"),
    ];
}

/// Runs in an experiment.
pub(super) const SIZES: [usize; 5] = [5, 7, 10, 20, 40];

/// Events that every run counts.
pub(super) const EVENTS: usize = 3;

/// Their classes.
pub(super) fn classes(data: Data) -> [Class; EVENTS] {
    match data {
        Data::SmallCounts => [Class::Software, Class::Rate, Class::Rate],
        _ => [Class::Cycle, Class::Exact, Class::Rate],
    }
}

/// The counts of one event, run by run.
pub(super) type Counts = Vec<f64>;

/// An experiment: each event in each run.
pub(super) fn experiment(draws: &mut Draws, data: Data, runs: usize) -> [Counts; EVENTS] {
    let ways = ways(draws, data, runs);
    classes(data).map(|class| {
        let spread = class.tolerance() / 10.0;
        // A second way costs each event something else.
        let share = 0.5 + draws.unit();
        let centre = if data == Data::SmallCounts { 5.0 + 200.0 * draws.unit() } else { 10_f64.powf(4.0 + 6.0 * draws.unit()) };
        let count = |run: usize| match data {
            Data::SmallCounts => centre * (0.4 * normal(draws)).exp(),
            Data::Gaussian => centre * (1.0 + spread * normal(draws)),
            Data::HeavyTails | Data::TwoModes => centre * (1.0 + ways[run] * share) * (1.0 + spread * heavy(draws)),
            Data::Drift => centre * (1.0 + spread * (normal(draws) + 5.0 * part(run, runs))),
        };
        (0..runs).map(count).map(|count| count.max(0.0).round()).collect()
    })
}

/// By which share each run counts more than on its first way: a fifth to a half of the runs go the other way, two at least.
fn ways(draws: &mut Draws, data: Data, runs: usize) -> Vec<f64> {
    let mut ways = vec![0.0; runs];
    if data == Data::TwoModes {
        let (least, most) = (2.max(runs / 5), runs / 2);
        let (others, more) = (least + draws.below(most - least + 1), 0.02 + 0.10 * draws.unit());
        let first = draws.below(runs);
        (0..others).for_each(|at| ways[(first + at) % runs] = more);
    }
    ways
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn part(run: usize, runs: usize) -> f64 {
    run as f64 / runs as f64
}

/// A standard normal number (Box & Muller 1958).
pub(super) fn normal(draws: &mut Draws) -> f64 {
    (-2.0 * draws.unit().ln()).sqrt() * (TAU * draws.unit()).cos()
}

/// Student's t with 3 degrees of freedom, by its definition.
fn heavy(draws: &mut Draws) -> f64 {
    let square: f64 = (0..3).map(|_| normal(draws).powi(2)).sum();
    normal(draws) / (square / 3.0).sqrt()
}
