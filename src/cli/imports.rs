//! The command `imports`.

use std::io::{self, Write};

use super::Exit;
use super::database::DatabaseArgs;
use super::exit::Usage;
use crate::store::{Access, ImportId, StoreError};

/// Arguments of `imports`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Deletes everything that an import loaded (what it had replaced does not come back)
    Undo {
        /// Number of the import, as `prc-etl show imports` lists it
        #[arg(value_name = "N")]
        import: i64,
    },
}

/// Runs the command.
#[expect(clippy::needless_pass_by_value, reason = "the signature is shared by all commands")]
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let Action::Undo { import } = args.action;
    let mut store = args.database.open(Access::Existing)?;
    let report = store.import_report(ImportId(import))?;
    let undone = store.undo_import(ImportId(import)).map_err(|error| match error {
        StoreError::NoSuchImport(_) | StoreError::AlreadyUndone(_) => Usage(error.to_string()).into(),
        error => anyhow::Error::from(error),
    })?;
    writeln!(
        io::stdout().lock(),
        "import {import} undone: {} sources, {} runs, {} rows of results, {} rows of profiles, {} facts about events and {} rejects deleted{}",
        undone.sources,
        undone.runs,
        undone.result_rows,
        undone.entries,
        undone.supports,
        undone.rejects,
        what_is_lost(report.as_deref())
    )?;
    Ok(Exit::Success)
}

/// What an undo cannot bring back, as the report of the import tells.
fn what_is_lost(report: Option<&str>) -> String {
    let report = report.and_then(|report| serde_json::from_str::<serde_json::Value>(report).ok());
    match report.and_then(|report| report["sources"]["replaced"].as_u64()) {
        Some(0) => String::new(),
        Some(number) => format!("; what {number} of these sources had replaced does not come back"),
        None => "; what they had replaced, if anything, does not come back (the import left no report)".to_owned(),
    }
}
