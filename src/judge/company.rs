//! Where a number stands among those that are meant to be equal.

use std::sync::Arc;

use crate::stats::invariant::Finding;
use crate::stats::outlier::Deviation;
use crate::stats::trust::Cross;

/// What its group and the groups of other tools say of a number.
#[derive(Debug, Clone)]
pub struct Company {
    /// Its place among the others of its group.
    pub deviation: Deviation,
    /// Whether its run went another way: its place among the others says nothing of it then.
    pub is_shared: bool,
    /// Whether it is zero where at least 90 % of the others are not (rule I20).
    pub lone_zero: bool,
    /// What is found of the group (rule I19), told of the number that is farthest from its median.
    pub found: Option<Box<Finding>>,
    /// Robust coefficient of variation of the group; `None` below three numbers.
    pub cov: Option<f64>,
    /// How the group stands to those of other tools.
    pub cross: Option<Cross>,
    /// The tool with the most numbers among them, and its median.
    pub other: Option<(Arc<str>, f64)>,
    /// Median of the group.
    pub median: f64,
}

/// What is counted so many times in a run is not missing from another by chance: of one in 22,000, if it comes independently (e^-10).
const NO_CHANCE: f64 = 10.0;

impl Company {
    /// How a number stands to other tools: as its group does. But a zero agrees with no tool that counts, whatever the rest of its group
    /// agrees with.
    pub(super) fn cross_of(&self, value: Option<f64>) -> Option<Cross> {
        let is_counted = self.other.as_ref().is_some_and(|(_, other)| other.abs() >= NO_CHANCE);
        let ratio = if is_counted && value == Some(0.0) { Some(f64::MIN_POSITIVE) } else { None };
        self.cross.map(|cross| Cross { ratio: ratio.unwrap_or(cross.ratio), ..cross })
    }
}
