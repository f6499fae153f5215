//! Automatic coefficients, kept for those who ask in SQL.
//!
//! They are kept experiment by experiment, for a number is judged by its experiment and by nothing else. What touches an experiment (a
//! load, an undo, another meaning of its spellings) deletes its row of `judged` in the same transaction, and the views show no
//! coefficient of it until it is judged anew; the rows of `judgements` may stay behind, and are replaced then.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use hashbrown::HashSet;

use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::rows::JudgementRow;
use super::schema::{judged, judgements, runs};
use super::{Store, clock, ingest};

/// Ids of one statement.
const CHUNK: usize = 1000;

/// Stands for the experiment of the runs that have none.
const NONE: i64 = 0;

/// An experiment that has runs, as judging sees it.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct JudgedExperiment {
    #[diesel(sql_type = BigInt)]
    experiment_id: i64,
    /// Its name; `None` stands for all runs without experiment.
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    /// About how many results it has.
    #[diesel(sql_type = BigInt)]
    pub results: i64,
    /// The version of the coefficients that are kept; `None` when none are, or it was touched since.
    #[diesel(sql_type = Nullable<Text>)]
    pub version: Option<String>,
    /// The version of the program that computed them, likewise.
    #[diesel(sql_type = Nullable<Text>)]
    pub program_version: Option<String>,
}

/// The results of a run are taken for those of its source in equal parts: the sources know their numbers, and are few.
const EXPERIMENTS: &str = "SELECT u.experiment_id, x.name, u.results, d.version, d.program_version \
    FROM (SELECT COALESCE(r.experiment_id, 0) AS experiment_id, \
                 CAST(SUM((s.results + s.runs - 1) / s.runs) AS BIGINT) AS results \
          FROM runs r JOIN sources s ON s.source_id = r.source_id GROUP BY COALESCE(r.experiment_id, 0)) u \
    LEFT JOIN experiments x ON x.experiment_id = u.experiment_id \
    LEFT JOIN judged d ON d.experiment_id = u.experiment_id AND d.judged_at IS NOT NULL \
    ORDER BY u.experiment_id";

/// Touches the experiments that hold what has no meaning yet.
const TOUCH_UNBOUND: &str = "DELETE FROM judged WHERE experiment_id IN ( \
        SELECT COALESCE(u.experiment_id, 0) FROM runs u \
        JOIN (SELECT DISTINCT g.tool_id, g.environment_id FROM sightings g \
              LEFT JOIN bindings b ON b.spelling_id = g.spelling_id AND b.tool_id = g.tool_id AND b.environment_id = g.environment_id \
              WHERE b.spelling_id IS NULL) n ON n.tool_id = u.tool_id AND n.environment_id = u.environment_id)";

/// Experiments that are being judged.
#[derive(Debug)]
pub struct Judging {
    experiments: Vec<i64>,
    begun_at: i64,
}

/// What was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Coefficients.
    pub results: usize,
    /// Experiments that were touched since their judging began: of those nothing is kept.
    pub touched: usize,
}

impl Store {
    /// Every experiment that has runs, and whether its coefficients are kept.
    pub fn judged_experiments(&mut self) -> Result<Vec<JudgedExperiment>, StoreError> {
        on_backend!(&mut self.db, c => diesel::sql_query(EXPERIMENTS).load(c))
            .map_err(|error| StoreError::database(&self.url, "list experiments", &error))
    }

    /// Says that experiments are about to be judged. What is read after it decides.
    pub fn begin_judging(
        &mut self,
        experiments: &[JudgedExperiment],
        version: &str,
        program_version: &str,
    ) -> Result<Judging, StoreError> {
        let experiments: Vec<i64> = experiments.iter().map(|experiment| experiment.experiment_id).collect();
        let begun_at = clock::now();
        let begun = any::write(&mut self.db, |db| {
            touch(db, &experiments)?;
            for some in experiments.chunks(CHUNK) {
                let rows: Vec<_> = some
                    .iter()
                    .map(|id| {
                        let versions = (judged::version.eq(version), judged::program_version.eq(program_version));
                        (judged::experiment_id.eq(*id), versions, judged::begun_at.eq(begun_at))
                    })
                    .collect();
                on_backend!(db, c => diesel::insert_into(judged::table).values(rows).execute(c))?;
            }
            QueryResult::Ok(())
        });
        begun.map_err(|error| StoreError::database(&self.url, "begin to judge", &error))?;
        Ok(Judging { experiments, begun_at })
    }

    /// Keeps the coefficients (run, position in it, value) of the experiments, in place of those before; one transaction.
    pub fn keep_judgements(&mut self, judging: &Judging, found: &[(i64, i32, f64)]) -> Result<Kept, StoreError> {
        any::write(&mut self.db, |db| keep(db, judging, found))
            .map_err(|error| StoreError::database(&self.url, "keep judgements", &error))
    }
}

fn keep(db: &mut Db, judging: &Judging, found: &[(i64, i32, f64)]) -> QueryResult<Kept> {
    let untouched = untouched(db, judging)?;
    let runs = runs_of(db, &untouched)?;
    let mut sorted: Vec<i64> = runs.iter().copied().collect();
    sorted.sort_unstable();
    remove(db, &sorted)?;
    let rows: Vec<JudgementRow> = found
        .iter()
        .filter(|(run_id, ..)| runs.contains(run_id))
        .map(|&(run_id, ordinal, auto)| JudgementRow { run_id, ordinal, auto })
        .collect();
    let results = rows.len();
    ingest::judgements(db, rows.into_iter())?;
    for some in untouched.chunks(CHUNK) {
        let done = judged::table.filter(judged::experiment_id.eq_any(some));
        on_backend!(db, c => diesel::update(done).set(judged::judged_at.eq(clock::now())).execute(c))?;
    }
    Ok(Kept { results, touched: judging.experiments.len() - untouched.len() })
}

/// Those whose row is still the one that judging began with.
fn untouched(db: &mut Db, judging: &Judging) -> QueryResult<Vec<i64>> {
    let mut untouched = Vec::with_capacity(judging.experiments.len());
    for some in judging.experiments.chunks(CHUNK) {
        let same = judged::table
            .filter(judged::experiment_id.eq_any(some).and(judged::begun_at.eq(judging.begun_at)))
            .filter(judged::judged_at.is_null())
            .select(judged::experiment_id);
        let found: Vec<i64> = on_backend!(db, c => same.load(c))?;
        untouched.extend(found);
    }
    Ok(untouched)
}

fn runs_of(db: &mut Db, experiments: &[i64]) -> QueryResult<HashSet<i64>> {
    let wanted: HashSet<i64> = experiments.iter().copied().collect();
    let all: Vec<(i64, Option<i64>)> = on_backend!(db, c => runs::table.select((runs::run_id, runs::experiment_id)).load(c))?;
    Ok(all.into_iter().filter(|(_, experiment)| wanted.contains(&experiment.unwrap_or(NONE))).map(|(run, _)| run).collect())
}

/// Deletes the coefficients of the runs of sources, which are about to be deleted themselves.
pub(super) fn forget_sources(db: &mut Db, source_ids: &[i64]) -> QueryResult<()> {
    let of = runs::table.select((runs::run_id, runs::experiment_id)).filter(runs::source_id.eq_any(source_ids));
    let found: Vec<(i64, Option<i64>)> = on_backend!(db, c => of.load(c))?;
    remove(db, &found.iter().map(|(run, _)| *run).collect::<Vec<_>>())?;
    touch_of(db, found.iter().map(|(_, experiment)| *experiment))
}

fn remove(db: &mut Db, run_ids: &[i64]) -> QueryResult<()> {
    for some in run_ids.chunks(CHUNK) {
        on_backend!(db, c => diesel::delete(judgements::table.filter(judgements::run_id.eq_any(some))).execute(c))?;
    }
    Ok(())
}

/// Notes that something changed for runs of these experiments.
pub(super) fn touch_of(db: &mut Db, experiments: impl Iterator<Item = Option<i64>>) -> QueryResult<()> {
    let distinct: HashSet<i64> = experiments.map(|experiment| experiment.unwrap_or(NONE)).collect();
    touch(db, &distinct.into_iter().collect::<Vec<_>>())
}

fn touch(db: &mut Db, experiments: &[i64]) -> QueryResult<()> {
    for some in experiments.chunks(CHUNK) {
        on_backend!(db, c => diesel::delete(judged::table.filter(judged::experiment_id.eq_any(some))).execute(c))?;
    }
    Ok(())
}

/// Notes that every spelling may mean something else now.
pub(super) fn touch_all(db: &mut Db) -> QueryResult<()> {
    on_backend!(db, c => diesel::delete(judged::table).execute(c)).map(drop)
}

/// Notes that the spellings without meaning are about to get one.
pub(super) fn touch_unbound(db: &mut Db) -> QueryResult<()> {
    // Who never asks for coefficients has none that could be out of date, and need not have all runs looked at.
    let judged: Option<i64> = on_backend!(db, c => judged::table.select(judged::experiment_id).first(c).optional())?;
    if judged.is_none() {
        return Ok(());
    }
    on_backend!(db, c => diesel::sql_query(TOUCH_UNBOUND).execute(c)).map(drop)
}
