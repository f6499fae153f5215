//! The columns that name a group: fields, event, aspects.

use std::borrow::Cow;

use crate::cli::output::{Cell, Column};
use crate::model::ScopeKind;
use crate::question::{Aspect, Aspects, By, EventName, EventNames, Key, Part};
use crate::store::query::selection::Field;

/// Which columns name the groups of an answer.
pub(in crate::cli) struct KeyColumns {
    fields: Vec<Field>,
    has_event: bool,
    columns: Vec<Column>,
}

/// A spare column of this number goes first.
const SAME_EVERYWHERE: u8 = 99;

impl KeyColumns {
    /// The columns for groups of these keys. What is the same in all of them leaves a narrow table first; an aspect is shown in a table
    /// only where it differs, but a unit wherever there is one.
    pub(in crate::cli) fn new<'k>(by: &By, keys: &(impl Iterator<Item = &'k Key> + Clone)) -> Self {
        let fields: Vec<Field> = by.fields().to_vec();
        let has_event = by.contains(&Field::Event);
        let mut columns = Vec::new();
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| **field != Field::Event) {
            let varies = differ(keys.clone().map(|key| &key.parts[at]));
            let column = if varies { Column::main("") } else { Column::spare("", SAME_EVERYWHERE) };
            columns.push(column.named(field.to_string().replace('-', "_")));
        }
        if has_event {
            columns.push(Column::main("event"));
            columns.push(Column::detail("canonical"));
            if !by.contains(&Field::Microarch) {
                let microarchs = keys.clone().map(|key| event_of(key).and_then(microarch));
                columns.push(if differ(microarchs) { Column::main("microarch") } else { Column::detail("microarch") });
            }
        }
        columns.push(Column::detail("names"));
        for (aspect, word) in Aspect::WORDS {
            let texts = keys.clone().map(|key| text(&key.aspects, aspect));
            let shown = differ(texts.clone()) || (aspect == Aspect::Unit && texts.flatten().next().is_some());
            columns.push(if shown && aspect != Aspect::Together { Column::main(word) } else { Column::detail(word) });
        }
        // The set itself is too long for a table, and rows that differ in it alone must not look alike.
        let sets = keys.clone().map(|key| key.aspects.together.as_ref());
        columns.push(if differ(sets) { Column::main("events_together") } else { Column::detail("events_together") });
        Self { fields, has_event, columns }
    }

    /// The columns.
    pub(in crate::cli) fn columns(&self) -> Vec<Column> {
        self.columns.clone()
    }

    /// Adds the cells of a group: of its key, and of the names that its event has (tool and spelling).
    pub(in crate::cli) fn cells<'a>(&self, key: &'a Key, names: &'a EventNames, cells: &mut Vec<Cell<'a>>) {
        let parts = key.parts.iter().zip(&self.fields).filter(|(_, field)| **field != Field::Event);
        cells.extend(parts.map(|(part, _)| Cell::from(part)));
        if self.has_event {
            let event = event_of(key);
            cells.push(names.best().map_or(Cell::Empty, Cell::from));
            cells.push(event.map_or(Cell::Empty, canonical));
            if !self.fields.contains(&Field::Microarch) {
                cells.push(event.and_then(microarch).map_or(Cell::Empty, Cell::from));
            }
        }
        cells.push(Cell::from(names.text()));
        cells.extend(Aspect::WORDS.iter().map(|(aspect, _)| of_aspect(&key.aspects, *aspect)));
        let together = key.aspects.together.as_ref().and_then(|together| i64::try_from(together.events).ok());
        cells.push(together.into());
    }
}

/// Whether not all are equal.
fn differ<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    values.next().is_some_and(|first| values.any(|other| other != first))
}

impl<'a> From<&'a Part> for Cell<'a> {
    fn from(part: &'a Part) -> Self {
        match part {
            Part::Unknown => Self::Empty,
            Part::Text(text) => Self::from(text.as_ref()),
            Part::Number(number) => Self::Int(*number),
            Part::Event(event) => Self::from(event.to_string()),
        }
    }
}

fn event_of(key: &Key) -> Option<&EventName> {
    key.parts.iter().find_map(|part| match part {
        Part::Event(event) => Some(event),
        _ => None,
    })
}

fn microarch(event: &EventName) -> Option<&str> {
    match event {
        EventName::Canonical { microarch, .. } => Some(microarch.as_ref()).filter(|key| !key.is_empty()),
        EventName::Derived { microarch, .. } => microarch.as_deref(),
        EventName::Written { .. } => None,
    }
}

fn canonical(event: &EventName) -> Cell<'_> {
    match event {
        EventName::Canonical { text, .. } => Cell::from(text.as_ref()),
        EventName::Derived { formula, .. } => Cell::from(formula.as_ref()),
        EventName::Written { .. } => Cell::Empty,
    }
}

/// An aspect as text; nothing where it is the usual one.
fn text(aspects: &Aspects, aspect: Aspect) -> Option<Cow<'_, str>> {
    let given = match aspect {
        Aspect::Kind => Some(aspects.kind.as_str()),
        Aspect::Unit => aspects.unit.as_deref(),
        Aspect::Privilege => aspects.privilege.as_deref(),
        Aspect::Scope => (aspects.scope != ScopeKind::Whole).then(|| aspects.scope.as_str()),
        Aspect::Part => label(&aspects.part),
        Aspect::Cgroup => label(&aspects.cgroup),
        Aspect::Interval => aspects.interval.then_some("interval"),
        Aspect::Repeats => return (aspects.repeats != 1).then(|| aspects.repeats.to_string().into()),
        Aspect::Together => aspects.together.as_ref().map(|together| together.text.as_ref()),
    };
    given.map(Cow::Borrowed)
}

fn label(part: &Part) -> Option<&str> {
    match part {
        Part::Text(text) => Some(text),
        _ => None,
    }
}

fn of_aspect(aspects: &Aspects, aspect: Aspect) -> Cell<'_> {
    match aspect {
        Aspect::Repeats => Cell::Int(aspects.repeats.into()),
        _ => text(aspects, aspect).map_or(Cell::Empty, Cell::Text),
    }
}
