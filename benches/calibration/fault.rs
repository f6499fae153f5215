//! What goes wrong with numbers, planted into good ones.

use prc_etl::stats::Draws;
use prc_etl::stats::trust::{Cross, mux_error};

use super::generate::{Counts, EVENTS, normal};

/// A fault of one number, of one machine or of one tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A number is cut at its last thousands separator.
    DigitsLost,
    /// Counted twice.
    Doubled,
    /// A negative difference of 64-bit counters.
    Wrapped,
    /// Counted for a quarter of the time and not scaled.
    Unscaled,
    /// Nothing was counted and 0 printed.
    Zeroed,
    /// The number of another event.
    Swapped,
    /// Estimated from a tenth of the time, as the tool says.
    Multiplexed,
    /// One event of a quarter of the runs counts 30 % more.
    BadMachine,
    /// A tool counts 5 % more than another in every run.
    BiasedTool,
}

impl Fault {
    /// Every kind with its name.
    pub(super) const NAMES: [(Self, &'static str); 9] = [
        (Self::DigitsLost, "digits lost"),
        (Self::Doubled, "doubled"),
        (Self::Wrapped, "wrapped"),
        (Self::Unscaled, "unscaled"),
        (Self::Zeroed, "zeroed"),
        (Self::Swapped, "swapped event"),
        (Self::Multiplexed, "multiplexed"),
        (Self::BadMachine, "one bad machine"),
        (Self::BiasedTool, "tool 5 % off"),
    ];

    /// Whether a single number is grossly wrong without a word of the tool.
    pub(super) fn is_gross(self) -> bool {
        !matches!(self, Self::Multiplexed | Self::BadMachine | Self::BiasedTool)
    }

    /// The number that a good one becomes.
    pub(super) fn of(self, good: f64, other: f64, draws: &mut Draws) -> f64 {
        match self {
            Self::DigitsLost => (good / 1000.0).floor(),
            Self::Doubled => good * 2.0,
            Self::Wrapped => 18_446_744_073_709_551_616.0 - good,
            Self::Unscaled => (good / 4.0).round(),
            Self::Zeroed => 0.0,
            Self::Swapped => other,
            Self::Multiplexed => (good * (1.0 + mux_error(MULTIPLEXED) * normal(draws))).max(0.0).round(),
            Self::BadMachine => (good * 1.3).round(),
            Self::BiasedTool => (good * 1.05).round(),
        }
    }
}

/// Share of the time of a badly multiplexed event.
const MULTIPLEXED: f64 = 0.1;

/// What is known of the numbers of one event beside themselves.
#[derive(Debug, Default)]
pub(super) struct Planted {
    /// Which event has the fault.
    pub(super) event: usize,
    /// Which of its runs.
    pub(super) runs: Vec<usize>,
    /// Share of the time of the faulty numbers, as the tool says.
    pub(super) running: Option<f64>,
    /// How each event stands to what another tool counts.
    pub(super) cross: [Option<Cross>; EVENTS],
}

impl Planted {
    /// Whether this number is faulty.
    pub(super) fn has(&self, event: usize, run: usize) -> bool {
        self.event == event && self.runs.contains(&run)
    }
}

/// Plants a fault into one event of an experiment.
pub(super) fn plant(fault: Fault, events: &mut [Counts; EVENTS], draws: &mut Draws) -> Planted {
    let (event, size) = (draws.below(EVENTS), events[0].len());
    let first = draws.below(size);
    let many = match fault {
        Fault::BadMachine => size.div_ceil(4),
        Fault::BiasedTool => size,
        _ => 1,
    };
    let runs: Vec<usize> = (0..many).map(|at| (first + at) % size).collect();
    for &run in &runs {
        let other = events[(event + 1) % EVENTS][run];
        events[event][run] = fault.of(events[event][run], other, draws);
    }
    let running = (fault == Fault::Multiplexed).then_some(MULTIPLEXED);
    let cross = std::array::from_fn(|at| (fault == Fault::BiasedTool).then(|| cross(at == event, size)));
    Planted { event, runs, running, cross }
}

fn cross(is_biased: bool, size: usize) -> Cross {
    Cross { ratio: if is_biased { 1.05 } else { 1.0 }, rows: u32::try_from(size).unwrap_or(u32::MAX) }
}
