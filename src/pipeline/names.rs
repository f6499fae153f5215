//! Names that users give: read from their files, kept in the database, handed to the catalogue.

mod files;
mod tables;
mod tools;

use std::collections::HashMap;

use crate::catalog::import::{Malformed, Reading, Told};
use crate::catalog::{self, Machine, Microarch, Own, Spelling, Weight};
use crate::store::{Stated, Statement, Store, StoreError};

pub use files::read_names;
pub(super) use files::{shown, text};

/// What a path holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFormat {
    /// A copy of `/sys/bus/event_source/devices`.
    Sysfs,
    /// `perf list -j`.
    PerfList,
    /// Intel's tables of events: a file, or the folder with its `mapfile.csv`.
    Perfmon,
    /// The kernel's `tools/perf/pmu-events/arch/ARCH`, or a file of it.
    PmuEvents,
    /// `ophelp` or `ophelp -X`.
    Ophelp,
    /// `papi_avail` or `papi_native_avail`.
    PapiAvail,
    /// The tables of `OProfile`: the folder of a CPU type, or the one that has those of all.
    Oprofile,
    /// PAPI's `papi_events.csv`.
    Papi,
    /// What libpfm4's `showevtinfo` or `check_events` printed.
    Libpfm,
}

impl NameFormat {
    /// Every format with its word.
    pub const WORDS: [(Self, &'static str); 9] = [
        (Self::Sysfs, "sysfs"),
        (Self::PerfList, "perf-list"),
        (Self::Perfmon, "perfmon"),
        (Self::PmuEvents, "pmu-events"),
        (Self::Ophelp, "ophelp"),
        (Self::PapiAvail, "papi-avail"),
        (Self::Oprofile, "oprofile"),
        (Self::Papi, "papi"),
        (Self::Libpfm, "libpfm"),
    ];

    /// The word used in every output and in the database.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// Whether the machine itself wrote it.
    fn is_of_machine(self) -> bool {
        !matches!(self, Self::Perfmon | Self::PmuEvents | Self::Oprofile | Self::Papi | Self::Libpfm)
    }
}

/// The word for what a person decided.
pub const ALIAS: &str = "alias";

/// Why names were not read; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    /// A file cannot be read.
    #[error("cannot read '{path}': {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A file is not what it was said to be, or contradicts itself.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The machine is not known.
    #[error("{0}")]
    Machine(String),
}

/// What was read, ready to be stored.
#[derive(Debug, Default)]
pub struct Names {
    /// What is said.
    pub statements: Vec<Statement>,
    /// Reasons for which something was left out, each with how often.
    pub left_out: Vec<(String, usize)>,
    /// Version of the tables, if they tell.
    pub version: Option<String>,
}

impl Names {
    /// Takes what was read of one machine. Terms that no event of the machine can be made of are left out; a name that stands for another
    /// name is kept though nobody knows that one, for the meaning that the program's tables have for it is not what was said.
    fn take(&mut self, microarch: Microarch, kernel: Option<&str>, mut reading: Reading) {
        let key = microarch.row.key();
        let statement = |told: &Told| statement(key.clone(), told);
        let own: Vec<catalog::Statement> =
            reading.told.iter().filter_map(|told| own(1, Weight::Table, kernel, statement(told))).collect();
        let machine = Machine::new(microarch).with(Own::new(own));
        let is_understood = |told: &Told| {
            let name = Spelling::read(told.tool, &told.name);
            let is_code = told.means.as_ref().is_some_and(|(tool, _)| *tool == catalog::Tool::Perf);
            !is_code || !catalog::resolve(&name, Some(&machine), kernel).candidates.is_empty()
        };
        let told = std::mem::take(&mut reading.told);
        for told in told {
            if is_understood(&told) {
                self.statements.push(statement(&told));
            } else {
                reading.leave_out("its encoding is of a PMU or a term that is not known", 1);
            }
        }
        for (reason, count) in reading.left_out {
            match self.left_out.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, all)) => *all += count,
                None => self.left_out.push((reason, count)),
            }
        }
    }
}

fn statement(microarch: String, told: &Told) -> Statement {
    Statement {
        microarch,
        tool: told.tool.as_str().to_owned(),
        spelling: told.name.clone(),
        means: told.means.clone().map(|(tool, means)| (tool.as_str().to_owned(), means)),
        supported: told.supported,
        file: told.file.clone(),
        line: u32::try_from(told.line).unwrap_or(u32::MAX),
    }
}

/// A stored statement as the catalogue takes it; `None` when a newer program stored a tool that this one does not know.
fn own(set: i64, weight: Weight, kernel: Option<&str>, statement: Statement) -> Option<catalog::Statement> {
    let means = match &statement.means {
        Some((tool, spelling)) => Some(Spelling::read(tool.parse().ok()?, spelling)),
        None => None,
    };
    Some(catalog::Statement {
        name: Spelling::read(statement.tool.parse().ok()?, &statement.spelling),
        means,
        supported: statement.supported,
        weight,
        set,
        kernel: kernel.map(str::to_owned),
        origin: statement.file,
    })
}

fn of_store(stated: Stated) -> Option<(String, catalog::Statement)> {
    let Stated { set, kind, kernel, mut statement } = stated;
    let format = NameFormat::WORDS.into_iter().find(|(_, word)| *word == kind).map(|(format, _)| format);
    let weight = match format {
        None => Weight::Hand,
        Some(format) if format.is_of_machine() => Weight::Machine,
        Some(_) => Weight::Table,
    };
    let line = if statement.line == 0 { String::new() } else { format!(":{}", statement.line) };
    statement.file = format!("{kind} {}: {}{line}", set.0, statement.file);
    let microarch = statement.microarch.clone();
    Some((microarch, own(set.0, weight, kernel.as_deref(), statement)?))
}

/// What users say of every microarchitecture, by its key; what was said under a key of an earlier catalogue is found under today's.
pub(super) fn stored(store: &mut Store) -> Result<HashMap<String, Vec<catalog::Statement>>, StoreError> {
    let mut all: HashMap<String, Vec<catalog::Statement>> = HashMap::new();
    let mut keys: HashMap<String, String> = HashMap::new();
    for (microarch, statement) in store.stated(None)?.into_iter().filter_map(of_store) {
        let today = || catalog::named(&microarch).map_or_else(|_| microarch.clone(), |found| found.row.key());
        let key = keys.entry(microarch.clone()).or_insert_with(today).clone();
        all.entry(key).or_default().push(statement);
    }
    Ok(all)
}

/// A machine with what users say of its names.
///
/// # Errors
/// The database failed.
pub fn machine(store: &mut Store, microarch: Microarch) -> Result<Machine, StoreError> {
    let mut stated = Vec::new();
    for key in microarch.row.keys() {
        stated.extend(store.stated(Some(&key))?);
    }
    let statements = stated.into_iter().filter_map(of_store).map(|(_, statement)| statement).collect();
    Ok(Machine::new(microarch).with(Own::new(statements)))
}

/// Every machine of which users say something, with what they say.
///
/// # Errors
/// The database failed.
pub fn machines_with_names(store: &mut Store) -> Result<Vec<Machine>, StoreError> {
    let mut all: Vec<(String, Vec<catalog::Statement>)> = stored(store)?.into_iter().collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    let machine = |(key, statements): (String, Vec<catalog::Statement>)| {
        catalog::named(&key).ok().map(|microarch| Machine::new(microarch).with(Own::new(statements)))
    };
    Ok(all.into_iter().filter_map(machine).collect())
}
