//! Where the values of a run came from, one row each.

use std::collections::BTreeMap;

use crate::cli::output::{Cell, Column};
use crate::place::MORE;
use crate::store::query::{Flow, RunRecord, SourceRecord};

pub(super) const COLUMNS: &[Column] = &[
    Column::main("path"),
    Column::detail("digest"),
    Column::main("run"),
    Column::main("field"),
    Column::main("value"),
    Column::main("origin"),
    Column::main("stated_by"),
];

/// Gives a row for each value that is known.
pub(super) fn rows(
    source: &SourceRecord,
    run: &RunRecord,
    labels: &BTreeMap<String, String>,
    mut row: impl FnMut(&[Cell<'_>]) -> Flow,
) -> Flow {
    let sides: Vec<&str> =
        source.sides.iter().flat_map(|sides| sides.lines()).take_while(|line| !line.starts_with(MORE)).map(path_of).collect();
    let values = values(run, labels);
    for (field, origin) in run.origins.split(' ').filter_map(|given| given.rsplit_once('=')) {
        let value = values.get(field).map_or(Cell::Empty, Into::into);
        let stated_by = stated_by(origin, source, &sides).map_or(Cell::Empty, Into::into);
        row(&[(&run.path).into(), Cell::Hex(&run.digest), run.run.into(), field.into(), value, origin.into(), stated_by])?;
    }
    Flow::Continue(())
}

/// A line on a file around is its path and a hash.
fn path_of(line: &str) -> &str {
    line.rsplit_once(' ').map_or(line, |(path, _)| path)
}

/// The file that an origin means: `sidecar:2` is the second of those around.
fn stated_by<'a>(origin: &str, source: &'a SourceRecord, sides: &[&'a str]) -> Option<&'a str> {
    match origin.split_once(':') {
        Some((_, position)) => sides.get(position.parse::<usize>().ok()?.checked_sub(1)?).copied(),
        None if matches!(origin, "file" | "text" | "layout" | "path") => Some(&source.path),
        None => None,
    }
}

fn values(run: &RunRecord, labels: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let number = |number: Option<i32>| number.map(|number| number.to_string());
    let tool = run.tool_version.as_ref().map_or_else(|| run.tool.clone(), |version| format!("{}-{version}", run.tool));
    let fields = [
        ("experiment", run.experiment.clone()),
        ("tool", Some(tool)),
        ("host", run.host.clone()),
        ("repetition", run.repetition.map(|number| number.to_string())),
        ("started_at", run.started_at.map(|at| Cell::wall_clock(at).plain().into_owned())),
        ("arch", run.arch.clone()),
        ("vendor", run.vendor.clone()),
        ("family", number(run.family)),
        ("model", number(run.model)),
        ("stepping", number(run.stepping)),
        ("microarch", run.microarch.clone()),
        ("kernel", run.kernel.clone()),
        ("virt", run.virt.clone()),
    ];
    let fields = fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?)));
    fields.chain(labels.iter().map(|(key, value)| (format!("label.{key}"), value.clone()))).collect()
}
