//! Turns sources into rows and writes them.

use diesel::prelude::*;

use super::results::ResultRows;
use super::sightings::Sightings;
use super::{Named, bulk, entries, supports};
use crate::model::{Reject, Report, Run, SourceState};
use crate::store::any::Db;
use crate::store::dictionary::{Dictionaries, ParserName, PlaceKey};
use crate::store::ids;
use crate::store::judgements;
use crate::store::plan::Plan;
use crate::store::rows::{RejectRow, RunRow, SourceRow};
use crate::store::{ImportId, Storable};

/// What is used again for every batch.
#[derive(Default)]
pub(super) struct Kept {
    sightings: Sightings,
    source_ids: ids::Block,
    run_ids: ids::Block,
}

/// A source that is written.
pub(super) struct Planned<'a> {
    pub(super) source: &'a Storable,
    pub(super) source_id: i64,
    /// The rows of its runs, in their order.
    pub(super) runs: &'a [RunRow],
    /// Ids of its spellings, in their order.
    pub(super) spellings: &'a [i64],
    /// Ids of the forms of its outline, in their order.
    pub(super) forms: &'a [i64],
}

impl<'a> Planned<'a> {
    /// Takes from the front of all rows of runs and of all names what belongs to the next source.
    fn next(source: &'a Storable, source_id: i64, (runs, ids): (&mut &'a [RunRow], &mut (&'a [i64], &'a [i64]))) -> Self {
        let report = &source.report;
        Self {
            source,
            source_id,
            runs: take(runs, report.runs.len()),
            spellings: take(&mut ids.0, report.spellings.values().len()),
            forms: take(&mut ids.1, source.outline().forms.len()),
        }
    }
}

fn take<'a, T>(from: &mut &'a [T], count: usize) -> &'a [T] {
    let (taken, rest) = from.split_at(count);
    *from = rest;
    taken
}

/// Writes the rows of the planned sources, of which each run has a key in `places`, and returns their rejected lines, which are still to
/// be numbered.
pub(super) fn write<'a>(
    db: &mut Db,
    dictionaries: &Dictionaries,
    kept: &mut Kept,
    import: ImportId,
    candidates: &'a [Storable],
    (plan, places, named): (&Plan, &[PlaceKey], &Named),
) -> QueryResult<Vec<RejectRow<'a>>> {
    let planned: Vec<&Storable> = plan.write.iter().map(|&position| &candidates[position]).collect();
    let runs_planned = planned.iter().map(|candidate| candidate.report.runs.len()).sum();
    kept.source_ids.reserve(db, ids::Counter::Sources, planned.len())?;
    kept.run_ids.reserve(db, ids::Counter::Runs, runs_planned)?;
    let mut sources = Vec::with_capacity(planned.len());
    let mut runs = Vec::with_capacity(runs_planned);
    let mut rejects = Vec::new();
    for candidate in &planned {
        let source_id = kept.source_ids.take()?;
        let root_id = candidate.stored_as().root.as_ref().map(|root| dictionaries.root(root)).transpose()?;
        sources.push(source_row(dictionaries, import, (source_id, root_id), candidate)?);
        for (index, run) in candidate.report.runs.iter().enumerate() {
            let placement = dictionaries.place(places[runs.len()], &candidate.placements[index])?;
            let place = (kept.run_ids.take()?, source_id, int(index)?);
            runs.push(run_row(place, &placement, run)?);
        }
        let lines = candidate.report.rejects.iter();
        rejects.extend(lines.map(|reject| reject_row(import, (Some(source_id), root_id), &candidate.stored_as().path, reject)));
    }
    let mut rest = runs.as_slice();
    let mut ids = (named.spellings.as_slice(), named.forms.as_slice());
    let planned = planned.into_iter().zip(&sources);
    let planned = planned.map(|(source, row)| Planned::next(source, row.source_id, (&mut rest, &mut ids)));
    let planned: Vec<Planned<'_>> = planned.collect();
    write_all(db, dictionaries, &planned)?;
    judgements::touch_of(db, runs.iter().map(|run| run.experiment_id))?;
    kept.sightings.gather(&planned);
    kept.sightings.write(db)?;
    bulk::sources(db, sources.into_iter().map(Ok))?;
    bulk::runs(db, runs.into_iter().map(Ok))?;
    Ok(rejects)
}

/// Writes what the sources hold.
fn write_all(db: &mut Db, dictionaries: &Dictionaries, planned: &[Planned<'_>]) -> QueryResult<()> {
    bulk::results(db, ResultRows::new(dictionaries, planned))?;
    bulk::entries(db, planned.iter().flat_map(|source| entries::rows(dictionaries, source)))?;
    bulk::supports(db, planned.iter().flat_map(supports::rows))
}

/// Ids of what a list of events says about its machine. Runs have placements of their own.
fn machine(dictionaries: &Dictionaries, report: &Report) -> QueryResult<(Option<i64>, Option<i64>)> {
    if report.supports.is_empty() {
        return Ok((None, None));
    }
    let (environment, labels) = dictionaries.machine(&report.context)?;
    Ok((Some(environment), labels))
}

fn source_row(
    dictionaries: &Dictionaries,
    import: ImportId,
    (source_id, root_id): (i64, Option<i64>),
    source: &Storable,
) -> QueryResult<SourceRow> {
    let (environment_id, label_set_id) = machine(dictionaries, &source.report)?;
    let tally = source.tally();
    let taken_for = match &source.state {
        SourceState::Unknown(taken_for) => Some(taken_for.clone()),
        SourceState::Known | SourceState::Rejected(_) => None,
    };
    let notes = &source.report.notes;
    Ok(SourceRow {
        source_id,
        digest: source.digest.map_or_else(Vec::new, |digest| digest.0.to_vec()),
        import_id: import.0,
        root_id,
        path: source.identity.path.clone(),
        bytes: int(source.bytes)?,
        modified_at: source.modified_at,
        parser_id: dictionaries.parser(&ParserName::of(source))?,
        taken_for,
        notes: (!notes.is_empty()).then(|| notes.join("\n")),
        lines: int(tally.lines)?,
        result_lines: int(tally.results)?,
        furniture_lines: int(tally.furniture)?,
        foreign_lines: int(tally.foreign)?,
        rejected_lines: int(tally.rejected)?,
        runs: int(source.report.runs.len())?,
        results: int(source.report.results.len())?,
        sides_id: source.sides.as_ref().map(|sides| dictionaries.sides(sides)).transpose()?,
        entries: int(source.report.entries.len())?,
        supports: int(source.report.supports.len())?,
        environment_id,
        label_set_id,
    })
}

fn run_row(
    (run_id, source_id, ordinal): (i64, i64, i32),
    place: &crate::store::dictionary::PlaceIds,
    run: &Run,
) -> QueryResult<RunRow> {
    Ok(RunRow {
        run_id,
        source_id,
        ordinal,
        line: int(run.line)?,
        experiment_id: place.experiment,
        tool_id: place.tool,
        host_id: place.host,
        environment_id: place.environment,
        origins_id: place.origins,
        command: run.command.clone(),
        target: run.target.clone(),
        started_at: run.started_at,
        wall_seconds: run.wall_seconds,
        wall_spread_percent: run.wall_spread_percent,
        user_seconds: run.user_seconds,
        sys_seconds: run.sys_seconds,
        repeats: run.repeats,
        label_set_id: place.label_set,
        repetition: place.repetition,
    })
}

/// A row of `rejects` of which the ordinal is not known yet.
pub(super) fn reject_row<'a>(
    import: ImportId,
    (source_id, root_id): (Option<i64>, Option<i64>),
    path: &'a str,
    reject: &'a Reject,
) -> RejectRow<'a> {
    RejectRow {
        import_id: import.0,
        ordinal: 0,
        source_id,
        root_id,
        path,
        line: i32::try_from(reject.line).unwrap_or(i32::MAX),
        col: i32::try_from(reject.column).unwrap_or(i32::MAX),
        kind: reject.kind.as_str(),
        reason: &reject.reason,
        text: &reject.text,
    }
}

/// A number in the type of its column; what does not fit fails the source.
pub(super) fn int<T, U: TryFrom<T>>(number: T) -> QueryResult<U>
where
    U::Error: std::error::Error + Send + Sync + 'static,
{
    U::try_from(number).map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
}
