//! Turns sources into rows and writes them.

use diesel::prelude::*;

use super::sightings::Sightings;
use super::{FLUSH, entries, form, postgres, sqlite, supports};
use crate::model::{Parsed, Reject, Report, Run, RunResult, SourceState};
use crate::store::any::Db;
use crate::store::dictionary::{Dictionaries, ParserName, PlaceKey};
use crate::store::ids;
use crate::store::judgements;
use crate::store::plan::Plan;
use crate::store::rows::{EntryRow, RejectRow, ResultRow, RunRow, SourceRow, value_beside};
use crate::store::{ImportId, Storable};

/// Memory that is used again for every source.
#[derive(Default)]
pub(super) struct Buffers {
    results: Vec<ResultRow>,
    entries: Vec<EntryRow>,
    spellings: Vec<i64>,
    scopes: Vec<i64>,
    /// Ordinal within its run of each result of a source.
    ordinals: Vec<i32>,
    /// Results of each run of a source so far.
    counts: Vec<i32>,
    sightings: Sightings,
    source_ids: ids::Block,
    run_ids: ids::Block,
}

/// Writes the rows of the planned sources, of which each run has a key in `places`, and returns their rejected lines, which are still to
/// be numbered.
pub(super) fn write<'a>(
    db: &mut Db,
    dictionaries: &Dictionaries,
    buffers: &mut Buffers,
    import: ImportId,
    candidates: &'a [Storable],
    (plan, places): (&Plan, &[PlaceKey]),
) -> QueryResult<Vec<RejectRow<'a>>> {
    let planned: Vec<&Storable> = plan.write.iter().map(|&position| &candidates[position]).collect();
    let runs_planned = planned.iter().map(|candidate| candidate.report.runs.len()).sum();
    buffers.source_ids.reserve(db, ids::Counter::Sources, planned.len())?;
    buffers.run_ids.reserve(db, ids::Counter::Runs, runs_planned)?;
    let mut sources = Vec::with_capacity(planned.len());
    let mut runs = Vec::with_capacity(runs_planned);
    let mut rejects = Vec::new();
    for candidate in planned {
        let source_id = buffers.source_ids.take()?;
        let root_id = candidate.stored_as().root.as_ref().map(|root| dictionaries.root(root)).transpose()?;
        let sides_id = candidate.sides.as_ref().map(|sides| dictionaries.sides(sides)).transpose()?;
        let (environment_id, label_set_id) = machine(dictionaries, &candidate.report)?;
        let parser_id = dictionaries.parser(&ParserName::of(candidate))?;
        let row = source_row(import, (source_id, root_id, parser_id), candidate)?;
        let refers = SourceRow { sides_id, environment_id, label_set_id, ..row };
        sources.push(refers);
        let first_run = runs.len();
        for (index, run) in candidate.report.runs.iter().enumerate() {
            let placement = dictionaries.place(places[runs.len()], &candidate.placements[index])?;
            let place = (buffers.run_ids.take()?, source_id, int(index)?);
            runs.push(run_row(place, &placement, run)?);
        }
        write_results(db, dictionaries, buffers, &candidate.report, &runs[first_run..])?;
        let held = (&mut buffers.entries, &buffers.spellings[..]);
        entries::add(db, dictionaries, held, &candidate.report, &runs[first_run..])?;
        supports::write(db, source_id, &buffers.spellings, &candidate.report)?;
        buffers.sightings.gather(&buffers.spellings, &candidate.report, &runs[first_run..]);
        let lines = candidate.report.rejects.iter();
        rejects.extend(lines.map(|reject| reject_row(import, (Some(source_id), root_id), &candidate.stored_as().path, reject)));
    }
    flush(db, &mut buffers.results)?;
    entries::flush(db, &mut buffers.entries)?;
    judgements::touch_of(db, runs.iter().map(|run| run.experiment_id))?;
    buffers.sightings.write(db)?;
    match db {
        Db::Postgres(c) => postgres::sources(c, &sources).and_then(|()| postgres::runs(c, &runs)),
        Db::Sqlite(c) => sqlite::sources(c, &sources).and_then(|()| sqlite::runs(c, &runs)),
    }?;
    Ok(rejects)
}

fn flush(db: &mut Db, results: &mut Vec<ResultRow>) -> QueryResult<()> {
    match db {
        Db::Postgres(c) => postgres::results(c, results)?,
        Db::Sqlite(c) => sqlite::results(c, results)?,
    }
    results.clear();
    Ok(())
}

fn write_results(
    db: &mut Db,
    dictionaries: &Dictionaries,
    buffers: &mut Buffers,
    report: &Report,
    runs: &[RunRow],
) -> QueryResult<()> {
    buffers.name(dictionaries, report)?;
    for (index, result, metric) in form::rows(report) {
        let form_id = dictionaries.form(&form::of(&buffers.spellings, result, metric))?;
        let row = buffers.row((runs[result.run as usize].run_id, form_id), index, result, metric)?;
        buffers.results.push(row);
        if buffers.results.len() >= FLUSH {
            flush(db, &mut buffers.results)?;
        }
    }
    Ok(())
}

impl Buffers {
    /// Resolves the names and the ordinals of a source.
    fn name(&mut self, dictionaries: &Dictionaries, report: &Report) -> QueryResult<()> {
        form::spellings(dictionaries, report, &mut self.spellings)?;
        self.scopes.clear();
        self.ordinals.clear();
        self.counts.clear();
        for scope in report.scopes.values() {
            self.scopes.push(dictionaries.scope(scope)?);
        }
        self.counts.resize(report.runs.len(), 0);
        for result in &report.results {
            let count = &mut self.counts[result.run as usize];
            self.ordinals.push(*count);
            *count += 1;
        }
        Ok(())
    }

    fn row(
        &self,
        (run_id, form_id): (i64, i64),
        index: usize,
        result: &RunResult,
        metric: Option<&RunResult>,
    ) -> QueryResult<ResultRow> {
        Ok(ResultRow {
            run_id,
            ordinal: self.ordinals[index],
            line: int(result.line)?,
            form_id,
            scope_id: result.scope.map(|scope| self.scopes[scope as usize]),
            value: result.number.and_then(value_beside),
            count: result.number.and_then(|number| number.count),
            interval_ns: result.interval_ns,
            running_percent: result.running_percent,
            spread_percent: result.spread_percent,
            runtime_ns: result.runtime_ns,
            metric_of: result.metric_of.map(|counter| self.ordinals[counter as usize]),
            metric_value: metric.and_then(|metric| metric.number).map(|number| number.value),
        })
    }
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
    import: ImportId,
    (source_id, root_id, parser_id): (i64, Option<i64>, i64),
    source: &Parsed,
) -> QueryResult<SourceRow> {
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
        parser_id,
        taken_for,
        notes: (!notes.is_empty()).then(|| notes.join("\n")),
        lines: int(tally.lines)?,
        result_lines: int(tally.results)?,
        furniture_lines: int(tally.furniture)?,
        foreign_lines: int(tally.foreign)?,
        rejected_lines: int(tally.rejected)?,
        runs: int(source.report.runs.len())?,
        results: int(source.report.results.len())?,
        sides_id: None,
        entries: int(source.report.entries.len())?,
        supports: int(source.report.supports.len())?,
        environment_id: None,
        label_set_id: None,
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
