//! Ids of sources and runs, given out by the writer so that rows can refer to each other before they are written.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::any::Db;

/// Ids that one number of a PostgreSQL sequence stands for (its INCREMENT).
const BLOCK: i64 = 1000;

/// Which ids are given out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Counter {
    /// Of sources.
    Sources,
    /// Of runs.
    Runs,
}

/// Ids that nobody else will use.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The last one is in use.
    ranges: Vec<std::ops::Range<i64>>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Block {
    /// Makes sure that `count` ids can be taken within this transaction. They ascend within a transaction.
    pub(super) fn reserve(&mut self, db: &mut Db, counter: Counter, count: usize) -> QueryResult<()> {
        let count = i64::try_from(count).map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
        match db {
            Db::Sqlite(c) => self.after_the_last(c, counter, count),
            Db::Postgres(c) => self.take_blocks(c, counter, count),
        }
    }

    /// SQLite has one writer, which holds its lock: the ids after the largest are free until it commits.
    fn after_the_last(&mut self, c: &mut SqliteConnection, counter: Counter, count: i64) -> QueryResult<()> {
        let text = match counter {
            Counter::Sources => "SELECT COALESCE(MAX(source_id), 0) AS id FROM sources",
            Counter::Runs => "SELECT COALESCE(MAX(run_id), 0) AS id FROM runs",
        };
        let last = diesel::sql_query(text).get_result::<Id>(c)?.id;
        let free = last + 1..last + 1 + count;
        self.ranges.clear();
        self.ranges.push(free);
        Ok(())
    }

    fn take_blocks(&mut self, c: &mut PgConnection, counter: Counter, count: i64) -> QueryResult<()> {
        let left: i64 = self.ranges.iter().map(|range| range.end - range.start).sum();
        let blocks = (count - left + BLOCK - 1).max(0) / BLOCK;
        if blocks == 0 {
            return Ok(());
        }
        let text = match counter {
            Counter::Sources => "SELECT nextval('source_ids') AS id FROM generate_series(1, $1)",
            Counter::Runs => "SELECT nextval('run_ids') AS id FROM generate_series(1, $1)",
        };
        let mut firsts = diesel::sql_query(text).bind::<BigInt, _>(blocks).load::<Id>(c)?;
        firsts.sort_by_key(|first| std::cmp::Reverse(first.id));
        let new = firsts.into_iter().map(|first| first.id..first.id + BLOCK);
        self.ranges = new.chain(std::mem::take(&mut self.ranges)).collect();
        Ok(())
    }

    /// The next id.
    pub(super) fn take(&mut self) -> QueryResult<i64> {
        while let Some(range) = self.ranges.last_mut() {
            if let Some(id) = range.next() {
                return Ok(id);
            }
            self.ranges.pop();
        }
        Err(diesel::result::Error::NotFound)
    }
}
