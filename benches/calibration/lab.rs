//! Faults planted into the logs of `fixtures/lab`, which then go the way of every log: files, import, database, judgement.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::process::Command;

use prc_etl::judge::{ResultId, judge_each};
use prc_etl::model::{Kind, Status};
use prc_etl::stats::Draws;
use prc_etl::store::query::Selection;
use prc_etl::store::{Access, DatabaseUrl, Store};

use super::fault::Fault;
use super::judged::Row;
use super::rivals::{fences, three_sigma};

/// Lines of each log, by its path below the laboratory.
type Logs = BTreeMap<PathBuf, Vec<String>>;

/// Paths and lines, from 1, of numbers that are wrong now.
type Places = Vec<(PathBuf, usize)>;

/// What is said of every count of the laboratory after a fault was planted into about half of its groups of runs.
pub(super) fn judged(fault: Fault, seed: u64) -> Result<Vec<Row>, Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let mut logs = Logs::new();
    let laboratory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lab");
    read(&laboratory, &laboratory, &mut logs)?;
    let places = plant(fault, &mut logs, &mut Draws::from_seed(seed));
    let (tree, database) = (directory.path().join("lab"), directory.path().join("lab.db"));
    write(&tree, &logs)?;
    let import = Command::new(env!("CARGO_BIN_EXE_prc-etl"))
        .arg("import")
        .arg(&tree)
        .arg("--quiet")
        .arg("--db")
        .arg(&database)
        .status()?;
    if !import.success() {
        return Err(format!("the import of {fault:?} ended with {import}").into());
    }
    let mut store = Store::open(&DatabaseUrl::sqlite(database), Access::Read)?;
    rows(&mut store, fault, &places)
}

fn read(root: &Path, directory: &Path, logs: &mut Logs) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, logs)?;
        } else {
            let lines = fs::read_to_string(&path)?.lines().map(str::to_owned).collect();
            logs.insert(path.strip_prefix(root)?.to_owned(), lines);
        }
    }
    Ok(())
}

fn write(root: &Path, logs: &Logs) -> Result<(), Box<dyn Error>> {
    for (path, lines) in logs {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, lines.join("\n") + "\n")?;
    }
    Ok(())
}

/// Where a line has the count of an event, if it has one of at least four digits.
fn count(line: &str) -> Option<Range<usize>> {
    const EVENTS: [&str; 6] = ["cycles", "instructions", "page-faults", "CPU_CYCLES", "INST_RETIRED", "PAPI_TOT_"];
    let is_number = |token: &&str| token.len() >= 4 && token.chars().all(|c| c.is_ascii_digit() || c == ',');
    let token = line.split([' ', '\t', '"']).find(is_number)?;
    let start = line.find(token)?;
    // `"cycles"` of PAPI is the time stamp counter, and no event.
    let is_event = EVENTS.iter().any(|event| line.contains(event)) && !line.contains("\"cycles\"");
    is_event.then_some(start..start + token.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of the laboratory are small")]
fn value(line: &str, at: Range<usize>) -> f64 {
    line[at].replace(',', "").parse::<u64>().map_or(0.0, |count| count as f64)
}

/// Runs of one tool in one mode, with the same lines each.
fn plant(fault: Fault, logs: &mut Logs, draws: &mut Draws) -> Places {
    let mut groups: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in logs.keys().filter(|path| path.components().count() > 1) {
        groups.entry(path.parent().unwrap_or(path).to_owned()).or_default().push(path.clone());
    }
    let mut places = Places::new();
    for (group, members) in &groups {
        let text = group.to_string_lossy();
        let is_wanted = match fault {
            Fault::BiasedTool => text.contains("ocount"),
            // Only perf says the share of the time in its logs.
            Fault::Multiplexed => text.contains("perf") && draws.below(2) == 0,
            _ => draws.below(2) == 0,
        };
        if is_wanted {
            places.extend(plant_group(fault, members, logs, draws));
        }
    }
    places
}

fn plant_group(fault: Fault, members: &[PathBuf], logs: &mut Logs, draws: &mut Draws) -> Places {
    let counts: Vec<usize> = (0..logs[&members[0]].len()).filter(|&at| count(&logs[&members[0]][at]).is_some()).collect();
    if counts.is_empty() {
        return Places::new();
    }
    let first = draws.below(members.len());
    let chosen = counts[draws.below(counts.len())];
    let (many, lines) = match fault {
        Fault::BiasedTool => (members.len(), counts),
        Fault::BadMachine => (members.len().div_ceil(4), vec![chosen]),
        _ => (1, vec![chosen]),
    };
    let mut places = Places::new();
    for path in (0..many).map(|at| &members[(first + at) % members.len()]) {
        let Some(log) = logs.get_mut(path) else { continue };
        places.extend(lines.iter().filter(|&&at| spoil(fault, log, at, draws)).map(|at| (path.clone(), at + 1)));
    }
    places
}

/// Puts the fault into a line; `false` when that changes nothing, as in a swap of equal numbers.
fn spoil(fault: Fault, log: &mut [String], at: usize, draws: &mut Draws) -> bool {
    let Some(place) = count(&log[at]) else { return false };
    let good = value(&log[at], place.clone());
    let numbers = log.iter().filter_map(|line| Some(value(line, count(line)?)));
    let other = numbers.into_iter().find(|number| (number - good).abs() >= 1.0).unwrap_or(good);
    let bad = fault.of(good, other, draws);
    let text = if log[at][place.clone()].contains(',') { with_commas(bad) } else { format!("{bad:.0}") };
    log[at].replace_range(place, &text);
    if fault == Fault::Multiplexed {
        log[at].push_str("    (10.00%)");
    }
    (bad - good).abs() >= 1.0
}

fn with_commas(number: f64) -> String {
    let digits = format!("{number:.0}");
    let separator = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.chars().enumerate().flat_map(|(at, digit)| separator(at).chars().chain([digit])).collect()
}

/// A count of the laboratory: its place, and its group by directory and spelling.
struct Count {
    id: ResultId,
    path: PathBuf,
    line: usize,
    spelling: String,
    value: f64,
}

fn rows(store: &mut Store, fault: Fault, places: &Places) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut trust: HashMap<ResultId, f64> = HashMap::new();
    judge_each(store, &Selection::default(), |id, judged| _ = trust.insert(id, judged.judgement.auto))?;
    let mut groups: BTreeMap<(PathBuf, String), Vec<Count>> = BTreeMap::new();
    store.each_result(&Selection::default(), |result| {
        let is_count = result.spelling.kind == Kind::Count && result.status == Status::Counted;
        if let Some(value) = result.value.filter(|_| is_count) {
            let (path, spelling) = (PathBuf::from(&result.run.path), result.spelling.text.clone());
            let line = usize::try_from(result.line).unwrap_or(0);
            let count = Count { id: result.id(), path, line, spelling, value };
            groups
                .entry((count.path.parent().unwrap_or(&count.path).to_owned(), count.spelling.clone()))
                .or_default()
                .push(count);
        }
        ControlFlow::Continue(())
    })?;
    let mut rows = Vec::new();
    for counts in groups.values() {
        let values: Vec<f64> = counts.iter().map(|count| count.value).collect();
        for ((count, sigma), fences) in counts.iter().zip(three_sigma(&values)).zip(fences(&values)) {
            let is_bad = places.iter().any(|(path, line)| *path == count.path && *line == count.line);
            let scores = [trust.get(&count.id).copied().unwrap_or(0.0), sigma, fences];
            rows.push(Row { fault: is_bad.then_some(fault), data: None, size: counts.len(), scores });
        }
    }
    Ok(rows)
}
