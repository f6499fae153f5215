//! Gives each number to its group.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use rayon::slice::ParallelSliceMut;

use super::called::EventNames;
use super::names::{GroupNames, Named};
use super::scopes::Scopes;
use super::shared::{AspectIds, Sense, Shared};
use super::{Group, GroupIds, Groups, Missing, Options, put};
use crate::model::Kind;
use crate::question::key::{Aspect, Key, Part, Together};
use crate::stats::sketch::Sketch;
use crate::store::query::selection::Field;
use crate::store::query::{Facts, Names, PlaceIds, RunFacts};

/// What a name means in a place: what all its numbers there have in common, looked up once.
struct Meaning {
    parts: u32,
    sense: u32,
    company: CompanyKept,
    /// The set of this one name.
    name: u32,
    class: Option<Arc<str>>,
}

/// Which of the events counted beside a number matter to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum CompanyKept {
    /// Metrics are computed from what stands beside them in whatever company.
    None,
    /// What the kernel counts itself costs instructions of the kernel and no counter: numbers of user mode do not see it (the lab counts
    /// 10 000 005 of `loop` with and without).
    OnCounters,
    /// All.
    All,
}

/// Numbers of the sets of events counted together.
#[derive(Debug, Clone, Copy, Default)]
struct Company {
    all: Option<u32>,
    on_counters: Option<u32>,
}

/// By the spellings counted together, ascending.
type Companies = HashMap<Box<[i64]>, Company>;

impl Company {
    fn kept(self, kept: CompanyKept) -> Option<u32> {
        match kept {
            CompanyKept::None => None,
            CompanyKept::OnCounters => self.on_counters,
            CompanyKept::All => self.all,
        }
    }
}

/// Groups on their way. What it keeps beside the groups grows with the places, the names and the sets of events counted together.
pub(super) struct Former<'n> {
    names: GroupNames<'n>,
    options: &'n Options,
    shared: Shared,
    scopes: Scopes,
    places: HashMap<PlaceIds, u32>,
    meanings: Vec<Meaning>,
    /// By place: where the meaning of a name stands. Runs of a place follow one another, and their names lie close together like this.
    named: Vec<HashMap<Named, u32>>,
    /// By tool and environment: labels and experiments do not change what a spelling means.
    companies: HashMap<(i64, i64), Companies>,
    /// Places of groups by their ids, which only the groups hold, with half of the hash: a group that is not looked for is not looked
    /// at, and none is when the table grows.
    index: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
    groups: Vec<Group>,
    results: u64,
}

impl<'n> Former<'n> {
    pub(super) fn new(names: &'n Names, options: &'n Options) -> Self {
        let by_class = !options.by.contains(&Field::Event) && options.by.contains(&Field::Class);
        Self {
            names: GroupNames::new(names, by_class),
            options,
            shared: Shared::new(),
            scopes: Scopes::new(&options.mixed),
            places: HashMap::new(),
            meanings: Vec::new(),
            named: Vec::new(),
            companies: HashMap::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            groups: Vec::new(),
            results: 0,
        }
    }

    /// Adds numbers of a run.
    pub(super) fn add(&mut self, facts: &Facts<'_>) {
        let run = facts.run;
        let next = number(self.places.len());
        let place = *self.places.entry(run.place()).or_insert(next);
        self.named.resize_with(self.places.len(), HashMap::new);
        let company = self.company(run, facts.together);
        let repeats = if self.mixes(Aspect::Repeats) { 1 } else { run.repeats.unwrap_or(1) };
        let mixes_interval = self.mixes(Aspect::Interval);
        for fact in facts.facts {
            self.results += 1;
            let meaning = self.meaning(run, place, Named { spelling_id: fact.spelling_id, of: fact.of_spelling });
            let Meaning { sense, company: kept, .. } = self.meanings[meaning as usize];
            let covered = self.scopes.covered(fact, &mut self.shared.covered);
            let aspects = self.shared.aspects(AspectIds {
                sense,
                covered,
                interval: fact.interval_ns.is_some() && !mixes_interval,
                repeats,
                together: company.kept(kept),
            });
            let at = self.group(meaning, aspects);
            put(&mut self.groups[at], run, fact, self.options.with_points);
        }
    }

    fn mixes(&self, aspect: Aspect) -> bool {
        self.options.mixed.contains(&aspect)
    }

    /// The events of a run.
    fn company(&mut self, run: &RunFacts, spellings: &[i64]) -> Company {
        if self.mixes(Aspect::Together) {
            return Company::default();
        }
        let place = run.place();
        let known = self.companies.entry((place.tool_id, place.environment_id)).or_default();
        if let Some(known) = known.get(spellings) {
            return *known;
        }
        let events = self.names.company(run, spellings);
        let mut number = |events: &Together| Some(self.shared.together.intern(events));
        let company = Company { all: number(&events.all), on_counters: number(&events.on_counters) };
        known.insert(spellings.into(), company);
        company
    }

    /// The place of a meaning.
    fn meaning(&mut self, run: &RunFacts, place: u32, name: Named) -> u32 {
        if let Some(known) = self.named[place as usize].get(&name) {
            return *known;
        }
        let parts: Vec<Part> = self.options.by.fields().iter().map(|field| self.names.part(run, name, field)).collect();
        let (kind, unit, privilege) = self.names.meaning(run, name.spelling_id);
        let company = match (kind, privilege.as_deref()) {
            (Kind::Metric, _) => CompanyKept::None,
            (_, Some("user")) => CompanyKept::OnCounters,
            _ => CompanyKept::All,
        };
        let sense = Sense {
            kind: if self.mixes(Aspect::Kind) { Kind::Count } else { kind },
            unit: unit.filter(|_| !self.mixes(Aspect::Unit)),
            privilege: privilege.filter(|_| !self.mixes(Aspect::Privilege)),
        };
        let meaning = Meaning {
            parts: self.shared.parts.intern(parts.as_slice()),
            sense: self.shared.senses.intern(&sense),
            company,
            name: self.shared.names.number(EventNames::from_iter([self.names.written(run, name)])),
            class: self.names.class(run, name.spelling_id),
        };
        let at = number(self.meanings.len());
        self.meanings.push(meaning);
        self.named[place as usize].insert(name, at);
        at
    }

    /// The place of a group, which is called by the name too from now on; what its names are is told in the end.
    fn group(&mut self, meaning: u32, aspects: u32) -> usize {
        let meaning = &self.meanings[meaning as usize];
        let ids = GroupIds { parts: meaning.parts, aspects };
        let (groups, hasher) = (&self.groups, &self.hasher);
        let hash = half(hasher.hash_one(ids));
        let found = self.index.find(whole(hash), |(other, at)| *other == hash && groups[*at as usize].ids == ids);
        if let Some(&(_, at)) = found {
            let at = at as usize;
            let group = &mut self.groups[at];
            group.called = self.shared.names.with(group.called, meaning.name);
            return at;
        }
        let at = groups.len();
        self.index.insert_unique(whole(hash), (hash, number(at)), |(hash, _)| whole(*hash));
        let key =
            Key { parts: Arc::clone(self.shared.parts.get(ids.parts)), aspects: Arc::clone(self.shared.of_aspects(aspects)) };
        let names = (meaning.name, Arc::clone(self.shared.names.get(meaning.name)));
        self.groups.push(Group::new(ids, key, names, meaning.class.clone()));
        at
    }

    /// The groups, in natural order of their keys.
    pub(super) fn finish(self) -> Groups {
        let (parts, aspects) = self.shared.ranks();
        let mut groups = self.groups;
        for group in &mut groups {
            group.names = self.shared.names.whole(group.called);
        }
        groups.par_sort_unstable_by_key(|group| (parts[group.ids.parts as usize], aspects[group.ids.aspects as usize]));
        Groups { groups, results: self.results }
    }
}

/// Half of a hash.
#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn half(hash: u64) -> u32 {
    hash as u32
}

/// A hash of which half is known: a table takes the place from its lowest bits, and what it compares first from its highest.
fn whole(half: u32) -> u64 {
    u64::from(half) << 32 | u64::from(half)
}

/// A place in a list as a number of half the size.
fn number(place: usize) -> u32 {
    u32::try_from(place).expect("there are fewer than 2^32 groups")
}

impl Group {
    fn new(ids: GroupIds, key: Key, (called, names): (u32, Arc<EventNames>), class: Option<Arc<str>>) -> Self {
        Self {
            ids,
            called,
            key,
            names,
            class,
            values: Sketch::default(),
            points: Vec::new(),
            missing: Missing::default(),
            least_running: None,
        }
    }
}
