//! What spellings mean: the answers of a catalogue, which this module only keeps.
//!
//! A binding belongs to a spelling, a tool and an environment, for the environment fixes microarchitecture and kernel. Results point to
//! their spelling and their run alone: bindings come, change and go without a result being read or written.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::any::{self, Db, on_backend};
use super::dictionary::{EnvironmentColumns, environment};
use super::error::StoreError;
use super::rows::BindingRow;
use super::schema::{bindings, environments, events};
use super::{Store, ingest, judgements};
use crate::model::Environment;

/// Which bindings are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebind {
    /// Those that are missing, or all when another catalogue made one of them.
    Missing,
    /// All.
    All,
}

/// A spelling that a tool wrote in an environment.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The event as printed.
    pub spelling: String,
    /// Name of the tool.
    pub tool: String,
    /// Where it ran.
    pub environment: Environment,
    key: Key,
}

/// Ids of spelling, tool and environment.
type Key = (i64, i64, i64);

/// A canonical event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalEvent {
    /// Key of the microarchitecture; empty when it means the same on every machine.
    pub microarch: String,
    /// The event as text, which with the microarchitecture is its identity: `cpu/0x3c/`.
    pub text: String,
    /// PMU.
    pub pmu: String,
    /// `attr.config` of perf, hexadecimal; `None` when the event has a name in place of a number.
    pub config: Option<String>,
    /// `attr.config1`, likewise.
    pub config1: Option<String>,
    /// Semantic class, if it is in one.
    pub class: Option<String>,
    /// Whether it counts only nearly what the others of its class count.
    pub class_is_soft: bool,
}

/// How sure a meaning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// One event, or one formula.
    Resolved,
    /// One of several events.
    Ambiguous,
    /// No event.
    Unresolved,
}

impl Bound {
    /// The word used in every output and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Ambiguous => "ambiguous",
            Self::Unresolved => "unresolved",
        }
    }
}

/// What a spelling was found to mean.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// Key of the microarchitecture; `None` when it is unknown.
    pub microarch: Option<String>,
    /// How sure it is.
    pub status: Bound,
    /// The event, when it is one.
    pub event: Option<CanonicalEvent>,
    /// How it is computed, when it is derived.
    pub formula: Option<String>,
    /// `same`, `subset` or `derived`.
    pub relation: Option<&'static str>,
    /// Why there is no single event.
    pub reason: Option<String>,
    /// The step that found it.
    pub method: Option<&'static str>,
    /// The table that it was found in.
    pub origin: Option<String>,
    /// Which rings the number covers: `user`, `user+kernel`, ...; `None` when the tool is none of a known kind.
    pub privilege: Option<&'static str>,
}

/// How many bindings were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bindings {
    /// With one event or formula.
    pub resolved: u64,
    /// With several possible events.
    pub ambiguous: u64,
    /// Without event.
    pub unresolved: u64,
}

impl Bindings {
    fn count(&mut self, bound: Bound) {
        *match bound {
            Bound::Resolved => &mut self.resolved,
            Bound::Ambiguous => &mut self.ambiguous,
            Bound::Unresolved => &mut self.unresolved,
        } += 1;
    }
}

#[derive(QueryableByName)]
struct Missing {
    #[diesel(sql_type = BigInt)]
    spelling_id: i64,
    #[diesel(sql_type = BigInt)]
    tool_id: i64,
    #[diesel(sql_type = BigInt)]
    environment_id: i64,
    #[diesel(sql_type = Text)]
    spelling: String,
    #[diesel(sql_type = Text)]
    tool: String,
}

impl Missing {
    fn key(&self) -> Key {
        (self.spelling_id, self.tool_id, self.environment_id)
    }
}

/// Sightings behind a key, some at once: a database may have seen more than fits into memory.
const MISSING: &str = "SELECT g.spelling_id, g.tool_id, g.environment_id, p.text AS spelling, t.name AS tool \
    FROM sightings g JOIN spellings p ON p.spelling_id = g.spelling_id JOIN tools t ON t.tool_id = g.tool_id \
    LEFT JOIN bindings b ON b.spelling_id = g.spelling_id AND b.tool_id = g.tool_id AND b.environment_id = g.environment_id \
    WHERE b.spelling_id IS NULL AND (g.spelling_id, g.tool_id, g.environment_id) > ($1, $2, $3) \
    ORDER BY g.spelling_id, g.tool_id, g.environment_id LIMIT 2000";

impl Store {
    /// Binds what was seen: `meaning` says what each spelling means under this version of the catalogue.
    ///
    /// One transaction: a kill leaves all bindings as they were, and what is missing is bound by the next call.
    pub fn bind(
        &mut self,
        catalogue: &str,
        which: Rebind,
        meaning: impl FnMut(&Sighting) -> Meaning,
    ) -> Result<Bindings, StoreError> {
        any::write(&mut self.db, |db| bind(db, catalogue, which, meaning))
            .map_err(|error| StoreError::database(&self.url, "bind events", &error))
    }
}

fn bind(db: &mut Db, catalogue: &str, which: Rebind, mut meaning: impl FnMut(&Sighting) -> Meaning) -> QueryResult<Bindings> {
    if which == Rebind::All || is_of_another(db, catalogue)? {
        on_backend!(db, c => diesel::delete(bindings::table).execute(c))?;
        on_backend!(db, c => diesel::delete(events::table).execute(c))?;
        judgements::touch_all(db)?;
    }
    let mut rows = missing(db, (i64::MIN, i64::MIN, i64::MIN))?;
    if rows.is_empty() {
        return Ok(Bindings::default());
    }
    judgements::touch_unbound(db)?;
    let places = places(db)?;
    let mut events = known_events(db)?;
    let mut made = Bindings::default();
    while let Some(last) = rows.last().map(Missing::key) {
        let sightings: Vec<Sighting> = rows.into_iter().map(|row| sighting(row, &places)).collect();
        let meanings: Vec<Meaning> = sightings.iter().map(&mut meaning).collect();
        add_events(db, &mut events, meanings.iter().filter_map(|meaning| meaning.event.as_ref()))?;
        for meaning in &meanings {
            made.count(meaning.status);
        }
        write(db, (catalogue, &events), sightings.into_iter().zip(meanings).collect())?;
        rows = missing(db, last)?;
    }
    Ok(made)
}

fn is_of_another(db: &mut Db, catalogue: &str) -> QueryResult<bool> {
    let other = bindings::table.filter(bindings::catalogue.ne(catalogue)).select(bindings::spelling_id);
    let found: Option<i64> = on_backend!(db, c => other.first(c).optional())?;
    Ok(found.is_some())
}

/// Sightings without binding behind a key.
fn missing(db: &mut Db, (spelling, tool, environment): Key) -> QueryResult<Vec<Missing>> {
    let behind = diesel::sql_query(MISSING).bind::<BigInt, _>(spelling).bind::<BigInt, _>(tool).bind::<BigInt, _>(environment);
    on_backend!(db, c => behind.load(c))
}

fn places(db: &mut Db) -> QueryResult<HashMap<i64, Environment>> {
    let rows: Vec<EnvironmentColumns> = on_backend!(db, c => environments::table.load(c))?;
    Ok(rows.into_iter().map(environment).map(|(place, id)| (id, place)).collect())
}

fn sighting(row: Missing, places: &HashMap<i64, Environment>) -> Sighting {
    let key = row.key();
    let environment = places.get(&row.environment_id).cloned().unwrap_or_default();
    Sighting { environment, spelling: row.spelling, tool: row.tool, key }
}

/// Ids by microarchitecture and text.
type EventIds = HashMap<(String, String), i64>;

/// Adds events that are new, and learns their ids.
fn add_events<'a>(db: &mut Db, known: &mut EventIds, wanted: impl Iterator<Item = &'a CanonicalEvent>) -> QueryResult<()> {
    let wanted: BTreeMap<(&str, &str), &CanonicalEvent> =
        wanted.map(|event| ((event.microarch.as_str(), event.text.as_str()), event)).collect();
    for ((microarch, text), event) in wanted {
        let key = (microarch.to_owned(), text.to_owned());
        if known.contains_key(&key) {
            continue;
        }
        let values = (
            events::microarch.eq(microarch),
            events::text.eq(text),
            events::pmu.eq(&event.pmu),
            events::config.eq(event.config.as_ref()),
            events::config1.eq(event.config1.as_ref()),
            events::class.eq(event.class.as_ref()),
            events::class_is_soft.eq(event.class_is_soft),
        );
        let id: i64 = on_backend!(db, c => {
            diesel::insert_into(events::table).values(values).returning(events::event_id).get_result(c)
        })?;
        known.insert(key, id);
    }
    Ok(())
}

fn known_events(db: &mut Db) -> QueryResult<EventIds> {
    let all = events::table.select((events::microarch, events::text, events::event_id));
    let rows: Vec<(String, String, i64)> = on_backend!(db, c => all.load(c))?;
    Ok(rows.into_iter().map(|(microarch, text, id)| ((microarch, text), id)).collect())
}

/// Writes what the sightings mean.
fn write(db: &mut Db, (catalogue, ids): (&str, &EventIds), meanings: Vec<(Sighting, Meaning)>) -> QueryResult<()> {
    let rows = meanings.into_iter().map(|(sighting, meaning)| {
        let (spelling_id, tool_id, environment_id) = sighting.key;
        let event_id = meaning.event.and_then(|event| ids.get(&(event.microarch, event.text)).copied());
        BindingRow {
            spelling_id,
            tool_id,
            environment_id,
            catalogue: catalogue.to_owned(),
            microarch: meaning.microarch,
            status: meaning.status.as_str().to_owned(),
            event_id,
            formula: meaning.formula,
            relation: meaning.relation.map(str::to_owned),
            reason: meaning.reason,
            method: meaning.method.map(str::to_owned),
            origin: meaning.origin,
            privilege: meaning.privilege.map(str::to_owned),
        }
    });
    ingest::bindings(db, rows)
}
