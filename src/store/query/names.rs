//! The small tables in memory: what ids mean, and what else a number is called.

mod load;

use std::collections::BTreeMap;

use diesel::QueryResult;
use hashbrown::HashMap;

use super::selection::{Field, Value};
use crate::model::{Environment, Kind, Scope, Spelling, ToolName};
use crate::store::rows::Form;

pub(super) use load::{labels, names};

/// What ids mean. Scopes are left out: per-thread and per-cgroup rows make them as many as the data.
#[derive(Debug, Default)]
pub struct Names {
    experiments: HashMap<i64, String>,
    tools: HashMap<i64, Tool>,
    hosts: HashMap<i64, String>,
    environments: HashMap<i64, Place>,
    label_sets: HashMap<i64, BTreeMap<String, String>>,
    spellings: HashMap<i64, Spelling>,
    forms: HashMap<i64, Form>,
    events: HashMap<i64, CanonicalName>,
    bindings: HashMap<(i64, i64, i64), Binding>,
    /// Every spelling that is the same as an event, with the rings that it covers.
    same: HashMap<(i64, Option<String>), Vec<i64>>,
}

#[derive(Debug)]
struct Tool {
    name: ToolName,
    /// `NAME-VERSION`.
    full: String,
}

#[derive(Debug)]
struct Place {
    environment: Environment,
    /// Key of the microarchitecture, given or found.
    microarch: Option<String>,
}

/// A canonical event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalName {
    /// Key of the microarchitecture; empty when it means the same on every machine.
    pub microarch: String,
    /// The event as text: `cpu/0x3c/`.
    pub text: String,
    /// Semantic class.
    pub class: Option<String>,
}

/// What a spelling of a tool means in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The event that it is tied to; `None` when there is no single one.
    pub event_id: Option<i64>,
    /// How it is computed, when it is derived.
    pub formula: Option<String>,
    /// `same`, `subset` or `derived`.
    pub relation: Option<String>,
    /// Rings that the number covers.
    pub privilege: Option<String>,
    /// Whether a table has the name for the machine. A number that was written in place of a name is in none, and any machine takes it.
    pub is_listed: bool,
}

/// Ids of where a run belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaceIds {
    /// Experiment.
    pub experiment_id: Option<i64>,
    /// Tool.
    pub tool_id: i64,
    /// Host.
    pub host_id: Option<i64>,
    /// Environment.
    pub environment_id: i64,
    /// Labels.
    pub label_set_id: Option<i64>,
}

/// A name of a number in the place where its tool wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameIds {
    /// Spelling.
    pub spelling_id: i64,
    /// Tool.
    pub tool_id: i64,
    /// Environment.
    pub environment_id: i64,
}

impl Names {
    /// The spelling of an id.
    pub fn spelling(&self, id: i64) -> Option<&Spelling> {
        self.spellings.get(&id)
    }

    /// What the rows of a form have in common.
    pub(super) fn form(&self, id: i64) -> QueryResult<&Form> {
        self.forms.get(&id).ok_or(diesel::result::Error::NotFound)
    }

    /// What a name means, unless it is a metric or not bound yet.
    pub fn binding(&self, name: NameIds) -> Option<&Binding> {
        self.bindings.get(&(name.spelling_id, name.tool_id, name.environment_id))
    }

    /// A canonical event.
    pub fn event(&self, id: i64) -> Option<&CanonicalName> {
        self.events.get(&id)
    }

    /// The environment of an id.
    pub fn environment(&self, id: i64) -> Option<&Environment> {
        self.environments.get(&id).map(|place| &place.environment)
    }

    /// The key of the microarchitecture of an environment: the one that was given if nobody knows it, else the catalogue's.
    pub fn microarch(&self, environment_id: i64) -> Option<&str> {
        self.environments.get(&environment_id)?.microarch.as_deref()
    }

    /// The tool of an id.
    pub fn tool(&self, id: i64) -> Option<&ToolName> {
        self.tools.get(&id).map(|tool| &tool.name)
    }

    /// What a place has for a field of runs; `None` for the fields that ids do not tell.
    pub fn of_place(&self, place: &PlaceIds, field: &Field) -> Option<Vec<Value<'_>>> {
        let environment = self.environments.get(&place.environment_id);
        let of = |text: fn(&Environment) -> &Option<String>| {
            known(environment.and_then(|place| text(&place.environment).as_deref()))
        };
        let number = |number: fn(&Environment) -> Option<i32>| {
            environment
                .and_then(|place| number(&place.environment))
                .map_or(Value::Unknown, |number| Value::Number(number.into()))
        };
        let tool = self.tools.get(&place.tool_id);
        Some(match field {
            Field::Experiment => vec![known(place.experiment_id.and_then(|id| self.experiments.get(&id)).map(String::as_str))],
            Field::Host => vec![known(place.host_id.and_then(|id| self.hosts.get(&id)).map(String::as_str))],
            Field::Tool => tool.map_or_else(Vec::new, |tool| vec![Value::Text(&tool.name.name), Value::Text(&tool.full)]),
            Field::ToolVersion => vec![known(tool.and_then(|tool| tool.name.version.as_deref()))],
            Field::Label(key) => {
                vec![known(place.label_set_id.and_then(|id| self.label_sets.get(&id)?.get(key)).map(String::as_str))]
            }
            Field::Arch => vec![of(|environment| &environment.arch)],
            Field::Vendor => vec![of(|environment| &environment.vendor)],
            Field::Family => vec![number(|environment| environment.family)],
            Field::Model => vec![number(|environment| environment.model)],
            Field::Stepping => vec![number(|environment| environment.stepping)],
            Field::Microarch => {
                vec![of(|environment| &environment.microarch), known(environment.and_then(|place| place.microarch.as_deref()))]
            }
            Field::Kernel => vec![of(|environment| &environment.kernel)],
            Field::Virt => vec![of(|environment| &environment.virt)],
            _ => return None,
        })
    }

    /// What a name has for a field of names.
    pub fn of_name(&self, name: NameIds, field: &Field) -> Option<Vec<Value<'_>>> {
        let spelling = self.spellings.get(&name.spelling_id)?;
        let binding = self.binding(name);
        Some(match field {
            Field::Spelling => vec![Value::Text(&spelling.text)],
            Field::Event => self.called(spelling, binding),
            Field::Class => vec![known(self.class(name))],
            Field::Privilege => vec![known(binding.and_then(|binding| binding.privilege.as_deref()))],
            Field::Unit => vec![known(spelling.unit.as_deref())],
            Field::Kind => vec![Value::Text(spelling.kind.as_str())],
            _ => return None,
        })
    }

    /// The semantic class of a name.
    pub fn class(&self, name: NameIds) -> Option<&str> {
        self.events.get(&self.binding(name)?.event_id?)?.class.as_deref()
    }

    /// The event that a name is the same as: not one that it only counts a part of, or is computed from.
    pub fn same_event(&self, name: NameIds) -> Option<&CanonicalName> {
        let binding = self.binding(name).filter(|binding| binding.relation.as_deref() == Some("same"))?;
        self.events.get(&binding.event_id?)
    }

    /// Everything that an event is called.
    fn called<'n>(&'n self, spelling: &'n Spelling, binding: Option<&'n Binding>) -> Vec<Value<'n>> {
        let mut names = vec![Value::Text(&spelling.text)];
        let Some(binding) = binding else { return names };
        names.extend(binding.formula.as_deref().map(Value::Text));
        let Some(event) = binding.event_id else { return names };
        names.extend(self.events.get(&event).map(|event| Value::Text(&event.text)));
        if binding.relation.as_deref() == Some("same") {
            let others = self.same.get(&(event, binding.privilege.clone())).into_iter().flatten();
            names.extend(others.filter_map(|id| self.spellings.get(id)).map(|other| Value::Text(&other.text)));
        }
        names
    }

    /// Every name that a literal pattern of a field could have meant; `None` for a field whose values are not all in memory.
    pub fn known_values(&self, field: &Field) -> Option<Vec<&str>> {
        let environments = || self.environments.values();
        let text = |of: fn(&Environment) -> &Option<String>| {
            environments().filter_map(|place| of(&place.environment).as_deref()).collect::<Vec<_>>()
        };
        Some(match field {
            Field::Experiment => self.experiments.values().map(String::as_str).collect(),
            Field::Host => self.hosts.values().map(String::as_str).collect(),
            Field::Tool => self.tools.values().flat_map(|tool| [tool.name.name.as_str(), tool.full.as_str()]).collect(),
            Field::ToolVersion => self.tools.values().filter_map(|tool| tool.name.version.as_deref()).collect(),
            Field::Label(key) => self.label_sets.values().filter_map(|set| set.get(key)).map(String::as_str).collect(),
            Field::Arch => text(|environment| &environment.arch),
            Field::Vendor => text(|environment| &environment.vendor),
            Field::Microarch => {
                let mut all = text(|environment| &environment.microarch);
                all.extend(environments().filter_map(|place| place.microarch.as_deref()));
                all
            }
            Field::Kernel => text(|environment| &environment.kernel),
            Field::Virt => text(|environment| &environment.virt),
            Field::Event | Field::Spelling => {
                let spellings = self.spellings.values().map(|spelling| spelling.text.as_str());
                spellings.chain(self.events.values().map(|event| event.text.as_str())).collect()
            }
            Field::Class => self.events.values().filter_map(|event| event.class.as_deref()).collect(),
            Field::Unit => self.spellings.values().filter_map(|spelling| spelling.unit.as_deref()).collect(),
            _ => return None,
        })
    }

    /// The keys of labels.
    pub fn label_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.label_sets.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether there is any spelling of a kind.
    pub fn has_kind(&self, kind: Kind) -> bool {
        self.spellings.values().any(|spelling| spelling.kind == kind)
    }

    /// The semantic kind of a spelling: metrics belong to no event.
    pub fn is_metric(&self, spelling_id: i64) -> bool {
        self.spellings.get(&spelling_id).is_some_and(|spelling| spelling.kind == Kind::Metric)
    }
}

/// The words of a scope for the fields of parts.
pub(super) fn of_scope<'s>(scope: Option<&'s Scope>, field: &Field) -> Option<Vec<Value<'s>>> {
    match field {
        Field::Scope => Some(vec![Value::Text(scope.map_or("whole", |scope| scope.kind.as_str()))]),
        Field::Cgroup => Some(vec![known(scope.and_then(|scope| scope.cgroup.as_deref()))]),
        _ => None,
    }
}

pub(super) fn known(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Unknown, Value::Text)
}
