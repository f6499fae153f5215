//! Loads whole sources: ledger row, runs, results and rejects together or not at all.

mod bulk;
mod entries;
mod facts;
mod first;
mod postgres;
mod results;
mod sightings;
mod sqlite;
mod supports;
mod tables;

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use hashbrown::HashSet;

use super::any::{self, Db, on_backend};
use super::dictionary::{Dictionaries, ParserName, PlaceKey};
use super::error::{StoreError, is_conflict, is_fault_of_the_rows};
use super::ledger::Places;
use super::plan::{self, Plan};
use super::rows::{BindingRow, Form, JudgementRow, RejectRow};
use super::schema::rejects;
use super::{ImportId, Rules, Storable, Store, Verdict, imports, remove};
use crate::model::{Digest, Reject};
pub(super) use first::FirstLoad;

/// Sources of one transaction: enough to make its costs small, few enough for the bind limits of the look-ups.
pub(super) const MOST_SOURCES: usize = 2000;

/// How often a transaction is repeated that another writer made fail.
const ATTEMPTS: u32 = 5;

/// What a loading transaction keeps in memory from one batch to the next.
#[derive(Default)]
pub(super) struct Loader {
    dictionaries: Dictionaries,
    facts: facts::Kept,
    /// What the import has not written because it stood at another location.
    passed_over: HashSet<Digest>,
    /// What the import has met, when it found the database empty.
    first: Option<FirstLoad>,
}

/// Ids of the names of the planned sources, one source after the other, each in the order in which it has them.
#[derive(Default)]
struct Named {
    spellings: Vec<i64>,
    forms: Vec<i64>,
}

/// What a transaction did.
type Done = (Vec<Verdict>, Vec<Digest>);

/// Why a transaction failed.
enum Failure {
    Diesel(DieselError),
    NotRunning,
}

impl From<DieselError> for Failure {
    fn from(error: DieselError) -> Self {
        Self::Diesel(error)
    }
}

impl Store {
    /// Loads sources and says what became of each, in order.
    ///
    /// A source is known by its content and its path: when both are known, or the same file was loaded below another root, it is
    /// [`Verdict::AlreadyThere`]. New content at a known location replaces what was there; [`Rules`] change both. A source that cannot be
    /// used, or that the database refuses, becomes a row of `rejects` and costs only itself; an error ends the import.
    pub fn load(&mut self, import: ImportId, sources: &[Storable]) -> Result<Vec<Verdict>, StoreError> {
        let mut verdicts = Vec::with_capacity(sources.len());
        for batch in sources.chunks(MOST_SOURCES) {
            verdicts.append(&mut self.load_batch(import, batch)?);
            if !any::is_held(&mut self.db) {
                self.checkpoints.committed(&self.url);
            }
        }
        Ok(verdicts)
    }

    fn load_batch(&mut self, import: ImportId, candidates: &[Storable]) -> Result<Vec<Verdict>, StoreError> {
        match self.attempt(import, candidates) {
            Ok(verdicts) => Ok(verdicts),
            Err(Failure::Diesel(error)) if is_fault_of_the_rows(&error) => self.load_one_by_one(import, candidates),
            Err(failure) => Err(self.load_error(import, failure)),
        }
    }

    /// Finds the source that the database refuses: the others go in, it becomes a reject.
    fn load_one_by_one(&mut self, import: ImportId, candidates: &[Storable]) -> Result<Vec<Verdict>, StoreError> {
        let mut verdicts = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let outcome = match self.attempt(import, std::slice::from_ref(candidate)) {
                Err(Failure::Diesel(error)) if is_fault_of_the_rows(&error) && candidate.reject().is_none() => {
                    let reason = format!("the database refused it: {}", self.url.scrub(&error.to_string()));
                    let refused = candidate.refused(reason);
                    self.attempt(import, std::slice::from_ref(&refused))
                }
                outcome => outcome,
            };
            verdicts.append(&mut outcome.map_err(|failure| self.load_error(import, failure))?);
        }
        Ok(verdicts)
    }

    fn load_error(&self, import: ImportId, failure: Failure) -> StoreError {
        match failure {
            Failure::Diesel(error) => StoreError::database(&self.url, "load sources", &error),
            Failure::NotRunning => StoreError::NotRunning(import.0),
        }
    }

    /// One transaction, repeated when another writer got in its way. It is as durable as the end of its import.
    fn attempt(&mut self, import: ImportId, candidates: &[Storable]) -> Result<Vec<Verdict>, Failure> {
        let (loader, rules) = (&mut self.loader, self.rules);
        loader.dictionaries.trim();
        for _ in 1..ATTEMPTS {
            match any::write_on(&mut self.db, |db| loader.load(db, import, candidates, &rules)) {
                Err(Failure::Diesel(error)) if is_conflict(&error) => loader.forget(),
                Err(failure) => {
                    loader.forget();
                    return Err(failure);
                }
                Ok(done) => return Ok(loader.note(done)),
            }
        }
        let last = any::write_on(&mut self.db, |db| loader.load(db, import, candidates, &rules));
        last.map(|done| loader.note(done)).inspect_err(|_| loader.forget())
    }
}

impl Loader {
    /// Forgets the ids that a rolled back transaction may have taken with it.
    pub(super) fn forget(&mut self) {
        let (passed_over, first) = (std::mem::take(&mut self.passed_over), self.first.take());
        *self = Self { passed_over, first, ..Self::default() };
    }

    /// Another import begins.
    pub(super) fn begin(&mut self, first: Option<FirstLoad>) {
        self.passed_over.clear();
        self.first = first;
    }

    /// The import has ended.
    pub(super) fn finish(&mut self) {
        self.first = None;
    }

    /// A transaction was committed.
    fn note(&mut self, (verdicts, passed_over): Done) -> Vec<Verdict> {
        self.passed_over.extend(passed_over);
        verdicts
    }

    fn load(&mut self, db: &mut Db, import: ImportId, candidates: &[Storable], rules: &Rules) -> Result<Done, Failure> {
        if !imports::is_running(db, import)? {
            return Err(Failure::NotRunning);
        }
        let asked = first::to_ask_for(&mut self.first, db, import, candidates, rules)?;
        let places = Places::find(db, asked, rules)?;
        let (stored, elsewhere) = places.look_up(db)?;
        let plan = plan::plan(candidates, &stored, (&elsewhere, &self.passed_over), rules);
        let outdated = places.outdated_rejects(db, import)?;
        let places = self.resolve(db, candidates, &plan)?;
        let named = self.resolve_forms(db, candidates, &plan)?;
        remove::rejects(db, &outdated)?;
        remove::sources(db, &plan.delete)?;
        remove::places(db, &plan.displace)?;
        let mut rejects = facts::write(db, &self.dictionaries, &mut self.facts, import, candidates, (&plan, &places, &named))?;
        rejects.extend(self.whole_rejects(import, candidates, &plan)?);
        write_rejects(db, import, &mut rejects)?;
        if let Some(first) = &mut self.first {
            first.note(candidates);
        }
        Ok((plan.verdicts, plan.passed_over))
    }

    /// Resolves every name before the first fact is written: the writer needs the ids, and a distributed PostgreSQL the order.
    ///
    /// Gives a key for each run of the planned sources, in their order.
    fn resolve(&mut self, db: &mut Db, candidates: &[Storable], plan: &Plan) -> QueryResult<Vec<PlaceKey>> {
        let written = plan.write.iter().map(|&position| &candidates[position]);
        for candidate in rejected(candidates, plan).map(|(candidate, _)| candidate).chain(written.clone()) {
            candidate.stored_as().root.iter().for_each(|root| self.dictionaries.want_root(root));
        }
        let mut places = Vec::new();
        for candidate in written {
            self.dictionaries.want_parser(&ParserName::of(candidate));
            candidate.sides.iter().for_each(|sides| self.dictionaries.want_sides(sides));
            let report = &candidate.report;
            self.dictionaries.want_names(report.spellings.values(), report.scopes.values());
            self.dictionaries.want_profile_names(report.names.values());
            if !report.supports.is_empty() {
                self.dictionaries.want_machine(&report.context);
            }
            places.extend(candidate.placements.iter().map(|placement| self.dictionaries.want_place(placement)));
        }
        self.dictionaries.resolve(db)?;
        Ok(places)
    }

    /// Forms are made of the ids of names, and are resolved after them.
    fn resolve_forms(&mut self, db: &mut Db, candidates: &[Storable], plan: &Plan) -> QueryResult<Named> {
        let mut named = Named::default();
        let mut forms = Vec::new();
        for candidate in plan.write.iter().map(|&position| &candidates[position]) {
            let begin = named.spellings.len();
            for spelling in candidate.report.spellings.values() {
                named.spellings.push(self.dictionaries.spelling(spelling)?);
            }
            let of_source = candidate.outline().forms.iter().map(|form| Form::of(form, &named.spellings[begin..]));
            forms.extend(of_source.inspect(|form| self.dictionaries.want_form(form)));
        }
        self.dictionaries.resolve_forms(db)?;
        named.forms.reserve_exact(forms.len());
        for form in &forms {
            named.forms.push(self.dictionaries.form(form)?);
        }
        Ok(named)
    }

    /// The reason why a source was rejected as a whole, and the lines that its parser rejected.
    fn whole_rejects<'a>(
        &self,
        import: ImportId,
        candidates: &'a [Storable],
        plan: &'a Plan,
    ) -> QueryResult<Vec<RejectRow<'a>>> {
        let mut rows = Vec::new();
        for (candidate, reject) in rejected(candidates, plan) {
            let root_id = candidate.stored_as().root.as_ref().map(|root| self.dictionaries.root(root)).transpose()?;
            let all = std::iter::once(reject).chain(&candidate.report.rejects);
            rows.extend(all.map(|reject| facts::reject_row(import, (None, root_id), &candidate.stored_as().path, reject)));
        }
        Ok(rows)
    }
}

/// The sources that are rejected as a whole, with the reason.
fn rejected<'a>(candidates: &'a [Storable], plan: &'a Plan) -> impl Iterator<Item = (&'a Storable, &'a Reject)> {
    candidates.iter().zip(&plan.verdicts).filter_map(|(candidate, verdict)| match verdict {
        Verdict::Rejected(reject) => Some((candidate, reject)),
        _ => None,
    })
}

fn write_rejects(db: &mut Db, import: ImportId, rows: &mut [RejectRow<'_>]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let last: Option<i64> = on_backend!(db, c => {
        rejects::table.select(max(rejects::ordinal)).filter(rejects::import_id.eq(import.0)).get_result(c)
    })?;
    for (row, ordinal) in rows.iter_mut().zip(last.unwrap_or(0) + 1..) {
        row.ordinal = ordinal;
    }
    bulk::rejects(db, rows)
}

/// Writes what spellings mean, by the same means as results.
pub(super) fn bindings(db: &mut Db, rows: impl Iterator<Item = BindingRow>) -> QueryResult<()> {
    bulk::bindings(db, rows.map(Ok))
}

/// Writes automatic coefficients, likewise.
pub(super) fn judgements(db: &mut Db, rows: impl Iterator<Item = JudgementRow>) -> QueryResult<()> {
    bulk::judgements(db, rows.map(Ok))
}
