//! What is known of a result, and the features in [-1, 1] that follow.

use crate::stats::class::Class;
use crate::stats::outlier::{Deviation, MODIFIED_Z_LIMIT};

/// Why a result has no number to believe. The row stays: it is evidence about support.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Void {
    /// The tool says `not counted`.
    NotCounted,
    /// The tool says `not supported`.
    NotSupported,
    /// The event ran for no time at all. A printed `0.00` % of a counted row is a rounded share, not this.
    NeverRan,
}

impl Void {
    /// The reason in words.
    pub fn as_str(self) -> &'static str {
        ["not counted", "not supported", "never ran"][self as usize]
    }
}

/// Where a result stands among the others of its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peers {
    /// Modified z against the others, without the result itself.
    pub z: f64,
    /// How many others.
    pub others: u32,
}

impl Peers {
    /// Fewer others than this say nothing.
    pub const LEAST: u32 = 4;

    fn say(self) -> bool {
        self.others >= Self::LEAST && !self.z.is_nan()
    }

    /// Weight of the others, `k / (k + 4)`.
    fn weight(self) -> f64 {
        let k = f64::from(self.others);
        k / (k + 4.0)
    }
}

impl From<Deviation> for Peers {
    fn from(deviation: Deviation) -> Self {
        Self { z: deviation.z, others: u32::try_from(deviation.n).unwrap_or(u32::MAX) }
    }
}

/// What other tools say of the same event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cross {
    /// Median of this tool's rows over that of the others'; positive.
    pub ratio: f64,
    /// Rows of the side that has fewer.
    pub rows: u32,
}

impl Cross {
    /// Weight, `m / (m + 2)`.
    fn weight(self) -> f64 {
        let m = f64::from(self.rows);
        m / (m + 2.0)
    }
}

/// How the hard invariants fared that involve a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Invariants {
    /// How many could be checked.
    pub checked: u32,
    /// How many of them do not hold.
    pub broken: u32,
}

/// Everything that is known of a result. `None` and zero mean unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Class of the event.
    pub class: Class,
    /// Set when there is no number; everything else is ignored then.
    pub void: Option<Void>,
    /// Share of the time that the event was counted, [0, 1]; more is taken for 1, less for 0.
    pub running: Option<f64>,
    /// Its place among its group.
    pub peers: Option<Peers>,
    /// Coefficient of variation of the group, or of the row's own repeats.
    pub cov: Option<f64>,
    /// Agreement with other tools.
    pub cross: Option<Cross>,
    /// Hard invariants.
    pub invariants: Invariants,
    /// Whether the microarchitecture has the event.
    pub supported: Option<bool>,
    /// Whether an erratum is listed for the event on this machine.
    pub errata: bool,
}

impl Evidence {
    /// Nothing known of an event of a class.
    pub const fn unknown(class: Class) -> Self {
        Self {
            class,
            void: None,
            running: None,
            peers: None,
            cov: None,
            cross: None,
            invariants: Invariants { checked: 0, broken: 0 },
            supported: None,
            errata: false,
        }
    }

    /// `clip(1 - e(f) / 0.10, -1, 1)`.
    pub(super) fn multiplexing(&self) -> Option<f64> {
        self.share().map(|f| clip(1.0 - mux_error(f) / 0.10))
    }

    /// `κ_n clip(1 - |z| / 3.5, -1, 1)`, if there are enough others.
    pub(super) fn outlier(&self) -> Option<f64> {
        let peers = self.peers.filter(|peers| peers.say())?;
        Some(peers.weight() * clip(1.0 - peers.z.abs() / MODIFIED_Z_LIMIT))
    }

    /// `clip(1 - cov / tolerance, -1, 1)`.
    pub(super) fn stability(&self) -> Option<f64> {
        self.cov.filter(|cov| *cov >= 0.0).map(|cov| clip(1.0 - cov / self.class.tolerance()))
    }

    /// `κ_m clip(1 - |ln ratio| / ln(1 + x0), -1, 1)`.
    pub(super) fn agreement(&self) -> Option<f64> {
        let cross = self.cross.filter(|cross| cross.ratio > 0.0)?;
        Some(cross.weight() * clip(1.0 - cross.ratio.ln().abs() / self.class.tool_tolerance().ln_1p()))
    }

    /// `1 - e(f)` below 99.9 %.
    pub(super) fn multiplexing_cap(&self) -> Option<f64> {
        self.share().filter(|f| *f < ALL_THE_TIME).map(|f| 1.0 - mux_error(f))
    }

    /// `1 - κ_n (1 - 3.5 / |z|)` for outliers.
    pub(super) fn outlier_cap(&self) -> Option<f64> {
        let peers = self.peers.filter(|peers| peers.say() && peers.z.abs() > MODIFIED_Z_LIMIT)?;
        Some(1.0 - peers.weight() * (1.0 - MODIFIED_Z_LIMIT / peers.z.abs()))
    }

    fn share(&self) -> Option<f64> {
        self.running.filter(|f| !f.is_nan()).map(|f| f.clamp(0.0, 1.0))
    }
}

/// Share of the time from which on a count is taken for one that ran all the time. Judgement.
pub const ALL_THE_TIME: f64 = 0.999;

/// Relative error to expect of a count that was estimated from a share `f` of the time: `0.231 sqrt((1 - f) / f)`, the form of the
/// error of a total estimated from a random share of its slices; the constant makes `e(0.4)` the 28.3 % that CounterMiner
/// (MICRO 2018) measured for ten events on four counters. Infinite at 0.
pub fn mux_error(f: f64) -> f64 {
    0.231 * ((1.0 - f) / f).sqrt()
}

fn clip(value: f64) -> f64 {
    value.clamp(-1.0, 1.0)
}
