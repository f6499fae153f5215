//! The command `trust fit`.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::cli::Exit;
use crate::cli::database::DatabaseArgs;
use crate::cli::exit::Usage;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::cli::selection::tell;
use crate::judge::{self, Fitted, Weighing};
use crate::stats::trust::{Evidence, Weights};
use crate::store::query::Selection;
use crate::store::{Access, Store, StoreError};

/// Arguments of `trust fit`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Learns from every verdict that stands (`prc-etl trust list`), with the usual weights as what is believed before the first. `brier` (less is
better) and `auc` (more is better) of the learnt weights are those on verdicts that were not learnt from, by cross-validation. The rules that
limit a coefficient whatever the evidence are not learnt. Nothing is applied: give the file to `suspects --weights` or `trust explain
--weights`, which say its version. Exit status: 1 when there are fewer than 20 verdicts, or hardly any good or any bad one.")]
pub(super) struct FitArgs {
    /// Write the learnt weights to this file, which must not be there
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

const COLUMNS: &[Column] = &[Column::main("item"), Column::main("usual"), Column::main("learnt")];

/// Runs the command.
pub(super) fn run(database: &DatabaseArgs, format: Format, args: &FitArgs) -> anyhow::Result<Exit> {
    let verdicts = verdicts(&mut database.open(Access::Read)?)?;
    let fitted = match judge::fit(verdicts) {
        Ok(fitted) => fitted,
        Err(error) => {
            writeln!(io::stderr().lock(), "prc-etl: error: nothing is learnt: {error}")?;
            return Ok(Exit::Rejected);
        }
    };
    if let Some(path) = &args.out {
        write(path, &fitted.weighing)?;
    }
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for row in rows_of(&fitted) {
        rows.row(&row)?;
    }
    rows.finish()?;
    if fitted.fit.after.brier >= fitted.fit.before.brier {
        tell("the learnt weights are no better than the usual ones on verdicts that they have not seen");
    }
    Ok(Exit::Success)
}

/// What is known of the results that people judged, and what they say.
fn verdicts(store: &mut Store) -> Result<Vec<(Evidence, f64)>, StoreError> {
    let mut found = Vec::new();
    judge::judge_each(store, &Selection::default(), |_, judged| {
        found.extend(judged.manual.map(|verdict| (judged.evidence, verdict.trust)));
    })?;
    Ok(found)
}

fn rows_of(fitted: &Fitted) -> Vec<[Cell<'static>; 3]> {
    let Fitted { weighing, fit } = fitted;
    let usual = Weighing::default();
    let (before, after) = (fit.before, fit.after);
    let mut rows = vec![
        [Cell::from("version"), Cell::from(usual.version), Cell::from(weighing.version.clone())],
        [Cell::from("verdicts"), Cell::Empty, Cell::from(i64::try_from(fit.verdicts).unwrap_or(i64::MAX))],
        [Cell::from("brier"), Cell::Computed(before.brier), Cell::Computed(after.brier)],
        [Cell::from("auc"), Cell::Computed(before.auc), Cell::Computed(after.auc)],
    ];
    let weights = Weights::NAMES.into_iter().zip(usual.weights.to_array()).zip(weighing.weights.to_array());
    rows.extend(weights.map(|((name, usual), learnt)| [Cell::from(name), Cell::Computed(usual), Cell::Computed(learnt)]));
    rows
}

fn write(path: &Path, weighing: &Weighing) -> Result<(), Usage> {
    let refused = |error: io::Error| Usage(format!("--out {}: {error}", path.display()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(refused)?;
    file.write_all(weighing.to_toml().as_bytes()).map_err(refused)
}
