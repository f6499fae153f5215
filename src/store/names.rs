//! What users say of names and CPUs, which this module only keeps: in sets, each of which can be taken back whole.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::any::{self, Db, on_backend};
use super::error::StoreError;
use super::schema::{cpus, name_sets, names};
use super::{Store, clock};
use crate::model::Environment;

/// Rows of one statement: SQLite takes 32,766 parameters.
const CHUNK: usize = 2000;

/// Number of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub i64);

/// Where a set comes from.
#[derive(Debug, Clone, Default, Insertable)]
#[diesel(table_name = name_sets)]
pub struct NewSet {
    /// What it was read as: `sysfs`, `perf-list`; `alias` when it was given by hand.
    pub kind: String,
    /// The path that was read, or what was said.
    pub location: String,
    /// Version of what was read, if it tells.
    pub version: Option<String>,
    /// The kernel that it holds for; `None` when for every one.
    pub kernel: Option<String>,
    /// Who gave it, by hand.
    pub author: Option<String>,
    /// Why, by hand.
    pub reason: Option<String>,
}

/// A set, standing or taken back.
#[derive(Debug, Clone, QueryableByName)]
pub struct NameSet {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub set_id: i64,
    /// As [`NewSet::kind`].
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// As [`NewSet::location`].
    #[diesel(sql_type = Text)]
    pub location: String,
    /// As [`NewSet::version`].
    #[diesel(sql_type = Nullable<Text>)]
    pub version: Option<String>,
    /// As [`NewSet::kernel`].
    #[diesel(sql_type = Nullable<Text>)]
    pub kernel: Option<String>,
    /// As [`NewSet::author`].
    #[diesel(sql_type = Nullable<Text>)]
    pub author: Option<String>,
    /// As [`NewSet::reason`].
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// When it was added, microseconds since the epoch.
    #[diesel(sql_type = BigInt)]
    pub added_at: i64,
    /// When it was taken back, likewise.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub undone_at: Option<i64>,
    /// Names and CPUs that it holds.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
}

const SETS: &str = "SELECT s.set_id, s.kind, s.location, s.version, s.kernel, s.author, s.reason, s.added_at, s.undone_at, \
           (SELECT COUNT(*) FROM names n WHERE n.set_id = s.set_id) + (SELECT COUNT(*) FROM cpus c WHERE c.set_id = s.set_id) AS members \
    FROM name_sets s ORDER BY s.set_id";

/// What is said of one name on one microarchitecture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Key of the microarchitecture.
    pub microarch: String,
    /// The tool whose name it is.
    pub tool: String,
    /// The name.
    pub spelling: String,
    /// Tool and spelling that it stands for; `None` when it is only said to be there.
    pub means: Option<(String, String)>,
    /// Whether the machine is said to have it.
    pub supported: bool,
    /// The file that says so.
    pub file: String,
    /// Its line, from 1; 0 when by hand.
    pub line: u32,
}

/// A statement with its set.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The set.
    pub set: SetId,
    /// As [`NewSet::kind`].
    pub kind: String,
    /// As [`NewSet::kernel`].
    pub kernel: Option<String>,
    /// What is said.
    pub statement: Statement,
}

/// What identifies a CPU, and the name it is given; what is unknown fits every CPU of the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cpu {
    /// The line that says so, from 1.
    pub line: u32,
    /// Numbers and name.
    pub identity: Environment,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = names, treat_none_as_default_value = false)]
struct NameRow {
    set_id: i64,
    ordinal: i32,
    microarch: String,
    tool: String,
    spelling: String,
    means_tool: Option<String>,
    means: Option<String>,
    supported: i16,
    file: String,
    line: i32,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = cpus, treat_none_as_default_value = false)]
struct CpuRow {
    set_id: i64,
    ordinal: i32,
    line: i32,
    arch: Option<String>,
    vendor: Option<String>,
    family: Option<i32>,
    model: Option<i32>,
    stepping: Option<i32>,
    microarch: String,
}

impl Store {
    /// Adds a set of names, whole or not at all.
    pub fn add_names(&mut self, set: &NewSet, statements: &[Statement]) -> Result<SetId, StoreError> {
        self.add(set, |db, id| {
            let rows: Vec<NameRow> = statements.iter().enumerate().map(|(at, statement)| name_row(id, at, statement)).collect();
            rows.chunks(CHUNK).try_for_each(|some| {
                on_backend!(&mut *db, c => diesel::insert_into(names::table).values(some).execute(c)).map(drop)
            })
        })
    }

    /// Adds a set of CPUs, whole or not at all.
    pub fn add_cpus(&mut self, set: &NewSet, given: &[Cpu]) -> Result<SetId, StoreError> {
        self.add(set, |db, id| {
            let rows: Vec<CpuRow> = given.iter().enumerate().map(|(at, cpu)| cpu_row(id, at, cpu)).collect();
            rows.chunks(CHUNK).try_for_each(|some| {
                on_backend!(&mut *db, c => diesel::insert_into(cpus::table).values(some).execute(c)).map(drop)
            })
        })
    }

    fn add(&mut self, set: &NewSet, members: impl FnOnce(&mut Db, i64) -> QueryResult<()>) -> Result<SetId, StoreError> {
        let added = any::write(&mut self.db, |db| {
            let values = (set.clone(), name_sets::added_at.eq(clock::now()));
            let id: i64 = on_backend!(&mut *db, c => {
                diesel::insert_into(name_sets::table).values(values).returning(name_sets::set_id).get_result(c)
            })?;
            members(db, id)?;
            QueryResult::Ok(SetId(id))
        });
        added.map_err(|error| StoreError::database(&self.url, "add names", &error))
    }

    /// Takes a set of one of these kinds back; it stays on record without its members. False when no such set stands.
    pub fn undo_names(&mut self, set: SetId, is_kind: impl Fn(&str) -> bool) -> Result<bool, StoreError> {
        let undone = any::write(&mut self.db, |db| {
            let standing = name_sets::table.filter(name_sets::set_id.eq(set.0).and(name_sets::undone_at.is_null()));
            let kind: Option<String> = on_backend!(&mut *db, c => standing.select(name_sets::kind).first(c).optional())?;
            if !kind.is_some_and(|kind| is_kind(&kind)) {
                return QueryResult::Ok(false);
            }
            on_backend!(&mut *db, c => diesel::delete(names::table.filter(names::set_id.eq(set.0))).execute(c))?;
            on_backend!(&mut *db, c => diesel::delete(cpus::table.filter(cpus::set_id.eq(set.0))).execute(c))?;
            on_backend!(&mut *db, c => diesel::update(standing).set(name_sets::undone_at.eq(clock::now())).execute(c))?;
            Ok(true)
        });
        undone.map_err(|error| StoreError::database(&self.url, "take names back", &error))
    }

    /// Every set, by number.
    pub fn name_sets(&mut self) -> Result<Vec<NameSet>, StoreError> {
        on_backend!(&mut self.db, c => diesel::sql_query(SETS).load(c))
            .map_err(|error| StoreError::database(&self.url, "list sets of names", &error))
    }

    /// What stands of one microarchitecture, or of every one, in the order in which it was said.
    pub fn stated(&mut self, microarch: Option<&str>) -> Result<Vec<Stated>, StoreError> {
        let rows: QueryResult<Vec<(String, Option<String>, NameRow)>> = on_backend!(&mut self.db, c => {
            let mut query = names::table
                .inner_join(name_sets::table.on(name_sets::set_id.eq(names::set_id)))
                .select((name_sets::kind, name_sets::kernel, NameRow::as_select()))
                .into_boxed();
            if let Some(microarch) = microarch {
                query = query.filter(names::microarch.eq(microarch));
            }
            query.order((names::set_id, names::ordinal)).load(c)
        });
        let rows = rows.map_err(|error| StoreError::database(&self.url, "read the names that users gave", &error))?;
        Ok(rows.into_iter().map(|(kind, kernel, row)| stated(kind, kernel, row)).collect())
    }

    /// The CPUs that stand, the latest first.
    pub fn stated_cpus(&mut self) -> Result<Vec<Cpu>, StoreError> {
        let rows: QueryResult<Vec<CpuRow>> = on_backend!(&mut self.db, c => {
            cpus::table.select(CpuRow::as_select()).order((cpus::set_id.desc(), cpus::ordinal)).load(c)
        });
        let rows = rows.map_err(|error| StoreError::database(&self.url, "read the CPUs that users gave", &error))?;
        Ok(rows.into_iter().map(cpu).collect())
    }

    /// A number that grows with every set that is added or taken back.
    pub fn names_revision(&mut self) -> Result<i64, StoreError> {
        let count = name_sets::table.select((diesel::dsl::count(name_sets::set_id), diesel::dsl::count(name_sets::undone_at)));
        let counts: QueryResult<(i64, i64)> = on_backend!(&mut self.db, c => count.first(c));
        let (added, undone) = counts.map_err(|error| StoreError::database(&self.url, "count sets of names", &error))?;
        Ok(added + undone)
    }
}

/// Positions beyond the range of the column cannot be: a set is read from files that fit in memory.
fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

fn name_row(set_id: i64, at: usize, statement: &Statement) -> NameRow {
    let (means_tool, means) = statement.means.clone().unzip();
    NameRow {
        set_id,
        ordinal: int(at),
        microarch: statement.microarch.clone(),
        tool: statement.tool.clone(),
        spelling: statement.spelling.clone(),
        means_tool,
        means,
        supported: statement.supported.into(),
        file: statement.file.clone(),
        line: int(statement.line),
    }
}

fn stated(kind: String, kernel: Option<String>, row: NameRow) -> Stated {
    let statement = Statement {
        microarch: row.microarch,
        tool: row.tool,
        spelling: row.spelling,
        means: row.means_tool.zip(row.means),
        supported: row.supported != 0,
        file: row.file,
        line: row.line.unsigned_abs(),
    };
    Stated { set: SetId(row.set_id), kind, kernel, statement }
}

fn cpu_row(set_id: i64, at: usize, cpu: &Cpu) -> CpuRow {
    let identity = cpu.identity.clone();
    CpuRow {
        set_id,
        ordinal: int(at),
        line: int(cpu.line),
        arch: identity.arch,
        vendor: identity.vendor,
        family: identity.family,
        model: identity.model,
        stepping: identity.stepping,
        microarch: identity.microarch.unwrap_or_default(),
    }
}

fn cpu(row: CpuRow) -> Cpu {
    let identity = Environment {
        arch: row.arch,
        vendor: row.vendor,
        family: row.family,
        model: row.model,
        stepping: row.stepping,
        microarch: Some(row.microarch),
        ..Environment::default()
    };
    Cpu { line: row.line.unsigned_abs(), identity }
}
