//! Names of groups, from the ids of numbers.

use std::sync::Arc;

use hashbrown::HashMap;

use super::super::key::{EventName, Part, Together};
use crate::model::Kind;
use crate::store::query::selection::{Field, Value};
use crate::store::query::{NameIds, Names, RunFacts};

/// What names a number: its spelling, and of a metric the counter that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Named {
    pub(super) spelling_id: i64,
    pub(super) of: Option<i64>,
}

/// The events counted together.
pub(super) struct CompanyEvents {
    pub(super) all: Together,
    /// Without those that the kernel counts itself.
    pub(super) on_counters: Together,
}

/// Texts as groups share them.
pub(super) struct GroupNames<'n> {
    names: &'n Names,
    /// Whether events in company go by their classes, for machines that differ.
    by_class: bool,
    texts: HashMap<&'n str, Arc<str>>,
    /// `/sec of page-faults`.
    of_counters: HashMap<Named, Arc<str>>,
    /// An event in company by its name: where hardly two runs count the same events, each event is in company again and again.
    members: HashMap<NameIds, Member>,
}

/// An event in company, and whether the kernel counts it itself.
type Member = (Arc<str>, bool);

impl<'n> GroupNames<'n> {
    pub(super) fn new(names: &'n Names, by_class: bool) -> Self {
        Self { names, by_class, texts: HashMap::new(), of_counters: HashMap::new(), members: HashMap::new() }
    }

    fn share(&mut self, text: &'n str) -> Arc<str> {
        Arc::clone(self.texts.entry(text).or_insert_with(|| text.into()))
    }

    /// What a number has for a field that is grouped by.
    pub(super) fn part(&mut self, run: &RunFacts, name: Named, field: &Field) -> Part {
        if *field == Field::Event {
            return Part::Event(self.event(run, name));
        }
        if *field == Field::Spelling {
            return Part::Text(self.text(name));
        }
        let place = run.place();
        let mut values = match self.names.of_place(&place, field) {
            Some(values) => values,
            None => self.names.of_name(run.name(name.spelling_id), field).unwrap_or_default(),
        };
        // The last of several names is the most exact one: NAME-VERSION, the key of the catalogue.
        let value = match field {
            Field::Tool => values.first().copied(),
            _ => values.pop(),
        };
        match value {
            Some(Value::Text(text)) => Part::Text(self.share(text)),
            #[expect(clippy::cast_possible_truncation, reason = "families, models and steppings are 32-bit integers")]
            Some(Value::Number(number)) => Part::Number(number as i64),
            Some(Value::Unknown) | None => Part::Unknown,
        }
    }

    /// The event of a number: equal ones count the same, whoever counted.
    fn event(&mut self, run: &RunFacts, number: Named) -> EventName {
        let (names, name) = (self.names, run.name(number.spelling_id));
        if let Some(event) = names.same_event(name) {
            return EventName::Canonical { microarch: self.share(&event.microarch), text: self.share(&event.text) };
        }
        if let Some(formula) = names.binding(name).and_then(|binding| binding.formula.as_deref()) {
            let microarch = names.microarch(name.environment_id).map(|key| self.share(key));
            return EventName::Derived { microarch, formula: self.share(formula) };
        }
        let (tool, text) = self.written(run, number);
        EventName::Written { tool, text }
    }

    /// Tool and spelling of a number.
    pub(super) fn written(&mut self, run: &RunFacts, name: Named) -> (Arc<str>, Arc<str>) {
        let names = self.names;
        let tool = names.tool(run.place().tool_id).map_or("", |tool| &tool.name);
        (self.share(tool), self.text(name))
    }

    /// The spelling; that of a metric with its counter, for one word names the rates of all counters.
    fn text(&mut self, name: Named) -> Arc<str> {
        let names = self.names;
        let text = |id| names.spelling(id).map_or("", |spelling| &spelling.text);
        match name.of {
            Some(of) => {
                let combined = || format!("{} of {}", text(name.spelling_id), text(of)).into();
                Arc::clone(self.of_counters.entry(name).or_insert_with(combined))
            }
            None => self.share(text(name.spelling_id)),
        }
    }

    /// The semantic class of a number.
    pub(super) fn class(&mut self, run: &RunFacts, spelling_id: i64) -> Option<Arc<str>> {
        self.names.class(run.name(spelling_id)).map(|class| self.share(class))
    }

    /// Kind, unit and rings of a number.
    pub(super) fn meaning(&mut self, run: &RunFacts, spelling_id: i64) -> (Kind, Option<Arc<str>>, Option<Arc<str>>) {
        let names = self.names;
        let spelling = names.spelling(spelling_id);
        let unit = spelling.and_then(|spelling| spelling.unit.as_deref()).map(|unit| self.share(unit));
        let privilege = names.binding(run.name(spelling_id)).and_then(|binding| binding.privilege.as_deref());
        let privilege = privilege.map(|privilege| self.share(privilege));
        (spelling.map_or(Kind::Count, |spelling| spelling.kind), unit, privilege)
    }

    /// The events counted together, whoever counted: `cpu/0x11/,cpu/0x8/:user`.
    pub(super) fn company(&mut self, run: &RunFacts, spellings: &[i64]) -> CompanyEvents {
        let mut events: Vec<Member> = spellings.iter().map(|id| self.member(run, *id)).collect();
        events.sort_unstable();
        events.dedup();
        let kept = |software: bool| {
            let kept = events.iter().filter(|event| software || !event.1).map(|event| event.0.as_ref());
            Together::of(&kept.collect::<Vec<_>>())
        };
        CompanyEvents { all: kept(true), on_counters: kept(false) }
    }

    fn member(&mut self, run: &RunFacts, spelling_id: i64) -> Member {
        let name = run.name(spelling_id);
        if let Some(known) = self.members.get(&name) {
            return known.clone();
        }
        let (text, software) = self.named_member(run, spelling_id);
        let member = (text.into(), software);
        self.members.insert(name, Member::clone(&member));
        member
    }

    fn named_member(&mut self, run: &RunFacts, spelling_id: i64) -> (String, bool) {
        let event = self.event(run, Named { spelling_id, of: None });
        let class = self.class(run, spelling_id).filter(|_| self.by_class);
        let (name, software) = match (&event, class) {
            (EventName::Written { tool, text }, _) => return (format!("{tool}:{text}"), false),
            (EventName::Canonical { microarch, .. }, Some(class)) => (class.to_string(), microarch.is_empty()),
            (EventName::Canonical { microarch, .. }, None) => (event.to_string(), microarch.is_empty()),
            (EventName::Derived { .. }, _) => (event.to_string(), false),
        };
        match self.meaning(run, spelling_id).2 {
            Some(rings) if rings.as_ref() != "user+kernel" => (format!("{name}:{rings}"), software),
            _ => (name, software),
        }
    }
}
