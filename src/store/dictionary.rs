//! The small tables: each distinct text once, its id kept in memory.

mod places;
mod shared;
mod tables;

use std::borrow::{Borrow, Cow};
use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::prelude::*;
use hashbrown::HashMap;

use super::any::Db;
pub(super) use places::Key as PlaceKey;
use places::Places;
use shared::Shared;
pub(super) use tables::word;

use super::rows::Form;
use crate::model::{Context, Environment, Parsed, Placement, Scope, Spelling, ToolName};

/// Keys of one query or statement; far below the bind limit of either database for the widest table.
const CHUNK: usize = 500;

/// Ids kept for a table before its memory is emptied: names may grow with the data (cgroups, threads, experiments).
const MOST_KEPT: usize = 100_000;

/// A small table with a natural key.
trait Table {
    /// The natural key.
    type Key: Ord + std::hash::Hash + Clone;

    /// Rows of which the keys may be among `keys`, with their ids; others may be returned too.
    fn find(db: &mut Db, keys: &[&Self::Key]) -> QueryResult<Vec<(Self::Key, i64)>>;

    /// Adds rows; the writer lock is held, and none of them is there.
    fn add(db: &mut Db, keys: &[&Self::Key]) -> QueryResult<()>;
}

/// The ids of one table that are known, and the keys that are wanted.
struct Ids<T: Table> {
    known: HashMap<T::Key, i64>,
    wanted: BTreeSet<T::Key>,
}

impl<T: Table> Default for Ids<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), wanted: BTreeSet::new() }
    }
}

impl<T: Table> Ids<T> {
    fn want<Q>(&mut self, key: &Q)
    where
        T::Key: Borrow<Q>,
        Q: Ord + std::hash::Hash + ToOwned<Owned = T::Key> + ?Sized,
    {
        if !self.known.contains_key(key) && !self.wanted.contains(key) {
            self.wanted.insert(key.to_owned());
        }
    }

    /// Finds or adds every wanted key, in the order of the keys.
    fn resolve(&mut self, db: &mut Db) -> QueryResult<()> {
        let wanted = std::mem::take(&mut self.wanted);
        let keys: Vec<&T::Key> = wanted.iter().collect();
        for chunk in keys.chunks(CHUNK) {
            self.known.extend(T::find(db, chunk)?);
            let missing: Vec<&T::Key> = chunk.iter().copied().filter(|key| !self.known.contains_key(*key)).collect();
            if !missing.is_empty() {
                T::add(db, &missing)?;
                self.known.extend(T::find(db, &missing)?);
            }
        }
        Ok(())
    }

    fn id<Q>(&self, key: &Q) -> QueryResult<i64>
    where
        T::Key: Borrow<Q>,
        Q: Ord + std::hash::Hash + ?Sized,
    {
        self.known.get(key).copied().ok_or_else(|| diesel::result::Error::NotFound)
    }

    fn trim(&mut self) {
        if self.known.len() > MOST_KEPT {
            self.known.clear();
        }
    }
}

/// Ids of everything that rows of the big tables refer to.
#[derive(Default)]
pub(super) struct Dictionaries {
    roots: Ids<tables::Roots>,
    tools: Ids<tables::Tools>,
    hosts: Ids<tables::Hosts>,
    experiments: Ids<tables::Experiments>,
    environments: Ids<tables::Environments>,
    origins: Ids<tables::Origins>,
    label_sets: Ids<tables::LabelSets>,
    sides: Ids<tables::Sides>,
    parsers: Ids<tables::Parsers>,
    spellings: Ids<tables::Spellings>,
    shared_spellings: Shared<Spelling>,
    forms: Ids<tables::Forms>,
    scopes: Ids<tables::Scopes>,
    profile_names: Ids<tables::ProfileNames>,
    shared_names: Shared<str>,
    places: Places,
}

/// What read a source: a format and the version of its parser; without format the version of what tells the formats.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ParserName {
    format: Option<Cow<'static, str>>,
    version: i32,
}

impl ParserName {
    pub(super) fn of(source: &Parsed) -> Self {
        Self { format: source.format.map(Cow::Borrowed), version: source.parser_version }
    }
}

/// The ids that a run refers to.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceIds {
    pub(super) experiment: Option<i64>,
    pub(super) tool: i64,
    pub(super) host: Option<i64>,
    pub(super) environment: i64,
    pub(super) origins: i64,
    pub(super) label_set: Option<i64>,
    pub(super) repetition: Option<i64>,
}

impl Dictionaries {
    /// Keeps the memory within bounds; to be called before each transaction.
    pub(super) fn trim(&mut self) {
        self.roots.trim();
        self.tools.trim();
        self.hosts.trim();
        self.experiments.trim();
        self.environments.trim();
        self.origins.trim();
        self.label_sets.trim();
        self.sides.trim();
        self.parsers.trim();
        self.spellings.trim();
        self.forms.trim();
        self.scopes.trim();
        self.profile_names.trim();
        self.shared_spellings.trim();
        self.shared_names.trim();
        self.places.trim();
    }

    pub(super) fn want_root(&mut self, root: &String) {
        self.roots.want(root);
    }

    pub(super) fn want_sides(&mut self, sides: &str) {
        self.sides.want(sides);
    }

    pub(super) fn want_parser(&mut self, parser: &ParserName) {
        self.parsers.want(parser);
    }

    /// Wants a placement, of which the ids are asked for by the key until [`Self::trim`].
    pub(super) fn want_place(&mut self, placement: &Arc<Placement>) -> PlaceKey {
        let (key, is_new) = self.places.want(placement);
        if !is_new {
            return key;
        }
        self.tools.want(&placement.tool.value);
        self.environments.want(&placement.environment);
        self.origins.want(&placement.origins());
        placement.label_text().iter().for_each(|labels| self.label_sets.want(labels));
        if let Some(host) = &placement.host {
            self.hosts.want(&host.value);
        }
        if let Some(experiment) = &placement.experiment {
            self.experiments.want(&experiment.value);
        }
        key
    }

    /// What a source says about its machine, for one that has no runs.
    pub(super) fn want_machine(&mut self, context: &Context) {
        self.environments.want(&context.environment);
        context.label_text().iter().for_each(|labels| self.label_sets.want(labels));
    }

    pub(super) fn want_names(&mut self, spellings: &[Arc<Spelling>], scopes: &[Scope]) {
        for spelling in spellings {
            if self.shared_spellings.want(spelling) {
                self.spellings.want(spelling);
            }
        }
        for scope in scopes {
            self.scopes.want(scope);
        }
    }

    pub(super) fn want_profile_names(&mut self, names: &[Arc<str>]) {
        for name in names {
            if self.shared_names.want(name) {
                self.profile_names.want(&**name);
            }
        }
    }

    /// Wants a form, of which the spellings are known.
    pub(super) fn want_form(&mut self, form: &Form) {
        self.forms.want(form);
    }

    /// Finds or adds everything that is wanted but forms.
    pub(super) fn resolve(&mut self, db: &mut Db) -> QueryResult<()> {
        self.roots.resolve(db)?;
        self.tools.resolve(db)?;
        self.hosts.resolve(db)?;
        self.experiments.resolve(db)?;
        self.environments.resolve(db)?;
        self.origins.resolve(db)?;
        self.label_sets.resolve(db)?;
        self.sides.resolve(db)?;
        self.parsers.resolve(db)?;
        self.spellings.resolve(db)?;
        self.scopes.resolve(db)?;
        self.profile_names.resolve(db)?;
        self.shared_spellings.learn(|spelling| self.spellings.id(spelling))?;
        self.shared_names.learn(|name| self.profile_names.id(name))?;
        for (key, placement) in self.places.take_wanted() {
            self.places.learn(key, self.ids_of(&placement)?);
        }
        Ok(())
    }

    /// Finds or adds every form that is wanted.
    pub(super) fn resolve_forms(&mut self, db: &mut Db) -> QueryResult<()> {
        self.forms.resolve(db)
    }

    pub(super) fn root(&self, root: &String) -> QueryResult<i64> {
        self.roots.id(root)
    }

    pub(super) fn sides(&self, sides: &str) -> QueryResult<i64> {
        self.sides.id(sides)
    }

    pub(super) fn parser(&self, parser: &ParserName) -> QueryResult<i64> {
        self.parsers.id(parser)
    }

    /// The ids of a placement, which was wanted under this key.
    pub(super) fn place(&self, key: PlaceKey, placement: &Placement) -> QueryResult<PlaceIds> {
        let ids = self.places.get(key).ok_or_else(|| diesel::result::Error::NotFound)?;
        Ok(PlaceIds { repetition: placement.repetition.as_ref().map(|given| given.value), ..ids })
    }

    fn ids_of(&self, placement: &Placement) -> QueryResult<PlaceIds> {
        Ok(PlaceIds {
            experiment: placement.experiment.as_ref().map(|given| self.experiments.id(&given.value)).transpose()?,
            tool: self.tools.id(&placement.tool.value)?,
            host: placement.host.as_ref().map(|given| self.hosts.id(&given.value)).transpose()?,
            environment: self.environments.id(&placement.environment)?,
            origins: self.origins.id(&placement.origins())?,
            label_set: placement.label_text().map(|labels| self.label_sets.id(&labels)).transpose()?,
            repetition: placement.repetition.as_ref().map(|given| given.value),
        })
    }

    /// Environment and labels of a source without runs.
    pub(super) fn machine(&self, context: &Context) -> QueryResult<(i64, Option<i64>)> {
        let labels = context.label_text().map(|labels| self.label_sets.id(&labels)).transpose()?;
        Ok((self.environments.id(&context.environment)?, labels))
    }

    pub(super) fn spelling(&self, spelling: &Arc<Spelling>) -> QueryResult<i64> {
        self.shared_spellings.id(spelling).ok_or_else(|| diesel::result::Error::NotFound)
    }

    pub(super) fn profile_name(&self, name: &Arc<str>) -> QueryResult<i64> {
        self.shared_names.id(name).ok_or_else(|| diesel::result::Error::NotFound)
    }

    pub(super) fn form(&self, form: &Form) -> QueryResult<i64> {
        self.forms.id(form)
    }

    pub(super) fn scope(&self, scope: &Scope) -> QueryResult<i64> {
        self.scopes.id(scope)
    }
}

/// The environments are few, but their key is eight columns of which most are unknown: all of them are read at once.
pub(super) type EnvironmentColumns = (
    i64,
    Option<String>,
    Option<String>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<String>,
    Option<String>,
    Option<String>,
);

pub(super) fn environment(
    (id, arch, vendor, family, model, stepping, microarch, kernel, virt): EnvironmentColumns,
) -> (Environment, i64) {
    (Environment { arch, vendor, family, model, stepping, microarch, kernel, virt }, id)
}

/// A row of `scopes`: id, kind, label, cgroup, members.
pub(super) type ScopeColumns = (i64, String, String, Option<String>, Option<i32>);

fn tool((id, name, version): (i64, String, Option<String>)) -> (ToolName, i64) {
    (ToolName { name, version }, id)
}
