//! Which spellings a tool wrote in an environment: what is to be bound, known without reading results again.

use std::collections::BTreeSet;

use diesel::prelude::*;
use hashbrown::HashSet;

use super::facts::Planned;
use crate::store::any::Db;
use crate::store::schema::sightings::dsl;

/// Spelling, tool and environment.
type Sighting = (i64, i64, i64);

/// Written sightings that are kept in mind; their number may grow with the data.
const MOST_KEPT: usize = 100_000;

/// Sightings of one statement.
const MOST_OF_A_STATEMENT: usize = 1000;

/// What was seen, each once.
#[derive(Default)]
pub(super) struct Sightings {
    new: BTreeSet<Sighting>,
    /// Written before, by this transaction or one that was committed.
    written: HashSet<Sighting>,
}

impl Sightings {
    /// Adds those of some sources.
    pub(super) fn gather(&mut self, planned: &[Planned<'_>]) {
        for planned in planned {
            for &(run, spelling) in &planned.source.outline().sightings {
                let run = &planned.runs[run as usize];
                let sighting = (planned.spellings[spelling as usize], run.tool_id, run.environment_id);
                if !self.written.contains(&sighting) {
                    self.new.insert(sighting);
                }
            }
        }
    }

    /// Writes those that are new here; the database may know them.
    pub(super) fn write(&mut self, db: &mut Db) -> QueryResult<()> {
        let row = |&(spelling, tool, environment): &Sighting| {
            (dsl::spelling_id.eq(spelling), dsl::tool_id.eq(tool), dsl::environment_id.eq(environment))
        };
        match db {
            // A statement for each would be a journey to the server for each.
            Db::Postgres(c) => {
                let rows: Vec<_> = self.new.iter().map(row).collect();
                for some in rows.chunks(MOST_OF_A_STATEMENT) {
                    diesel::insert_into(dsl::sightings).values(some).on_conflict_do_nothing().execute(c)?;
                }
            }
            Db::Sqlite(c) => {
                for row in self.new.iter().map(row) {
                    diesel::insert_into(dsl::sightings).values(row).on_conflict_do_nothing().execute(c)?;
                }
            }
        }
        if self.written.len() > MOST_KEPT {
            self.written.clear();
        }
        self.written.extend(std::mem::take(&mut self.new));
        Ok(())
    }
}
