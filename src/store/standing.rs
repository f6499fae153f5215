//! The quick check: which files are known by location, size and last change, so that they need not be opened.

use diesel::prelude::*;
use hashbrown::HashMap;

use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::ledger::{CHUNK, find_roots, pairs, side_texts};
use super::schema::{imports, parsers, sources};
use super::{Rules, Store};
use crate::model::{Candidate, Stamp, Standing};

/// Two changes within one tick of the kernel's clock (at most 10 ms) give a file the same time; twice that, microseconds.
const TICK: i64 = 20_000;

/// File systems that keep whole or even seconds, microseconds.
const COARSE_TICK: i64 = 2_000_000;

/// What the ledger says of a file.
#[derive(Queryable)]
struct Row {
    root_id: Option<i64>,
    path: String,
    bytes: i64,
    modified_at: Option<i64>,
    format: Option<String>,
    parser_version: i32,
    started_at: i64,
    sides_id: Option<i64>,
}

impl Store {
    /// What is known of files by location, size and last change, in order. No location may come twice.
    ///
    /// Meant for groups of some thousand files: each costs a few queries, whatever its size.
    ///
    /// Under [`Rules::stale`] what an older parser read or other side files placed is [`Standing::New`].
    pub fn standing(&mut self, files: &[Candidate]) -> Result<Vec<Standing>, StoreError> {
        any::look_up(&mut self.db, |db| standing(db, files, &self.rules))
            .map_err(|error| StoreError::database(&self.url, "look files up", &error))
    }

    /// Whether any source is known.
    pub fn has_sources(&mut self) -> Result<bool, StoreError> {
        let first: QueryResult<Option<i64>> =
            on_backend!(&mut self.db, c => sources::table.select(sources::source_id).first(c).optional());
        first.map(|first| first.is_some()).map_err(|error| StoreError::database(&self.url, "look files up", &error))
    }
}

fn standing(db: &mut Db, files: &[Candidate], rules: &Rules) -> QueryResult<Vec<Standing>> {
    let locations: Vec<Option<String>> = files.iter().map(|file| file.identity.location()).collect();
    let roots = find_roots(db, locations.iter().flatten().map(String::as_str))?;
    let located = locations.iter().enumerate().filter_map(|(file, location)| Some((location.as_deref()?, file)));
    let places: HashMap<(i64, &str), usize> = pairs(&roots, located);
    let paths: Vec<&str> = places.keys().map(|(_, path)| *path).collect();
    let mut standings = vec![Standing::New; files.len()];
    for chunk in paths.chunks(CHUNK) {
        let rows: Vec<Row> = on_backend!(db, c => {
            sources::table
                .inner_join(parsers::table)
                .inner_join(imports::table.on(imports::import_id.eq(sources::import_id)))
                .select((
                    sources::root_id,
                    sources::path,
                    sources::bytes,
                    sources::modified_at,
                    parsers::format,
                    parsers::version,
                    imports::started_at,
                    sources::sides_id,
                ))
                .filter(sources::path.eq_any(chunk))
                .load(c)
        })?;
        let sides = side_texts(db, rows.iter().filter_map(|row| row.sides_id))?;
        for row in rows {
            let Some(&file) = row.root_id.and_then(|root| places.get(&(root, row.path.as_str()))) else { continue };
            if standings[file] != Standing::Known && row.is_of(files[file].stamp) {
                let same_sides = row.sides_id.and_then(|id| sides.get(&id)).map(String::as_str) == files[file].sides.as_deref();
                standings[file] = row.standing(rules, same_sides);
            }
        }
    }
    Ok(standings)
}

impl Row {
    /// Whether the file is as it was when it was loaded.
    ///
    /// A file that had changed just before its import may have changed once more just after it was read, at what is the same time for
    /// the file system: such a row proves nothing.
    fn is_of(&self, stamp: Stamp) -> bool {
        let same = u64::try_from(self.bytes) == Ok(stamp.bytes) && self.modified_at == Some(stamp.modified_at);
        let tick = if stamp.modified_at % 1_000_000 == 0 { COARSE_TICK } else { TICK };
        same && stamp.modified_at.saturating_add(tick) < self.started_at
    }

    fn standing(&self, rules: &Rules, same_sides: bool) -> Standing {
        let stale = rules.is_stale(self.format.as_deref(), self.parser_version) || !same_sides;
        match (stale, rules.stale) {
            (false, _) => Standing::Known,
            (true, false) => Standing::Stale,
            (true, true) => Standing::New,
        }
    }
}
