//! Ties what is stored to the catalogue of events.

use std::collections::HashMap;
use std::rc::Rc;

use super::cpus::Cpus;
use super::names;
use crate::catalog::{self, Code, Event, Machine, Microarch, Own, Resolution, Spelling, Statement, Status, Tool};
use crate::model::Environment;
use crate::store::{Bindings, Bound, CanonicalEvent, Meaning, Rebind, Sighting, Store, StoreError};

/// Binds the spellings of a database to events under the catalogue of this program.
///
/// The microarchitecture of an environment is the one that was given, by any of its names, else the one that its numbers tell.
///
/// # Errors
/// The database failed; the bindings are as before.
pub fn bind(store: &mut Store, which: Rebind) -> Result<Bindings, StoreError> {
    let mut machines = Machines { own: names::stored(store)?, cpus: Cpus::stored(store)?, ..Machines::default() };
    // Part of the version, so that bindings made before users said something are made anew.
    let version = match store.names_revision()? {
        0 => catalog::version().0.to_owned(),
        revision => format!("{}+{revision}", catalog::version().0),
    };
    store.bind(&version, which, |sighting| machines.meaning(sighting))
}

/// The machines of environments, so that the tables of each are unpacked once.
#[derive(Default)]
struct Machines {
    of: HashMap<Environment, Result<Rc<Machine>, String>>,
    /// By the address of their row: CPUs of one key may differ in the tables of a tool.
    by_row: HashMap<(usize, Option<&'static str>), Rc<Machine>>,
    /// What users say of names, by microarchitecture.
    own: HashMap<String, Vec<Statement>>,
    /// What users say of CPUs.
    cpus: Cpus,
    /// Events as they are stored, by the address of their machine, which `by_row` keeps: many spellings mean the same.
    events: HashMap<(Event, Option<usize>), CanonicalEvent>,
}

impl Machines {
    fn meaning(&mut self, sighting: &Sighting) -> Meaning {
        let machine = self.machine(&sighting.environment);
        // A name of users that the catalogue does not know is a microarchitecture all the same: one without tables.
        let named = || self.cpus.name(&sighting.environment).map(str::to_owned);
        let microarch = machine.as_ref().ok().map(|machine| machine.microarch().row.key()).or_else(named);
        let tool: Tool = match sighting.tool.parse() {
            Ok(tool) => tool,
            Err(reason) => return unknown(microarch, reason),
        };
        let spelling = Spelling::read(tool, &sighting.spelling);
        let resolution = catalog::resolve(&spelling, machine.as_deref().ok(), sighting.environment.kernel.as_deref());
        match &machine {
            Err(reason) if resolution.status == Status::Unresolved => {
                Meaning { privilege: Some(resolution.scope.as_str()), ..unknown(microarch, reason.clone()) }
            }
            Err(_) => self.found(microarch, &resolution, None),
            Ok(machine) => self.found(microarch, &resolution, Some(machine)),
        }
    }

    fn canonical(&mut self, event: &Event, machine: Option<&Rc<Machine>>) -> CanonicalEvent {
        let key = (event.clone(), machine.map(|machine| Rc::as_ptr(machine).addr()));
        self.events.entry(key).or_insert_with(|| canonical(event, machine.map(Rc::as_ref))).clone()
    }

    fn found(&mut self, microarch: Option<String>, resolution: &Resolution, machine: Option<&Rc<Machine>>) -> Meaning {
        let one = resolution.candidates.first().filter(|_| resolution.event().is_some());
        let formula = resolution.formula.as_ref().filter(|_| resolution.status == Status::Resolved);
        let origin = formula.map(|formula| &formula.source).or(one.map(|candidate| &candidate.source));
        Meaning {
            status: match resolution.status {
                Status::Resolved => Bound::Resolved,
                Status::Ambiguous => Bound::Ambiguous,
                Status::Unresolved => Bound::Unresolved,
            },
            event: one.map(|candidate| self.canonical(&candidate.event, machine)),
            formula: formula.map(ToString::to_string),
            relation: resolution.relation(),
            reason: (!resolution.reason.is_empty()).then(|| resolution.reason.clone()),
            method: one.map(|candidate| candidate.method.as_str()),
            origin: origin.filter(|table| !table.is_empty()).cloned(),
            privilege: Some(resolution.scope.as_str()),
            microarch,
        }
    }

    fn machine(&mut self, environment: &Environment) -> Result<Rc<Machine>, String> {
        if let Some(known) = self.of.get(environment) {
            return known.clone();
        }
        let machine = self.cpus.microarch(environment).map(|microarch| {
            let row = (std::ptr::from_ref(microarch.row).addr(), microarch.pmu);
            let own = self.own.get(&microarch.row.key());
            let machine = || Rc::new(Machine::new(microarch).with(Own::new(own.cloned().unwrap_or_default())));
            Rc::clone(self.by_row.entry(row).or_insert_with(machine))
        });
        self.of.insert(environment.clone(), machine.clone());
        machine
    }
}

fn unknown(microarch: Option<String>, reason: String) -> Meaning {
    let status = Bound::Unresolved;
    Meaning {
        microarch,
        status,
        event: None,
        formula: None,
        relation: None,
        reason: Some(reason),
        method: None,
        origin: None,
        privilege: None,
    }
}

fn canonical(event: &Event, machine: Option<&Machine>) -> CanonicalEvent {
    let (config, config1) = match &event.code {
        Code::Number { config, config1 } => (Some(format!("{config:#x}")), Some(format!("{config1:#x}"))),
        Code::Named(_) => (None, None),
    };
    let key = machine.filter(|_| !event.is_universal()).map(|machine| machine.microarch().row.key());
    let class = class(event, machine);
    CanonicalEvent {
        microarch: key.unwrap_or_default(),
        text: event.to_string(),
        pmu: event.pmu.to_owned(),
        config,
        config1,
        class: class.map(|found| found.class.name.to_owned()),
        class_is_soft: class.is_some_and(|found| found.is_soft),
    }
}

/// The first class of an event. What means the same everywhere is asked of the same machine everywhere, whichever wrote it first.
fn class(event: &Event, machine: Option<&Machine>) -> Option<catalog::classes::Membership> {
    let of = |machine: &Machine| catalog::classes::of(event, machine).into_iter().next();
    if event.is_universal() {
        let row = catalog::rows().first()?;
        return of(&Machine::new(Microarch { row, pmu: None }));
    }
    machine.and_then(of)
}
