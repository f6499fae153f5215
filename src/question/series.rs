//! Groups in an order: along time, or along versions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;

use super::groups::{EventNames, Group, Groups, Options, Point};
use super::key::{By, Key, Part};
use crate::store::query::selection::Field;
use crate::store::{Store, StoreError};

/// Along what numbers are put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// The start of their runs, by the clock of the measured machine.
    Time,
    /// A field, in the natural order of its values (5.4 before 5.10); within one value, time, and of one time the order of sources and runs.
    Field(Field),
}

/// Where a number stands in its order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Microseconds since 1970-01-01 of the clock of the measured machine.
    Time(i64),
    /// The value of the field.
    Value(Part),
}

/// Numbers of one group, in order.
#[derive(Debug)]
pub struct Series {
    /// What they share; the field that they are ordered along is not in it.
    pub key: Key,
    /// Every name that the event has in them.
    pub names: Arc<EventNames>,
    /// Where each number stands.
    pub places: Vec<Place>,
    /// The numbers.
    pub values: Vec<f64>,
}

/// Series in natural order of their keys.
#[derive(Debug)]
pub struct AllSeries {
    /// The series; each holds a number at least.
    pub series: Vec<Series>,
    /// Numbers that have no place in the order: the time or the value is not known.
    pub without: usize,
}

impl Over {
    /// How groups are formed for it: with points, and by the field in the last place.
    pub fn forming(&self, by: &By, options: Options) -> Options {
        let by = match self {
            Self::Time => by.clone(),
            Self::Field(field) => By::all(by.clone().without(&[field]).fields().iter().chain([field]).cloned().collect()),
        };
        Options { by, with_points: true, ..options }
    }

    /// What a series shares, and the place of its numbers where they have one in common.
    fn split(&self, key: &Key) -> (Key, Option<Part>) {
        match (self, key.parts.split_last()) {
            (Self::Field(_), Some((last, parts))) => {
                (Key { parts: parts.into(), aspects: Arc::clone(&key.aspects) }, Some(last.clone()))
            }
            _ => (key.clone(), None),
        }
    }
}

#[derive(Default)]
struct Collected {
    names: Arc<EventNames>,
    points: Vec<(Place, Point)>,
}

impl Series {
    /// Whether a number stands at another place than the one before it.
    pub fn is_new_place(&self, at: usize) -> bool {
        at == 0 || self.places[at] != self.places[at - 1]
    }
}

/// Puts groups that were formed for an order into it.
///
/// # Errors
/// The database, which knows the order of runs of one time, failed.
pub fn series(store: &mut Store, groups: Groups, over: &Over) -> Result<AllSeries, StoreError> {
    let mut collected: BTreeMap<Key, Collected> = BTreeMap::new();
    let mut without = 0;
    for group in groups.groups {
        let (key, value) = over.split(&group.key);
        let placed = placed(&group, value.as_ref());
        without += group.points.len() - placed.len();
        if !placed.is_empty() {
            collected.entry(key).or_default().add(&group, placed);
        }
    }
    let tied: BTreeSet<i64> = collected.values_mut().flat_map(Collected::tied).collect();
    let order = store.run_order(&tied)?;
    Ok(AllSeries { series: collected.into_iter().map(|(key, found)| found.ordered(key, &order)).collect(), without })
}

/// The numbers of a group that have a place.
fn placed(group: &Group, value: Option<&Part>) -> Vec<(Place, Point)> {
    let place = |point: &Point| match value {
        None => point.started_at.map(Place::Time),
        Some(Part::Unknown) => None,
        Some(value) => Some(Place::Value(value.clone())),
    };
    group.points.iter().filter_map(|point| Some((place(point)?, *point))).collect()
}

impl Collected {
    fn add(&mut self, group: &Group, placed: Vec<(Place, Point)>) {
        if self.names != group.names {
            self.names = Arc::new(self.names.union(&group.names));
        }
        self.points.extend(placed);
    }

    /// The runs that neither their places nor their times put in order.
    fn tied(&mut self) -> Vec<i64> {
        self.points.sort_by(|(a, one), (b, other)| (a, one.started_at).cmp(&(b, other.started_at)));
        let ties = self.points.chunk_by(|(a, one), (b, other)| (a, one.started_at) == (b, other.started_at));
        let several = ties.filter(|tie| tie.iter().any(|(_, point)| point.run_id != tie[0].1.run_id));
        several.flatten().map(|(_, point)| point.run_id).collect()
    }

    fn ordered(self, key: Key, order: &HashMap<i64, usize>) -> Series {
        let mut points = self.points;
        // Not by the number of the run: it depends on the order of imports. Nor by the number itself: sorted noise looks like a step.
        let within = |point: &Point| (point.started_at, order.get(&point.run_id), point.ordinal);
        points.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| within(one).cmp(&within(other))));
        let (places, points): (Vec<Place>, Vec<Point>) = points.into_iter().unzip();
        Series { key, names: self.names, places, values: points.iter().map(|point| point.value).collect() }
    }
}
