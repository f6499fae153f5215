//! Questions to the database: numbers become groups, groups become answers.
//!
//! Every question forms [`groups()`] in one pass over the numbers that a [`Selection`](crate::store::query::Selection) wants. What must not
//! be mixed is never in one group: see [`Aspects`]. The mathematics is that of [`stats`](crate::stats); here is only decided which
//! numbers it is given.

pub mod compare;
mod groups;
mod key;
pub mod series;

pub(crate) use groups::is_raw;
pub use groups::{EventNames, Group, Groups, Missing, Options, Point, groups};
pub use key::{Aspect, Aspects, By, EventName, Key, Part, Together};

use crate::catalog::classes;
use crate::stats::Class;

/// How steady the numbers of a semantic class can be expected to be. Of no known class: as those that vary most.
pub fn grade(class: Option<&str>) -> Class {
    match class.and_then(classes::named).map(|class| class.grade) {
        Some(classes::Grade::Exact) => Class::Exact,
        Some(classes::Grade::Cycle) => Class::Cycle,
        Some(classes::Grade::Software) => Class::Software,
        Some(classes::Grade::Rate) | None => Class::Rate,
    }
}
