//! Takes the database of the predecessor over, through the ledger like every other source.
//!
//! The predecessor did not keep which numbers came out of one execution, so **each row of its `results` is a run of its own** with one
//! result. Ten thousand ids make a source, `seed:NAME/results/10000000-10009999`, of which line `n` is the row with the `n`-th of these
//! ids; ids that no row has are lines without a result. Each of the other seven tables is a source too, all of its lines without results.
//! The content that a source is known by is one JSON array a line with everything that the row says, names in place of ids. So a
//! second import finds all known; rows that were added, or names that were corrected, replace the sources that they change.

mod block;
mod environment;
mod finding;
mod tables;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Summary;
use crate::model::{Digest, Environment, Identity, Parsed, Placement, Report, SourceState};
use crate::store::seed::{SeedDatabase, SeedError, SeedEvent, SeedResult};
use crate::store::{ExperimentError, ImportId, Rules, Storable, Store, StoreError, Verdict};
use block::Block;
pub use finding::{Finding, Findings};

/// Name of the format that its sources have.
const FORMAT: &str = "seed-database";

/// Raised with each change that lets a row be read differently.
const VERSION: i32 = 1;

/// Ids of one source.
const IDS: i64 = 10_000;

/// Why a database could not be taken over.
#[derive(Debug, thiserror::Error)]
pub enum SeedImportError {
    /// It cannot be read.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// Ours cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An experiment cannot be written.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
}

/// What its rows refer to, by id.
struct Known<'a> {
    experiments: BTreeMap<i64, &'a str>,
    tools: BTreeMap<i64, crate::model::ToolName>,
    environments: BTreeMap<i64, Machine>,
    events: BTreeMap<i64, &'a SeedEvent>,
}

/// An environment as it is stored here, with labels for what has no other place.
struct Machine {
    environment: Environment,
    labels: BTreeMap<String, String>,
}

/// What of the small tables the results refer to.
#[derive(Default)]
struct Used {
    experiments: BTreeSet<i64>,
    tools: BTreeSet<i64>,
    environments: BTreeSet<i64>,
    events: BTreeSet<i64>,
}

/// The rules under which a database is taken over: what an older program read is read again.
pub fn seed_rules() -> Rules {
    Rules { stale: true, current_version: |_| VERSION, ..Rules::default() }
}

/// Loads everything that a database of the predecessor holds, and tells what had to be interpreted.
///
/// # Errors
/// A database failed. What was loaded stays; a second call loads the rest.
pub fn import_seed(
    seed: &mut SeedDatabase,
    store: &mut Store,
    import: ImportId,
) -> Result<(Summary, Findings), SeedImportError> {
    let tables = seed.tables()?;
    let place = (format!("postgres:{}", seed.server()), format!("seed:{}", seed.name()));
    let mut findings = Findings::default();
    tables::take_experiments(&tables, store, &mut findings)?;
    let known = tables::known(&tables, &mut findings);
    let mut loader = Loader { store, import, place, summary: Summary::default(), findings, used: Used::default() };
    loader.load(tables::sources(&tables, &loader.place))?;
    let mut pending: Vec<SeedResult> = Vec::new();
    seed.each_page(|page| {
        pending.extend(page);
        let last = pending.last().map(|row| row.id.div_euclid(IDS));
        let complete = pending.partition_point(|row| Some(row.id.div_euclid(IDS)) < last);
        loader.blocks(&pending[..complete], &known)?;
        pending.drain(..complete);
        Ok::<(), SeedImportError>(())
    })?;
    loader.blocks(&pending, &known)?;
    tables::tell_unused(&tables, &loader.used, &mut loader.findings);
    Ok((loader.summary, loader.findings))
}

struct Loader<'s> {
    store: &'s mut Store,
    import: ImportId,
    /// Root, and beginning of the path, of each source.
    place: (String, String),
    summary: Summary,
    findings: Findings,
    used: Used,
}

impl Loader<'_> {
    /// Loads the sources of rows in the order of their ids.
    fn blocks(&mut self, rows: &[SeedResult], known: &Known<'_>) -> Result<(), SeedImportError> {
        for rows in rows.chunk_by(|a, b| a.id.div_euclid(IDS) == b.id.div_euclid(IDS)) {
            let mut findings = Findings::default();
            let source = Block::of(rows).source(rows, known, &self.place, &mut findings);
            for row in rows {
                self.used.add(row);
            }
            self.findings.merge(findings);
            self.load(vec![source])?;
        }
        Ok(())
    }

    fn load(&mut self, sources: Vec<Parsed>) -> Result<(), SeedImportError> {
        let sources: Vec<Storable> = sources.into_iter().map(Storable::from).collect();
        let verdicts: Vec<Verdict> = self.store.load(self.import, &sources)?;
        for (source, verdict) in sources.iter().zip(&verdicts) {
            self.summary.add(source, verdict);
        }
        Ok(())
    }
}

impl Used {
    fn add(&mut self, row: &SeedResult) {
        self.experiments.insert(row.experiment);
        self.tools.insert(row.tool);
        self.environments.insert(row.environment);
        self.events.insert(row.event);
    }
}

/// A source of that text, with what was read from it.
fn source((root, above): &(String, String), name: &str, text: &str, report: Report, placements: Vec<Arc<Placement>>) -> Parsed {
    Parsed {
        identity: Identity { root: Some(root.clone()), path: format!("{above}/{name}") },
        digest: Some(Digest::of(text.as_bytes())),
        bytes: text.len() as u64,
        modified_at: None,
        format: Some(FORMAT),
        parser_version: VERSION,
        state: SourceState::Known,
        report,
        placements,
        sides: None,
        off_layout: false,
        contradicted: false,
    }
}

/// One line of the text of a source.
fn line(fields: &[serde_json::Value]) -> String {
    serde_json::Value::from(fields).to_string()
}
