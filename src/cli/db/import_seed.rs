//! `db import-seed`

use std::io::{self, Write};

use anyhow::Context;
use serde_json::json;

use crate::cli::database::DatabaseArgs;
use crate::cli::escape::escaped;
use crate::cli::exit::{Exit, Usage, sentence};
use crate::cli::import::Form;
use crate::pipeline::{self, SeedFinding as Finding, Summary};
use crate::store::seed::SeedDatabase;
use crate::store::{Access, DatabaseUrl, ImportHeader, ImportStatus, Rebind, Store, UrlError};

/// Arguments of `db import-seed`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The old database, `postgres://USER@HOST/NAME`; it is read in one transaction and never written
    // Kept as text for the reason that `--db` is: the error of a value parser would print its password.
    #[arg(value_name = "URL")]
    url: String,

    /// Form of the report at the end, on standard output
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Table)]
    report: Form,
}

/// Runs the command. The old database is looked at first: when it is none, ours is not even created.
pub(super) fn run(database: &DatabaseArgs, args: &Args) -> anyhow::Result<Exit> {
    let url: DatabaseUrl = args.url.parse().map_err(|error: UrlError| Usage(error.to_string()))?;
    let mut seed = SeedDatabase::open(&url)?;
    let mut store = database.open(Access::Write)?.under(pipeline::seed_rules());
    let header = ImportHeader {
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        arguments: format!("db import-seed {url} --db {}", store.url()),
    };
    let import = store.begin_import(&header)?;
    let (summary, findings) = match pipeline::import_seed(&mut seed, &mut store, import) {
        Ok((summary, findings)) => (summary, findings.list()),
        Err(error) => {
            let error = anyhow::Error::from(error);
            let report = json!({ "seed": url.to_string(), "status": "failed", "error": sentence(&error) }).to_string();
            // The first error is the one that matters.
            let _ = store.finish_import(import, ImportStatus::Failed, &report);
            return Err(error).context("the import failed half-way; what was loaded stays, run it again to load the rest");
        }
    };
    let report = report(&url, import.0, &summary, &findings)?;
    store.finish_import(import, ImportStatus::Done, &report)?;
    pipeline::bind(&mut store, Rebind::Missing)
        .context("everything is loaded, but not tied to its events; the next import or `prc-etl events bind` does that")?;
    let mut out = io::stdout().lock();
    match args.report {
        Form::Json => writeln!(out, "{report}")?,
        Form::Table => table(&mut out, (&url, &store), import.0, &summary, &findings)?,
    }
    Ok(if summary.rejected() == 0 { Exit::Success } else { Exit::Rejected })
}

/// The report that is kept with the import and printed on request.
fn report(url: &DatabaseUrl, import: i64, summary: &Summary, findings: &[Finding]) -> serde_json::Result<String> {
    let mut report = serde_json::to_value(summary)?;
    let own = json!({
        "report_version": 1,
        "program_version": env!("CARGO_PKG_VERSION"),
        "import": import,
        "seed": url.to_string(),
        "status": "done",
        "interpreted": findings,
    });
    if let (Some(report), serde_json::Value::Object(own)) = (report.as_object_mut(), own) {
        report.extend(own);
    }
    serde_json::to_string_pretty(&report)
}

fn table(
    out: &mut impl Write,
    (url, store): (&DatabaseUrl, &Store),
    import: i64,
    summary: &Summary,
    findings: &[Finding],
) -> io::Result<()> {
    let (sources, lines) = (&summary.sources, &summary.lines);
    writeln!(out, "import {import} done: {url} into {}", store.url())?;
    let counts = [("new", sources.new), ("replaced", sources.replaced), ("already there", sources.already_there)];
    for (name, number) in counts {
        writeln!(out, "  {name:<14} {number:>12}  sources of at most 10000 rows")?;
    }
    let where_lines_went =
        format!("{} with results + {} without + {} rejected", lines.results, lines.furniture, lines.rejected);
    writeln!(out, "  {:<14} {:>12}  {where_lines_went}", "lines", lines.total)?;
    writeln!(out, "  {:<14} {:>12}  one for each result", "runs", summary.runs)?;
    writeln!(out, "  {:<14} {:>12}", "rejects", summary.rejected())?;
    if !findings.is_empty() {
        writeln!(out, "interpreted:")?;
    }
    for found in findings {
        writeln!(out, "  {:>12}  {}", found.number, found.what)?;
        writeln!(out, "  {:>12}  first: {}", "", escaped(&found.example))?;
    }
    Ok(())
}
