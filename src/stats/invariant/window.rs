//! What rules look at.

use std::collections::BTreeMap;

use crate::stats::trust::{ALL_THE_TIME, mux_error};

/// A number and how far it may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The number, in the unit of its event; clocks in nanoseconds.
    pub value: f64,
    /// Half width of what it may be; 0 for a count that ran all the time.
    pub slack: f64,
}

impl Reading {
    /// A count that ran for `running` of the time ([0, 1]): exact from 99.9 %, else off by the error of multiplexing. `None` when a
    /// number is not finite or the share not above 0.
    pub fn counted(value: f64, running: f64) -> Option<Self> {
        let error = error_to_expect(running);
        let slack = value.abs() * error;
        (value.is_finite() && slack.is_finite()).then_some(Self { value, slack })
    }

    /// The median of a group, for numbers that come from different executions: off by three robust deviations.
    pub fn group(median: f64, sigma: f64) -> Option<Self> {
        (median.is_finite() && sigma.is_finite()).then_some(Self { value: median, slack: 3.0 * sigma.abs() })
    }

    /// The least that it may be.
    pub fn low(self) -> f64 {
        self.value - self.slack
    }

    /// The most that it may be.
    pub fn high(self) -> f64 {
        self.value + self.slack
    }

    fn plus(self, other: Self) -> Self {
        Self { value: self.value + other.value, slack: self.slack + other.slack }
    }
}

/// The events of one run, by canonical name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Window(pub BTreeMap<String, Reading>);

impl Window {
    /// The reading of an event.
    pub fn get(&self, event: &str) -> Option<Reading> {
        self.0.get(event).copied()
    }

    /// The sum of events; `None` unless all are there.
    pub(super) fn sum(&self, events: &[String]) -> Option<Reading> {
        events.iter().map(|event| self.get(event)).reduce(|sum, next| Some(sum?.plus(next?))).flatten()
    }
}

/// What is known of the machine; `None` is unknown, and what depends on it is not checked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Machine {
    /// CPUs.
    pub cpus: Option<f64>,
    /// Lowest frequency, GHz.
    pub min_ghz: Option<f64>,
    /// Highest frequency with turbo, GHz.
    pub max_ghz: Option<f64>,
    /// Instructions that the microarchitecture can retire in a cycle.
    pub width: Option<f64>,
}

/// Relative error to expect of a number that was counted for a share of the time; none when that was nearly all of it.
pub(super) fn error_to_expect(running: f64) -> f64 {
    if running >= ALL_THE_TIME { 0.0 } else { mux_error(running) }
}
