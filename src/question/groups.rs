//! Forms groups in one pass over the numbers.

mod names;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;

use hashbrown::HashMap;

use names::Named;

use super::key::{Aspect, Aspects, By, Key, Part};
use crate::model::{Kind, ScopeKind, Status};
use crate::stats::sketch::Sketch;
use crate::store::query::selection::Field;
use crate::store::query::{Fact, Facts, Names, PlaceIds, RunFacts, Selection};
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

/// Numbers that mean the same.
#[derive(Debug)]
pub struct Group {
    /// What they share.
    pub key: Key,
    /// Every name that the event has in them: tool and spelling.
    pub names: BTreeSet<(Rc<str>, Rc<str>)>,
    /// Semantic class of the event.
    pub class: Option<Rc<str>>,
    /// The numbers.
    pub values: Sketch,
    /// The numbers with their times, if these were asked for.
    pub points: Vec<Point>,
    /// Rows that never got a counter, rows that the machine does not know, and numbers that are too large for statistics.
    pub missing: Missing,
    /// Least share of the time on a counter, percent; `None` when no row has one.
    pub least_running: Option<f64>,
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

/// The name of an event that people know best, of tools and spellings: of perf before the other tools, a word before a code.
pub fn best_name(names: &BTreeSet<(Rc<str>, Rc<str>)>) -> Option<&str> {
    let rank = |tool: &str| ["perf", "papi", "oprofile"].iter().position(|known| *known == tool).unwrap_or(3);
    let is_code = |name: &str| name.contains(['/', ':']) || names::is_raw(name);
    let best = names.iter().min_by_key(|(tool, name)| (is_code(name), rank(tool), name.len(), Rc::clone(name)));
    best.map(|(_, name)| name.as_ref())
}

/// Forms the groups of the numbers that are wanted.
///
/// # Errors
/// The database failed.
pub fn groups(store: &mut Store, selection: &Selection, options: &Options) -> Result<Groups, StoreError> {
    let names = store.names()?;
    let mut former = Former::new(&names, options);
    store.each_fact(&names, selection, |facts| {
        former.add(facts);
        ControlFlow::Continue(())
    })?;
    Ok(former.finish())
}

/// What decides about the group of a number, in ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Ids {
    place: u32,
    name: Named,
    scope: ScopeKind,
    interval: bool,
    repeats: i32,
    together: u32,
}

/// The events counted together, as texts that are equal when they are.
///
/// What the kernel counts itself costs instructions of the kernel and no counter: numbers of user mode do not see it (the lab counts
/// 10 000 005 of `loop` with and without).
#[derive(Debug, Default)]
struct Company {
    all: Option<Rc<str>>,
    on_counters: Option<Rc<str>>,
}

struct Former<'n> {
    names: names::GroupNames<'n>,
    options: &'n Options,
    places: HashMap<PlaceIds, u32>,
    together: HashMap<(PlaceIds, Vec<i64>), u32>,
    companies: Vec<Company>,
    known: HashMap<Ids, usize>,
    by_key: HashMap<Key, usize>,
    groups: Vec<Group>,
    results: u64,
}

impl<'n> Former<'n> {
    fn new(names: &'n Names, options: &'n Options) -> Self {
        Self {
            names: names::GroupNames::new(names),
            options,
            places: HashMap::new(),
            together: HashMap::new(),
            companies: Vec::new(),
            known: HashMap::new(),
            by_key: HashMap::new(),
            groups: Vec::new(),
            results: 0,
        }
    }

    fn add(&mut self, facts: &Facts<'_>) {
        let run = facts.run;
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(run.place()).or_insert(next);
        let together = self.together(run, facts.together);
        let repeats = if self.mixes(Aspect::Repeats) { 1 } else { run.repeats.unwrap_or(1) };
        for fact in facts.facts {
            self.results += 1;
            let scope = fact.scope.map_or(ScopeKind::Whole, |scope| scope.kind);
            let ids = Ids {
                place,
                name: Named { spelling_id: fact.spelling_id, of: fact.of_spelling },
                scope: if self.mixes(Aspect::Scope) { ScopeKind::Whole } else { scope },
                interval: fact.interval_ns.is_some() && !self.mixes(Aspect::Interval),
                repeats,
                together,
            };
            let at = self.group(run, ids);
            put(&mut self.groups[at], run, fact, self.options.with_points);
        }
    }

    fn mixes(&self, aspect: Aspect) -> bool {
        self.options.mixed.contains(&aspect)
    }

    /// The number of the set of events of a run; equal sets of one place have one.
    fn together(&mut self, run: &RunFacts, spellings: &[i64]) -> u32 {
        if self.mixes(Aspect::Together) {
            if self.companies.is_empty() {
                self.companies.push(Company::default());
            }
            return 0;
        }
        // Labels and experiments do not change what a spelling means.
        let place = PlaceIds { experiment_id: None, host_id: None, label_set_id: None, ..run.place() };
        let key = (place, spellings.to_vec());
        if let Some(known) = self.together.get(&key) {
            return *known;
        }
        let number = u32::try_from(self.companies.len()).unwrap_or(u32::MAX);
        let by_class = !self.options.by.contains(&Field::Event) && self.options.by.contains(&Field::Class);
        self.companies.push(self.names.company(run, spellings, by_class));
        self.together.insert(key, number);
        number
    }

    fn group(&mut self, run: &RunFacts, ids: Ids) -> usize {
        if let Some(at) = self.known.get(&ids) {
            return *at;
        }
        let key = self.key(run, ids);
        let name = self.names.written(run, ids.name);
        let class = self.names.class(run, ids.name.spelling_id);
        let at = *self.by_key.entry(key.clone()).or_insert(self.groups.len());
        if at == self.groups.len() {
            self.groups.push(Group::new(key, class));
        }
        self.groups[at].names.insert(name);
        self.known.insert(ids, at);
        at
    }

    fn key(&mut self, run: &RunFacts, ids: Ids) -> Key {
        let parts: Vec<Part> = self.options.by.fields().iter().map(|field| self.names.part(run, ids.name, field)).collect();
        let (kind, unit, privilege) = self.names.meaning(run, ids.name.spelling_id);
        let company = &self.companies[ids.together as usize];
        let together = match (kind, privilege.as_deref()) {
            // Metrics are computed from what stands beside them in whatever company.
            (Kind::Metric, _) => None,
            (_, Some("user")) => company.on_counters.clone(),
            _ => company.all.clone(),
        };
        let aspects = Aspects {
            kind: if self.mixes(Aspect::Kind) { Kind::Count } else { kind },
            unit: unit.filter(|_| !self.mixes(Aspect::Unit)),
            privilege: privilege.filter(|_| !self.mixes(Aspect::Privilege)),
            scope: ids.scope,
            interval: ids.interval,
            repeats: ids.repeats,
            together,
        };
        Key { parts, aspects }
    }

    fn finish(self) -> Groups {
        let mut groups = self.groups;
        groups.sort_by(|a, b| a.key.cmp(&b.key));
        Groups { groups, results: self.results }
    }
}

impl Group {
    fn new(key: Key, class: Option<Rc<str>>) -> Self {
        Self {
            key,
            class,
            names: BTreeSet::new(),
            values: Sketch::default(),
            points: Vec::new(),
            missing: Missing::default(),
            least_running: None,
        }
    }
}

fn put(group: &mut Group, run: &RunFacts, fact: &Fact<'_>, with_points: bool) {
    match (fact.status, fact.value) {
        (Status::NotCounted, _) => group.missing.not_counted += 1,
        (Status::NotSupported, _) => group.missing.not_supported += 1,
        (Status::Counted, Some(value)) if group.values.add(value) => {
            if with_points {
                let (started_at, run_id) = (run.started_at, run.run_id);
                group.points.push(Point { started_at, run_id, ordinal: fact.ordinal, value });
            }
        }
        (Status::Counted, _) => group.missing.beyond += 1,
    }
    if let Some(percent) = fact.running_percent {
        group.least_running = Some(group.least_running.map_or(percent, |least| least.min(percent)));
    }
}
