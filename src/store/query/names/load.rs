//! Reads the small tables.

use std::collections::BTreeMap;

use diesel::prelude::*;
use hashbrown::HashMap;

use super::{Binding, CanonicalName, Names, Place, Tool};
use crate::model::{Kind, Spelling, ToolName};
use crate::store::any::{Db, on_backend};
use crate::store::dictionary::{EnvironmentColumns, environment, word};
use crate::store::rows::Form;
use crate::store::schema::{bindings, environments, events, experiments, forms, hosts, label_sets, spellings, tools};
use crate::store::{Store, StoreError};

type BindingColumns =
    (i64, i64, i64, Option<String>, Option<i64>, Option<String>, Option<String>, Option<String>, Option<String>);

/// The methods (`Method` of the catalogue) that take a number for what it is, and look into no table.
const NUMBERS: [&str; 2] = ["raw code", "PMU terms"];

impl Store {
    /// What ids mean.
    pub fn names(&mut self) -> Result<Names, StoreError> {
        names(&mut self.db).map_err(|error| StoreError::database(&self.url, "read the names", &error))
    }
}

pub(in crate::store::query) fn names(db: &mut Db) -> QueryResult<Names> {
    let mut names = Names::default();
    let rows: Vec<(i64, String)> =
        on_backend!(db, c => experiments::table.select((experiments::experiment_id, experiments::name)).load(c))?;
    names.experiments = rows.into_iter().collect();
    let rows: Vec<(i64, String)> = on_backend!(db, c => hosts::table.load(c))?;
    names.hosts = rows.into_iter().collect();
    let rows: Vec<(i64, String, Option<String>)> = on_backend!(db, c => tools::table.load(c))?;
    names.tools = rows.into_iter().map(|(id, name, version)| (id, tool(ToolName { name, version }))).collect();
    let rows: Vec<EnvironmentColumns> = on_backend!(db, c => environments::table.load(c))?;
    let place = |environment: crate::model::Environment| Place { microarch: environment.microarch.clone(), environment };
    names.environments = rows.into_iter().map(environment).map(|(environment, id)| (id, place(environment))).collect();
    let rows: Vec<(i64, String)> = on_backend!(db, c => label_sets::table.load(c))?;
    names.label_sets = rows.into_iter().map(|(id, text)| Ok((id, labels(&text)?))).collect::<QueryResult<_>>()?;
    let rows: Vec<(i64, String, Option<String>, String)> = on_backend!(db, c => spellings::table.load(c))?;
    for (id, text, unit, kind) in rows {
        names.spellings.insert(id, Spelling { text, unit, kind: word(&kind, Kind::from_word)? });
    }
    let columns = (forms::form_id, (forms::spelling_id, forms::metric_spelling_id, forms::status, forms::flags));
    let rows: Vec<(i64, Form)> = on_backend!(db, c => forms::table.select(columns).load(c))?;
    names.forms = rows.into_iter().collect();
    events(db, &mut names)?;
    Ok(names)
}

/// Labels by key, of the JSON object that they are kept as.
pub(in crate::store::query) fn labels(text: &str) -> QueryResult<BTreeMap<String, String>> {
    let unknown = |error| diesel::result::Error::DeserializationError(format!("labels {text}: {error}").into());
    serde_json::from_str(text).map_err(unknown)
}

fn tool(name: ToolName) -> Tool {
    Tool { full: name.to_string(), name }
}

fn events(db: &mut Db, names: &mut Names) -> QueryResult<()> {
    let rows: Vec<(i64, String, String, Option<String>)> =
        on_backend!(db, c => events::table.select((events::event_id, events::microarch, events::text, events::class)).load(c))?;
    let name = |(id, microarch, text, class)| (id, CanonicalName { microarch, text, class });
    names.events = rows.into_iter().map(name).collect();
    let columns = (
        bindings::spelling_id,
        bindings::tool_id,
        bindings::environment_id,
        bindings::microarch,
        bindings::event_id,
        bindings::formula,
        bindings::relation,
        bindings::privilege,
        bindings::method,
    );
    let rows: Vec<BindingColumns> = on_backend!(db, c => bindings::table.select(columns).load(c))?;
    let mut same: HashMap<(i64, Option<String>), Vec<i64>> = HashMap::new();
    for (spelling, tool, environment, microarch, event_id, formula, relation, privilege, method) in rows {
        if let (Some(place), Some(key)) = (names.environments.get_mut(&environment), microarch) {
            place.microarch = Some(key);
        }
        if let (Some(event), Some("same")) = (event_id, relation.as_deref()) {
            same.entry((event, privilege.clone())).or_default().push(spelling);
        }
        let is_named = method.is_some_and(|method| !NUMBERS.contains(&method.as_str()));
        let is_listed = formula.is_some() || (event_id.is_some() && is_named);
        names.bindings.insert((spelling, tool, environment), Binding { event_id, formula, relation, privilege, is_listed });
    }
    for spellings in same.values_mut() {
        spellings.sort_unstable();
        spellings.dedup();
    }
    names.same = same;
    Ok(())
}
