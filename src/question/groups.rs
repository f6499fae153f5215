//! Forms groups in one pass over the numbers.

mod called;
mod former;
mod names;
mod scopes;
mod shared;

use std::ops::ControlFlow;
use std::sync::Arc;

pub use called::EventNames;
pub(crate) use called::is_raw;

use super::key::{Aspect, By, Key};
use crate::model::Status;
use crate::stats::sketch::Sketch;
use crate::store::query::{Fact, RunFacts, Selection};
use crate::store::{Store, StoreError};

/// How groups are formed.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is grouped by.
    pub by: By,
    /// Aspects that are not looked at: numbers that differ in them are mixed because somebody asked for it.
    pub mixed: Vec<Aspect>,
    /// Whether each number is kept with its time, for questions about the order of numbers.
    pub with_points: bool,
}

/// A number in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Start of the run by the clock of its machine, microseconds since 1970-01-01 of that clock.
    pub started_at: Option<i64>,
    /// The run.
    pub run_id: i64,
    /// Position in the run.
    pub ordinal: i32,
    /// The number.
    pub value: f64,
}

/// Numbers that mean the same. A group of up to three numbers takes some 200 bytes with its share of what it has in common with others.
#[derive(Debug)]
pub struct Group {
    /// By which the group is found while groups are formed, and put in order afterwards.
    ids: GroupIds,
    /// Number of the set of names.
    called: u32,
    /// What they share.
    pub key: Key,
    /// Every name that the event has in them: tool and spelling.
    pub names: Arc<EventNames>,
    /// Semantic class of the event.
    pub class: Option<Arc<str>>,
    /// The numbers.
    pub values: Sketch,
    /// The numbers with their times, if these were asked for.
    pub points: Vec<Point>,
    /// Rows that never got a counter, rows that the machine does not know, and numbers that are too large for statistics.
    pub missing: Missing,
    /// Least share of the time on a counter, percent; `None` when no row has one.
    pub least_running: Option<f64>,
}

/// What a group is, in numbers of what groups share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct GroupIds {
    parts: u32,
    aspects: u32,
}

/// Rows of a group that give no number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missing {
    /// Never got a counter.
    pub not_counted: u64,
    /// The machine or the kernel does not know the event.
    pub not_supported: u64,
    /// Not finite, or so large that its square is not.
    pub beyond: u64,
}

/// Groups, in natural order of their keys.
#[derive(Debug)]
pub struct Groups {
    /// The groups.
    pub groups: Vec<Group>,
    /// Results that were looked at.
    pub results: u64,
}

/// Forms the groups of the numbers that are wanted.
///
/// # Errors
/// The database failed.
pub fn groups(store: &mut Store, selection: &Selection, options: &Options) -> Result<Groups, StoreError> {
    let names = store.names()?;
    let mut former = former::Former::new(&names, options);
    store.each_fact(&names, selection, |facts| {
        former.add(facts);
        ControlFlow::Continue(())
    })?;
    Ok(former.finish())
}

fn put(group: &mut Group, run: &RunFacts, fact: &Fact<'_>, with_points: bool) {
    match (fact.status, fact.value) {
        (Status::NotCounted, _) => group.missing.not_counted += 1,
        (Status::NotSupported, _) => group.missing.not_supported += 1,
        (Status::Counted, Some(value)) if group.values.add(value) => {
            if with_points {
                let (started_at, run_id) = (run.started_at, run.run_id);
                keep(&mut group.points, Point { started_at, run_id, ordinal: fact.ordinal, value });
            }
        }
        (Status::Counted, _) => group.missing.beyond += 1,
    }
    if let Some(percent) = fact.running_percent {
        group.least_running = Some(group.least_running.map_or(percent, |least| least.min(percent)));
    }
}

/// A list makes room for four at first; groups of one number are many.
fn keep(points: &mut Vec<Point>, point: Point) {
    if points.is_empty() {
        points.reserve_exact(1);
    }
    points.push(point);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database may have millions of groups: what one costs decides how large a database can be asked.
    #[test]
    fn a_group_of_few_numbers_takes_no_more_than_160_bytes_itself() {
        assert!(size_of::<Group>() <= 160, "{}", size_of::<Group>());
    }
}
