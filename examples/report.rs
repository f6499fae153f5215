//! A test program reports what it measured, and asks how the numbers of its experiment are distributed.
//!
//! ```text
//! perf stat -x\; ./bench 2>perf.txt && cargo run --example report -- results.db bench perf.txt
//! ```
//!
//! Without arguments it reports five outputs that are written below, into a database that goes with it.

use std::error::Error;
use std::io::{self, Write};

use prc_etl::pipeline::{self, Summary};
use prc_etl::place::{Facts, Local, PlaceOptions, Placer};
use prc_etl::question::{By, Options, groups};
use prc_etl::store::query::Selection;
use prc_etl::store::query::selection::{Field, Pattern};
use prc_etl::store::{Access, DatabaseUrl, ImportHeader, ImportStatus, Rebind, Storable, Store};

/// Instructions of five runs, as `perf stat -x\; -e instructions:u` prints them.
const RUNS: [u64; 5] = [10_000_005, 10_000_003, 10_000_005, 10_000_011, 10_000_004];

/// Loads outputs of one experiment as one import: path and text of each. This machine is where they come from.
fn report(store: &mut Store, experiment: &str, outputs: &[(String, String)]) -> Result<Summary, Box<dyn Error>> {
    let given = Facts { experiment: Some(experiment.to_owned()), ..Facts::default() };
    let placer = Placer::new(PlaceOptions { given, local: Some(Local::read()), ..PlaceOptions::default() });
    let header = ImportHeader { program_version: env!("CARGO_PKG_VERSION").to_owned(), arguments: "example report".to_owned() };
    let source = |(path, text): &(String, String)| Storable::from(pipeline::read_text(path, text, &placer));
    let sources: Vec<Storable> = outputs.iter().map(source).collect();

    let import = store.begin_import(&header)?;
    let verdicts = store.load(import, &sources)?;
    let mut summary = Summary::default();
    for (source, verdict) in sources.iter().zip(&verdicts) {
        summary.add(source, verdict);
    }
    store.finish_import(import, ImportStatus::Done, &serde_json::to_string(&summary)?)?;
    // From now on the names of the events are tied to what they count on this CPU.
    pipeline::bind(store, Rebind::Missing)?;
    Ok(summary)
}

/// Prints the distribution of each event of an experiment. Numbers that mean different things never share a line.
fn distribution(store: &mut Store, experiment: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut selection = Selection::default();
    selection.add(false, Field::Experiment, Pattern::exactly(experiment))?;
    let options = Options { by: By::new([Field::Event])?, mixed: Vec::new(), with_points: false };
    for group in groups(store, &selection, &options)?.groups {
        let (name, unit) = (group.names.best().unwrap_or("?"), group.key.aspects.unit.as_deref().unwrap_or(""));
        let Some(sample) = group.values.sample() else {
            writeln!(out, "{name}: no number, {:?}", group.missing)?;
            continue;
        };
        let d = sample.describe();
        writeln!(out, "{name} {unit}: n {}, median {}, quartiles {} to {}, mean {}", d.n, d.median, d.q1, d.q3, d.mean)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let directory = tempfile::tempdir()?;
    let (url, experiment, outputs) = match arguments.as_slice() {
        [database, experiment, files @ ..] if !files.is_empty() => {
            let read = |file: &String| Ok::<_, io::Error>((file.clone(), std::fs::read_to_string(file)?));
            (database.parse()?, experiment.as_str(), files.iter().map(read).collect::<Result<Vec<_>, _>>()?)
        }
        [] => {
            let output = |count: &u64| format!("{count};;instructions:u;1203944;100.00;;\n");
            let outputs = RUNS.iter().enumerate().map(|(run, count)| (format!("loop/{run}"), output(count))).collect();
            (DatabaseUrl::sqlite(directory.path().join("example.db")), "loop", outputs)
        }
        _ => return Err("usage: report [DATABASE EXPERIMENT FILE...]".into()),
    };
    let mut out = io::stdout().lock();
    let mut store = Store::open(&url, Access::Write)?;
    let summary = report(&mut store, experiment, &outputs)?;
    writeln!(
        out,
        "{} new, {} already there, {} rejects",
        summary.sources.new,
        summary.sources.already_there,
        summary.rejected()
    )?;
    distribution(&mut store, experiment, &mut out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reported_twice_is_stored_once_and_its_distribution_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let mut store = Store::open(&DatabaseUrl::sqlite(directory.path().join("x.db")), Access::Write).unwrap();
        let outputs: Vec<(String, String)> = RUNS
            .iter()
            .enumerate()
            .map(|(run, count)| (format!("loop/{run}"), format!("{count};;instructions:u;1;100.00;;\n")))
            .collect();
        assert_eq!(report(&mut store, "loop", &outputs).unwrap().sources.new, 5);
        assert_eq!(report(&mut store, "loop", &outputs).unwrap().sources.already_there, 5);
        let mut out = Vec::new();
        distribution(&mut store, "loop", &mut out).unwrap();
        let told = "instructions:u : n 5, median 10000005, quartiles 10000004 to 10000005, mean 10000005.6\n";
        assert_eq!(String::from_utf8(out).unwrap(), told);
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
    }
}
