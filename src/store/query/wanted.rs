//! Which numbers of the runs that are wanted are wanted themselves.

use hashbrown::HashMap;

use super::names::{NameIds, Names, of_scope};
use super::selection::{Field, Level, Selection, Value};
use crate::model::{Scope, Status};

/// Decides for one number after the other. Names repeat, so what is decided by a name is decided once for each.
pub(super) struct Wanted<'s> {
    selection: &'s Selection,
    /// Whether names or single numbers are asked for anything.
    asks: (bool, bool),
    names: HashMap<NameIds, bool>,
}

/// What decides about a single number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Single<'n> {
    /// Its run and its position there.
    pub(super) id: (i64, i32),
    pub(super) status: Status,
    pub(super) value: Option<f64>,
    pub(super) running_percent: Option<f64>,
    pub(super) scope: Option<&'n Scope>,
}

impl<'s> Wanted<'s> {
    pub(super) fn new(selection: &'s Selection) -> Self {
        Self { selection, asks: (selection.asks(Level::Name), selection.asks(Level::Number)), names: HashMap::new() }
    }

    /// Whether any number of this name is wanted.
    pub(super) fn name(&mut self, names: &Names, name: NameIds) -> bool {
        let selection = self.selection;
        !self.asks.0 || *self.names.entry(name).or_insert_with(|| selection.admits(|field| names.of_name(name, field)))
    }

    /// Whether a number is wanted, its name and run being so.
    pub(super) fn single(&self, number: Single<'_>) -> bool {
        let fits = !self.asks.1 || self.selection.admits(|field| number.values(field));
        fits && !self.selection.leaves_out(number.id)
    }
}

impl<'n> Single<'n> {
    fn values(&self, field: &Field) -> Option<Vec<Value<'n>>> {
        let number = |number: Option<f64>| Some(vec![number.map_or(Value::Unknown, Value::Number)]);
        match field {
            Field::Status => Some(vec![Value::Text(self.status.as_str())]),
            Field::Value => number(self.value),
            Field::Running => number(self.running_percent),
            _ => of_scope(self.scope, field),
        }
    }
}
