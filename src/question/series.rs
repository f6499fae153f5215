//! Groups in an order: along time, or along versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::groups::{EventNames, Group, Groups, Options, Point};
use super::key::{By, Key, Part};
use crate::store::query::selection::Field;

/// Along what numbers are put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// The start of their runs, by the clock of the measured machine.
    Time,
    /// A field, in the natural order of its values (5.4 before 5.10); within one value, time.
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

/// Puts groups that were formed for an order into it.
pub fn series(groups: Groups, over: &Over) -> AllSeries {
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
    AllSeries { series: collected.into_iter().map(|(key, found)| found.ordered(key)).collect(), without }
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

    fn ordered(self, key: Key) -> Series {
        let mut points = self.points;
        // Not by the number of the run: it depends on the order of imports.
        points.sort_by(|(a, one), (b, other)| {
            let order = (a, one.started_at, one.ordinal).cmp(&(b, other.started_at, other.ordinal));
            order.then(one.value.total_cmp(&other.value))
        });
        let (places, points): (Vec<Place>, Vec<Point>) = points.into_iter().unzip();
        Series { key, names: self.names, places, values: points.iter().map(|point| point.value).collect() }
    }
}
