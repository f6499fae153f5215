//! What the databases could not keep as it is, found before a row is written and refused on both alike.
//!
//! It is found by whoever makes a source ready for the store: each worker of its own sources, which it has just written to memory, and
//! not the one thread that writes, which all of them wait for.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

use super::outline::Outline;
use crate::model::{Entry, Identity, Parsed, Placement, Reject, RejectKind, Report, RunResult, SourceState, Status};

/// Longest text of an indexed column, in bytes: PostgreSQL cannot index much above 2,700, and a key may hold two of them.
const LONGEST_NAME: usize = 1200;

const HOLDS_NUL: &str = "a text of it holds a NUL character, which no database can store";

/// A source with the reason why it cannot be loaded, if there is one.
#[derive(Debug, Clone)]
pub struct Storable {
    source: Parsed,
    /// What it is stored under where its own identity cannot be stored.
    identity: Option<Identity>,
    /// Where that lies.
    location: Option<String>,
    reject: Option<Reject>,
    /// Empty when it cannot be loaded.
    outline: Outline,
}

impl From<Parsed> for Storable {
    fn from(source: Parsed) -> Self {
        let reject = match &source.state {
            SourceState::Rejected(reject) => Some(reject.clone()),
            SourceState::Known | SourceState::Unknown(_) => flaw(&source),
        };
        let outline = if reject.is_none() { Outline::of(&source.report) } else { Outline::default() };
        let identity = cut(&source.identity);
        let location = identity.as_ref().unwrap_or(&source.identity).location();
        Self { identity, location, reject: reject.map(without_nul), outline, source }
    }
}

impl Deref for Storable {
    type Target = Parsed;

    fn deref(&self) -> &Parsed {
        &self.source
    }
}

impl Storable {
    /// The source as it was read.
    pub fn into_source(self) -> Parsed {
        self.source
    }

    /// What it is stored under: its identity, cut where that is too long to be stored.
    pub(super) fn stored_as(&self) -> &Identity {
        self.identity.as_ref().unwrap_or(&self.source.identity)
    }

    /// Root and path of that as one absolute location; `None` for a stream.
    pub(super) fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Why it cannot be loaded.
    pub(super) fn reject(&self) -> Option<&Reject> {
        self.reject.as_ref()
    }

    /// What its results have in common.
    pub(super) fn outline(&self) -> &Outline {
        &self.outline
    }

    /// How many results it has, by [`Kind`](crate::model::Kind) and by [`Status`]; none when it cannot be loaded.
    pub fn counts(&self) -> &[[u32; 3]; 3] {
        &self.outline.counts
    }

    /// The same source, which the database refused.
    pub(super) fn refused(&self, reason: String) -> Self {
        Self { reject: Some(Reject::source(RejectKind::Store, reason)), ..self.clone() }
    }
}

fn flaw(source: &Parsed) -> Option<Reject> {
    let identity = &source.identity;
    if !identity.fits() {
        let reason = format!("its path has {} bytes; at most {} can be stored", identity.longest(), Identity::LONGEST);
        return Some(Reject::source(RejectKind::Path, reason));
    }
    let places = unknown_placements(source);
    let reason = if source.digest.is_none() {
        Some("its content was not hashed".to_owned())
    } else if texts(source).any(holds_nul) {
        Some(HOLDS_NUL.to_owned())
    } else if let Some(name) = names(source, &places).find(|name| name.len() > LONGEST_NAME || holds_nul(name)) {
        let too_long = || format!("a name of it has {} bytes; at most {LONGEST_NAME} can be stored", name.len());
        Some(if holds_nul(name) { HOLDS_NUL.to_owned() } else { too_long() })
    } else if let Some(labels) = places.iter().filter_map(|place| place.label_text()).find(|text| text.len() > LONGEST_NAME) {
        Some(format!("the labels of a run have {} bytes together; at most {LONGEST_NAME} can be stored", labels.len()))
    } else {
        remember_sound(places.last());
        broken_contract(source).map(|what| format!("the parser's report is wrong: {what}"))
    };
    reason.map(|reason| Reject::source(RejectKind::Store, reason))
}

/// Nearly all texts are short names, for which a loop is faster than what finds a byte in long ones.
fn holds_nul(text: &str) -> bool {
    text.as_bytes().contains(&0)
}

/// The identity as it can be stored, if it is another: a text that is too long is cut, a NUL becomes U+FFFD.
fn cut(identity: &Identity) -> Option<Identity> {
    if identity.fits() && !identity.texts().any(holds_nul) {
        return None;
    }
    let cut = |text: &String| {
        let end = text.floor_char_boundary(Identity::LONGEST);
        let mark = if end < text.len() { "…" } else { "" };
        format!("{}{mark}", &text[..end]).replace('\0', "\u{fffd}")
    };
    Some(Identity { root: identity.root.as_ref().map(cut), path: cut(&identity.path) })
}

fn without_nul(mut reject: Reject) -> Reject {
    for text in [&mut reject.reason, &mut reject.text] {
        if holds_nul(text) {
            *text = text.replace('\0', "\u{fffd}");
        }
    }
    reject
}

/// Placements that are known to be sound, at the most.
const MOST_SOUND: usize = 8;

thread_local! {
    /// The last placements of which every text can be stored, the latest first: the next source nearly always shares one of them.
    static SOUND: RefCell<VecDeque<Arc<Placement>>> = const { RefCell::new(VecDeque::new()) };
}

/// The placements that are not known to be sound, each that follows upon itself once.
fn unknown_placements(source: &Parsed) -> Vec<&Arc<Placement>> {
    let is_sound = |place: &Arc<Placement>| SOUND.with_borrow(|sound| sound.iter().any(|known| Arc::ptr_eq(known, place)));
    let mut before = None;
    let is_next = |place: &&Arc<Placement>| before.replace(Arc::as_ptr(place)) != Some(Arc::as_ptr(place));
    source.placements.iter().filter(is_next).filter(|place| !is_sound(place)).collect()
}

fn remember_sound(place: Option<&&Arc<Placement>>) {
    let Some(place) = place else { return };
    SOUND.with_borrow_mut(|sound| {
        sound.truncate(MOST_SOUND - 1);
        sound.push_front(Arc::clone(place));
    });
}

/// The texts of indexed columns, of these placements.
fn names<'a>(source: &'a Parsed, places: &[&'a Arc<Placement>]) -> impl Iterator<Item = &'a str> {
    let spellings = source.report.spellings.values().iter().flat_map(|s| [Some(s.text.as_str()), s.unit.as_deref()]);
    let scopes = source.report.scopes.values().iter().flat_map(|s| [Some(s.label.as_str()), s.cgroup.as_deref()]);
    let places = places.iter().flat_map(|place| {
        let e = &place.environment;
        let environment = [&e.arch, &e.vendor, &e.microarch, &e.kernel, &e.virt].map(Option::as_deref);
        let given = [place.experiment.as_ref(), place.host.as_ref()].map(|given| given.map(|given| given.value.as_str()));
        let tool = [Some(place.tool.value.name.as_str()), place.tool.value.version.as_deref()];
        let labels = place.labels.iter().flat_map(|(key, given)| [Some(key.as_str()), Some(given.value.as_str())]);
        environment.into_iter().chain(given).chain(tool).chain(labels)
    });
    let profile = source.report.names.values().iter().map(|name| Some(&**name));
    spellings.chain(scopes).chain(places).chain(profile).flatten().chain(machine(&source.report))
}

/// What a list of events says of its machine.
fn machine(report: &Report) -> impl Iterator<Item = &str> {
    let e = &report.context.environment;
    let environment = [&e.arch, &e.vendor, &e.microarch, &e.kernel, &e.virt].into_iter().filter_map(Option::as_deref);
    let labels = report.context.labels.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
    environment.chain(labels).filter(|_| !report.supports.is_empty())
}

/// Every other text that is stored.
fn texts(source: &Parsed) -> impl Iterator<Item = &str> {
    let report = &source.report;
    let runs = report.runs.iter().flat_map(|run| [run.command.as_deref(), run.target.as_deref()]).flatten();
    let rejects = report.rejects.iter().flat_map(|reject| [reject.reason.as_str(), reject.text.as_str()]);
    let notes = report.notes.iter().map(String::as_str);
    let supports = report.supports.iter().flat_map(|it| [&it.code, &it.formula, &it.counters, &it.unit_masks]);
    let taken_for = match &source.state {
        SourceState::Unknown(taken_for) => Some(taken_for.as_str()),
        SourceState::Known | SourceState::Rejected(_) => None,
    };
    let identity = source.identity.texts();
    identity
        .chain(source.sides.as_deref())
        .chain(runs)
        .chain(rejects)
        .chain(notes)
        .chain(taken_for)
        .chain(supports.filter_map(Option::as_deref))
}

/// What in the report contradicts itself; storing it would lose something quietly.
fn broken_contract(source: &Parsed) -> Option<&'static str> {
    let report = &source.report;
    let fits = |count: usize| i32::try_from(count).is_ok();
    let tally = report.tally;
    if !fits(report.results.len())
        || !fits(report.entries.len())
        || !fits(report.supports.len())
        || [tally.lines, tally.foreign].iter().any(|&lines| i32::try_from(lines).is_err())
    {
        return Some("it has more than 2^31 lines, results, rows of profiles or facts about events");
    }
    if source.placements.len() != report.runs.len() {
        return Some("the number of placements is not that of the runs");
    }
    if report.supports.iter().any(|it| it.event as usize >= report.spellings.values().len()) {
        return Some("a fact about an event refers to an event that is not there");
    }
    let finite = |value: &Option<f64>| value.is_none_or(f64::is_finite);
    let times_are_finite = report
        .runs
        .iter()
        .all(|run| [run.wall_seconds, run.wall_spread_percent, run.user_seconds, run.sys_seconds].iter().all(finite));
    if !times_are_finite || i64::try_from(source.bytes).is_err() {
        return Some("a time or a size is no number that can be stored");
    }
    let result = report.results.iter().enumerate().find_map(|(index, result)| broken_result(source, index, result));
    result.or_else(|| report.entries.iter().find_map(|entry| broken_entry(report, entry)))
}

fn broken_entry(report: &Report, entry: &Entry) -> Option<&'static str> {
    let texts = [entry.image, entry.app, entry.symbol, entry.of_symbol, entry.location];
    let is_index = |index: u32, length: usize| (index as usize) < length;
    let named = is_index(entry.run, report.runs.len())
        && is_index(entry.event, report.spellings.values().len())
        && texts.into_iter().flatten().all(|name| is_index(name, report.names.values().len()));
    if !named {
        return Some("a row of a profile refers to a run, an event or a name that is not there");
    }
    let numbers = [entry.percent, entry.diff_percent].into_iter().flatten();
    numbers.into_iter().any(|number| !number.is_finite()).then_some("a row of a profile holds a number that is not finite")
}

fn broken_result(source: &Parsed, index: usize, result: &RunResult) -> Option<&'static str> {
    let report = &source.report;
    let is_index = |index: u32, length: usize| (index as usize) < length;
    let named = is_index(result.run, report.runs.len())
        && is_index(result.spelling, report.spellings.values().len())
        && result.scope.is_none_or(|scope| is_index(scope, report.scopes.values().len()));
    if !named {
        return Some("a result refers to a run, a spelling or a scope that is not there");
    }
    if let Some(counter) = result.metric_of
        && !(is_index(counter, index) && report.results[counter as usize].run == result.run)
    {
        return Some("a metric refers to a counter that does not stand before it in its run");
    }
    let number = result.number.map(|number| number.value);
    if [number, result.running_percent, result.spread_percent].iter().any(|value| value.is_some_and(|v| !v.is_finite())) {
        return Some("a result holds a number that is not finite");
    }
    (result.number.is_some() != (result.status == Status::Counted)).then_some("a number and its status do not agree")
}
