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
