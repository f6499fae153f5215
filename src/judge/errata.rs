//! Known faults of machines, kernels and tools: a table in the binary, each row with its source, and what of it concerns a number.
//!
//! A row says where it holds (tool with range of versions, machine, range of kernels, events), what it does to the number, and when: a
//! fault that shows only in repeats, or above 2^53, takes no trust from other numbers. An empty cell is no condition. The columns:
//!
//! | column | |
//! |---|---|
//! | `machines` | keys of microarchitectures, or `VENDOR/FAMILY/FIRST-LAST` (models), parted by `\|` |
//! | `tool_from`, `tool_below`, `kernel_from`, `kernel_below` | versions; the first is in, the last is not |
//! | `events` | names as printed, `*` at the end for any rest, or `class:NAME`, parted by `\|` |
//! | `when` | `repeats`, `zero`, `above=N`, `below=N`, `elapsed-below=SECONDS`, `interval-multiplexed` |

use std::sync::OnceLock;

use super::is_multiplexed;
use crate::model::Environment;
use crate::store::query::selection::by_version;
use crate::store::query::{Fact, Names, RunFacts};

const TABLE: &str = include_str!("../../catalog/errata.csv");

/// What a fault does to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Too much is counted.
    Overcount,
    /// Too little is counted.
    Undercount,
    /// Another number is printed.
    Wrong,
    /// Nobody says.
    Unknown,
}

impl Effect {
    const WORDS: [(Self, &'static str); 4] =
        [(Self::Overcount, "overcount"), (Self::Undercount, "undercount"), (Self::Wrong, "wrong"), (Self::Unknown, "unknown")];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

/// When a fault shows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum When {
    Always,
    Repeats,
    Zero,
    Above(f64),
    Below(f64),
    ElapsedBelow(f64),
    IntervalMultiplexed,
}

#[derive(Debug, Clone, PartialEq)]
enum Machine {
    Microarch(String),
    Models { vendor: String, family: i32, first: i32, last: i32 },
}

/// A known fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Erratum {
    /// Its name: `amd-1054`, `perf-6.1-last-run`.
    pub id: String,
    /// What is at fault: `tool`, `cpu` or `kernel`.
    pub what: String,
    /// What it does to the number.
    pub effect: Effect,
    /// What is known of it.
    pub text: String,
    /// Who says so.
    pub source: String,
    tool: String,
    tool_versions: [String; 2],
    machines: Vec<Machine>,
    kernels: [String; 2],
    events: Vec<String>,
    when: When,
}

/// The faults that this program knows.
///
/// # Panics
/// Never: the table is part of the binary, and a test reads it.
pub fn bundled() -> &'static [Erratum] {
    static ERRATA: OnceLock<Vec<Erratum>> = OnceLock::new();
    ERRATA.get_or_init(|| read(TABLE).expect("a test reads the table"))
}

/// Faults that a user knows beside, for the rest of the process; those of the first call count.
pub fn extend(errata: Vec<Erratum>) {
    let _ = OWN.set(errata);
}

/// Those of the program, and those that a user knows beside.
pub(super) fn all() -> impl Iterator<Item = &'static Erratum> {
    bundled().iter().chain(OWN.get().into_iter().flatten())
}

static OWN: OnceLock<Vec<Erratum>> = OnceLock::new();

/// Reads a table; the reason, with the line, where it cannot be read.
///
/// # Errors
/// The first line does not name the columns of the own table, a row has another number of columns, or a cell means nothing.
pub fn read(table: &str) -> Result<Vec<Erratum>, String> {
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let columns = TABLE.lines().next().unwrap_or_default();
    if !rows.headers().map_err(|error| error.to_string())?.iter().eq(columns.split(',')) {
        return Err(format!("the first line must name the columns: {columns}"));
    }
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.map_err(|error| error.to_string())?;
        let line = row.position().map_or(0, csv::Position::line);
        erratum(&row).map_err(|reason| format!("line {line}: {reason}"))
    };
    rows.records().map(row).collect()
}

/// A row, which has as many cells as the first line; the reason where it is none.
fn erratum(row: &csv::StringRecord) -> Result<Erratum, String> {
    let mut cells = row.iter().map(str::to_owned);
    let mut cell = || cells.next().unwrap_or_default();
    let (id, what, tool) = (cell(), cell(), cell());
    let (tool_versions, machines, kernels) = ([cell(), cell()], cell(), [cell(), cell()]);
    let (events, effect, when) = (cell(), cell(), cell());
    let (text, source) = (cell(), cell());
    if !matches!(what.as_str(), "tool" | "cpu" | "kernel") {
        return Err(format!("`what` is '{what}', and must be tool, cpu or kernel"));
    }
    if source.is_empty() {
        return Err("`source` is empty; say who knows of the fault".to_owned());
    }
    let known = Effect::WORDS.into_iter().find(|(_, word)| *word == effect);
    let words = Effect::WORDS.map(|(_, word)| word).join(", ");
    let (effect, _) = known.ok_or_else(|| format!("`effect` is '{effect}', and must be one of {words}"))?;
    let machine = |text| machine(text).ok_or_else(|| format!("'{text}' in `machines` is not VENDOR/FAMILY/FIRST-LAST"));
    let machines = machines.split('|').filter(|machine| !machine.is_empty()).map(machine).collect::<Result<_, _>>()?;
    let when = self::when(&when).ok_or_else(|| format!("`when` is '{when}', and must be empty or one of {WHEN}"))?;
    let events = events.split('|').filter(|event| !event.is_empty()).map(str::to_owned).collect();
    Ok(Erratum { id, what, effect, text, source, tool, tool_versions, machines, kernels, events, when })
}

fn machine(text: &str) -> Option<Machine> {
    let Some((vendor, rest)) = text.split_once('/') else { return Some(Machine::Microarch(text.to_owned())) };
    let (family, models) = rest.split_once('/')?;
    let (first, last) = models.split_once('-')?;
    let number = |text: &str| text.parse().ok();
    Some(Machine::Models { vendor: vendor.to_owned(), family: number(family)?, first: number(first)?, last: number(last)? })
}

/// The forms that `when` reads.
const WHEN: &str = "repeats, zero, interval-multiplexed, above=N, below=N, elapsed-below=SECONDS";

fn when(text: &str) -> Option<When> {
    let (name, number) = text.split_once('=').map_or((text, None), |(name, number)| (name, number.parse::<f64>().ok()));
    Some(match (name, number) {
        ("", None) => When::Always,
        ("repeats", None) => When::Repeats,
        ("zero", None) => When::Zero,
        ("interval-multiplexed", None) => When::IntervalMultiplexed,
        ("above", Some(number)) => When::Above(number),
        ("below", Some(number)) => When::Below(number),
        ("elapsed-below", Some(number)) => When::ElapsedBelow(number),
        _ => return None,
    })
}

/// The faults that may concern the numbers of a run.
pub(super) fn of_run(names: &Names, run: &RunFacts) -> Vec<&'static Erratum> {
    let place = run.place();
    let Some(tool) = names.tool(place.tool_id) else { return Vec::new() };
    let environment = names.environment(place.environment_id);
    let microarch = names.microarch(place.environment_id);
    let kernel = environment.and_then(|environment| environment.kernel.as_deref());
    let holds = |erratum: &&Erratum| {
        (erratum.tool.is_empty() || erratum.tool == tool.name)
            && is_within(&erratum.tool_versions, tool.version.as_deref())
            && is_within(&erratum.kernels, kernel)
            && (erratum.machines.is_empty() || erratum.machines.iter().any(|machine| machine.is(environment, microarch)))
    };
    all().filter(holds).collect()
}

/// Whether a version is in a range; what is not known is in none that has a bound.
fn is_within([from, below]: &[String; 2], version: Option<&str>) -> bool {
    let least = from.is_empty() || version.is_some_and(|version| by_version(version, from).is_ge());
    let most = below.is_empty() || version.is_some_and(|version| by_version(version, below).is_lt());
    least && most
}

impl Machine {
    fn is(&self, environment: Option<&Environment>, microarch: Option<&str>) -> bool {
        match self {
            Self::Microarch(key) => microarch == Some(key),
            Self::Models { vendor, family, first, last } => environment.is_some_and(|environment| {
                environment.vendor.as_deref() == Some(vendor)
                    && environment.family == Some(*family)
                    && environment.model.is_some_and(|model| (*first..=*last).contains(&model))
            }),
        }
    }
}

impl Erratum {
    /// Whether it concerns a number of a run that it may concern.
    pub(super) fn concerns(&self, names: &Names, run: &RunFacts, fact: &Fact<'_>) -> bool {
        let Some(value) = fact.value else { return false };
        let shows = match self.when {
            When::Always => true,
            // CSV and JSON do not say how many.
            When::Repeats => run.repeats.is_some_and(|repeats| repeats > 1) || fact.spread_percent.is_some(),
            When::Zero => value == 0.0,
            When::Above(least) => value > least,
            When::Below(most) => value < most,
            When::ElapsedBelow(seconds) => run.wall_seconds.is_some_and(|elapsed| elapsed < seconds),
            When::IntervalMultiplexed => fact.interval_ns.is_some() && is_multiplexed(fact),
        };
        let text = names.spelling(fact.spelling_id).map_or("", |spelling| &spelling.text);
        let class = names.same_event(run.name(fact.spelling_id)).and_then(|event| event.class.as_deref());
        shows && (self.events.is_empty() || self.events.iter().any(|event| is_event(event, text, class)))
    }
}

fn is_event(pattern: &str, text: &str, class: Option<&str>) -> bool {
    match (pattern.strip_prefix("class:"), pattern.strip_suffix('*')) {
        (Some(name), _) => class == Some(name),
        (None, Some(start)) => text.starts_with(start),
        (None, None) => text == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_can_be_read_and_names_its_source() {
        let errata = bundled();
        assert_eq!(errata.len(), TABLE.lines().count() - 1);
        let mut ids: Vec<&str> = errata.iter().map(|erratum| erratum.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), errata.len());
    }

    #[test]
    fn rows_without_source_or_sense_are_refused_with_their_line() {
        let head = TABLE.lines().next().unwrap();
        let refused = |row: &str| read(&format!("{head}\n{row}\n")).unwrap_err();
        assert_eq!(refused("a,tool,perf,,,,,,*,wrong,,text,"), "line 2: `source` is empty; say who knows of the fault");
        assert!(refused("a,tool,perf,,,,,,*,strange,,text,somebody").starts_with("line 2: `effect` is 'strange'"));
        assert!(refused("a,tool,perf,,,,,,*,wrong,above=x,text,somebody").starts_with("line 2: `when` is 'above=x'"));
        assert!(refused("a,cpu,,,,AuthenticAMD/23/x,,,*,wrong,,text,somebody").contains("'AuthenticAMD/23/x' in `machines`"));
        assert!(refused("a,perf,,,,,,,*,wrong,,text,somebody").contains("`what` is 'perf'"));
        assert!(refused("a,b").contains("fields"));
        assert_eq!(read(&format!("{head}\na,tool,perf,,,,,,*,wrong,,text,somebody\n")).unwrap().len(), 1);
    }

    #[test]
    fn a_table_whose_first_line_is_no_head_is_refused_and_loses_no_row() {
        for table in ["", "x\n", "a,tool,perf,,,,,,*,wrong,,text,somebody\n"] {
            assert!(read(table).unwrap_err().starts_with("the first line must name the columns: id,what,"), "{table}");
        }
        assert_eq!(read(TABLE.lines().next().unwrap()), Ok(Vec::new()));
    }

    #[test]
    fn versions_without_a_number_are_in_no_range_with_a_bound() {
        let range = |from: &str, below: &str| [from.to_owned(), below.to_owned()];
        let within = |version| is_within(&range("6.1", "6.2"), version);
        assert_eq!(
            ["6.1", "6.1.187", "6.2", "6.12.95", "5.10"].map(|version| within(Some(version))),
            [true, true, false, false, false]
        );
        assert!(!within(None) && is_within(&range("", ""), None));
    }
}
