//! What people say of how far single results can be believed, with author, time and reason.
//!
//! A verdict is kept by what was judged (source, place in it, number) and not by a row, so that it outlives an undone import and counts
//! again when the same source comes back. Where another parser reads another number in that place, it counts for none.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Double, Integer, Nullable, Text};

use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::query::ResultRecord;
use super::schema::verdicts;
use super::{Store, clock};

/// Rows of one statement: SQLite takes 32,766 parameters.
const CHUNK: usize = 2000;

/// The number that a verdict is about.
#[derive(Debug, Clone, PartialEq, Insertable, QueryableByName)]
#[diesel(table_name = verdicts)]
pub struct VerdictSubject {
    /// Logical path of the source.
    #[diesel(sql_type = Text)]
    pub path: String,
    /// Hash of the source.
    #[diesel(sql_type = Binary)]
    pub digest: Vec<u8>,
    /// Position of the run in the source, from 0.
    #[diesel(sql_type = Integer)]
    pub run: i32,
    /// Position of the result in the run, from 0.
    #[diesel(sql_type = Integer)]
    pub ordinal: i32,
    /// Line of the source.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// The event as printed.
    #[diesel(sql_type = Text)]
    pub event: String,
    /// Word of the kind of number.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The number.
    #[diesel(sql_type = Double)]
    pub value: f64,
}

impl VerdictSubject {
    /// A result as the subject of a verdict; `None` when it has no number, for there is nothing to believe.
    pub fn of(result: &ResultRecord<'_>) -> Option<Self> {
        Some(Self {
            path: result.run.path.clone(),
            digest: result.run.digest.clone(),
            run: result.run.run,
            ordinal: result.ordinal,
            line: result.line,
            event: result.spelling.text.clone(),
            kind: result.spelling.kind.as_str().to_owned(),
            value: result.value?,
        })
    }

    /// Where a verdict stands; at most one does.
    fn place(&self) -> (&str, &[u8], i32, i32) {
        (&self.path, &self.digest, self.run, self.ordinal)
    }
}

/// A verdict on a result.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct TrustVerdict {
    #[diesel(sql_type = BigInt)]
    verdict_id: i64,
    /// What it is about.
    #[diesel(embed)]
    pub subject: VerdictSubject,
    /// How far the number can be believed, [0, 1].
    #[diesel(sql_type = Double)]
    pub trust: f64,
    /// Who says so.
    #[diesel(sql_type = Text)]
    pub author: String,
    /// Why.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// When it was given, microseconds since the epoch.
    #[diesel(sql_type = BigInt)]
    pub given_at: i64,
    /// When it was taken back or replaced by another one, likewise.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cleared_at: Option<i64>,
    /// Who did that.
    #[diesel(sql_type = Nullable<Text>)]
    pub cleared_by: Option<String>,
    /// The run that has the number; `None` when none has it.
    #[diesel(sql_type = Nullable<BigInt>)]
    run_id: Option<i64>,
}

impl TrustVerdict {
    /// Whether it was not cleared, and nothing has the number that it was given for.
    pub fn is_orphaned(&self) -> bool {
        self.cleared_at.is_none() && self.run_id.is_none()
    }

    /// Run and position of the result that it counts for; `None` when it was cleared, or nothing has the number that it was given for.
    pub fn stands_for(&self) -> Option<(i64, i32)> {
        let run_id = self.run_id.filter(|_| self.cleared_at.is_none())?;
        Some((run_id, self.subject.ordinal))
    }
}

const VERDICTS: &str = "SELECT v.verdict_id, v.path, v.digest, v.run, v.ordinal, v.line, v.event, v.kind, v.value, v.trust, v.author, \
           v.reason, v.given_at, v.cleared_at, v.cleared_by, v.run_id \
    FROM v_verdicts v";

impl Store {
    /// Every verdict, those that were cleared too, by place and then in the order in which they were given.
    pub fn verdicts(&mut self) -> Result<Vec<TrustVerdict>, StoreError> {
        let mut found: Vec<TrustVerdict> = on_backend!(&mut self.db, c => diesel::sql_query(VERDICTS).load(c))
            .map_err(|error| StoreError::database(&self.url, "list verdicts", &error))?;
        // Paths in the order of their bytes, which not every PostgreSQL has.
        found.sort_by(|a, b| a.subject.place().cmp(&b.subject.place()).then(a.verdict_id.cmp(&b.verdict_id)));
        Ok(found)
    }

    /// Gives one verdict on each of some results, which replaces the one that stands there. Returns how many it replaced. All or nothing.
    pub fn give_verdicts(
        &mut self,
        subjects: &[VerdictSubject],
        trust: f64,
        author: &str,
        reason: &str,
    ) -> Result<usize, StoreError> {
        let said = (verdicts::trust.eq(trust), verdicts::author.eq(stored(author)), verdicts::reason.eq(stored(reason)));
        let given = any::write(&mut self.db, |db| {
            let now = clock::now();
            let replaced = clear(db, subjects, author, now)?;
            for some in subjects.chunks(CHUNK) {
                let rows: Vec<_> = some.iter().map(|subject| (subject, said.clone(), verdicts::given_at.eq(now))).collect();
                on_backend!(db, c => diesel::insert_into(verdicts::table).values(rows).execute(c))?;
            }
            QueryResult::Ok(replaced)
        });
        given.map_err(|error| StoreError::database(&self.url, "give verdicts", &error))
    }

    /// Clears the verdicts that stand on results; they stay on record. Returns how many there were. All or nothing.
    pub fn clear_verdicts(&mut self, subjects: &[VerdictSubject], author: &str) -> Result<usize, StoreError> {
        any::write(&mut self.db, |db| clear(db, subjects, author, clock::now()))
            .map_err(|error| StoreError::database(&self.url, "clear verdicts", &error))
    }
}

fn clear(db: &mut Db, subjects: &[VerdictSubject], author: &str, now: i64) -> QueryResult<usize> {
    let cleared = (verdicts::cleared_at.eq(now), verdicts::cleared_by.eq(stored(author)));
    let mut changed = 0;
    for subject in subjects {
        let (path, digest, run, ordinal) = subject.place();
        let standing = verdicts::table
            .filter(verdicts::path.eq(path).and(verdicts::digest.eq(digest)))
            .filter(verdicts::run.eq(run).and(verdicts::ordinal.eq(ordinal)))
            .filter(verdicts::cleared_at.is_null());
        changed += on_backend!(db, c => diesel::update(standing).set(cleared.clone()).execute(c))?;
    }
    Ok(changed)
}

/// PostgreSQL cannot store NUL.
fn stored(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
