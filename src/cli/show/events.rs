//! The events that the database has numbers of, each under all of its names.

use crate::cli::output::{Cell, Column};
use crate::question::{Aspect, By, Group, Options, Part, groups as form};
use crate::store::query::Selection;
use crate::store::query::selection::Field;
use crate::store::{Store, StoreError};

pub(super) const COLUMNS: &[Column] = &[
    Column::main("microarch"),
    Column::main("event"),
    Column::main("canonical"),
    Column::main("class"),
    Column::main("names"),
    Column::main("counted"),
    Column::main("not_counted"),
    Column::main("not_supported"),
];

/// A group for each event of each microarchitecture, whatever else its numbers differ in.
pub(super) fn groups(store: &mut Store, selection: &Selection) -> Result<Vec<Group>, StoreError> {
    let mixed = Aspect::WORDS.iter().map(|(aspect, _)| *aspect).collect();
    let by = By::all(vec![Field::Microarch, Field::Event]);
    Ok(form(store, selection, &Options { by, mixed, with_points: false })?.groups)
}

pub(super) fn row(group: &Group) -> [Cell<'_>; 8] {
    let count = |number: u64| Cell::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let (microarch, event) = (group.key.parts.first(), group.key.parts.get(1));
    [
        microarch.map_or(Cell::Empty, Cell::from),
        group.names.best().map_or(Cell::Empty, Cell::from),
        event.filter(|part| is_known(part)).map_or(Cell::Empty, Cell::from),
        group.class.as_deref().map_or(Cell::Empty, Cell::from),
        group.names.text().into(),
        count(group.values.count() + group.missing.beyond),
        count(group.missing.not_counted),
        count(group.missing.not_supported),
    ]
}

/// Whether an event is more than what a tool wrote.
fn is_known(part: &Part) -> bool {
    !matches!(part, Part::Event(crate::question::EventName::Written { .. }))
}
