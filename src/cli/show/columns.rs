//! The columns of each listing. None but those of the imports holds an id: the same data give the same rows in every database.

use crate::cli::output::{Cell, Column};
use crate::store::query::{ImportRecord, RejectRecord, ResultRecord, RunRecord, SourceRecord};

pub(super) const SOURCES: &[Column] = &[
    Column::main("path"),
    Column::detail("digest"),
    Column::detail("root"),
    Column::main("format"),
    Column::main("taken_for"),
    Column::main("lines"),
    Column::main("result_lines"),
    Column::main("furniture_lines"),
    Column::detail("foreign_lines"),
    Column::main("rejected_lines"),
    Column::main("runs"),
    Column::main("results"),
    Column::detail("bytes"),
    Column::detail("modified_at"),
    Column::detail("parser_version"),
    Column::detail("notes"),
    Column::detail("sides"),
];

pub(super) fn source(row: &SourceRecord) -> [Cell<'_>; 17] {
    [
        (&row.path).into(),
        Cell::hex(&row.digest),
        (&row.root).into(),
        (&row.format).into(),
        (&row.taken_for).into(),
        row.lines.into(),
        row.result_lines.into(),
        row.furniture_lines.into(),
        row.foreign_lines.into(),
        row.rejected_lines.into(),
        row.runs.into(),
        row.results.into(),
        row.bytes.into(),
        row.modified_at.map_or(Cell::Empty, Cell::instant),
        row.parser_version.into(),
        (&row.notes).into(),
        (&row.sides).into(),
    ]
}

pub(super) const RUNS: &[Column] = &[
    Column::main("path"),
    Column::detail("digest"),
    Column::main("run"),
    Column::main("line"),
    Column::main("experiment"),
    Column::main("tool"),
    Column::main("tool_version"),
    Column::main("host"),
    Column::main("labels"),
    Column::main("repetition"),
    Column::main("arch"),
    Column::detail("vendor"),
    Column::detail("family"),
    Column::detail("model"),
    Column::detail("stepping"),
    Column::main("microarch"),
    Column::main("kernel"),
    Column::detail("virt"),
    Column::detail("origins"),
    Column::detail("command"),
    Column::detail("target"),
    Column::main("started_at"),
    Column::main("wall_seconds"),
    Column::detail("wall_spread_percent"),
    Column::detail("user_seconds"),
    Column::detail("sys_seconds"),
    Column::main("repeats"),
];

pub(super) fn run(row: &RunRecord) -> [Cell<'_>; 27] {
    [
        (&row.path).into(),
        Cell::hex(&row.digest),
        row.run.into(),
        row.line.into(),
        (&row.experiment).into(),
        (&row.tool).into(),
        (&row.tool_version).into(),
        (&row.host).into(),
        (&row.labels).into(),
        row.repetition.into(),
        (&row.arch).into(),
        (&row.vendor).into(),
        row.family.into(),
        row.model.into(),
        row.stepping.into(),
        (&row.microarch).into(),
        (&row.kernel).into(),
        (&row.virt).into(),
        (&row.origins).into(),
        (&row.command).into(),
        (&row.target).into(),
        row.started_at.map_or(Cell::Empty, Cell::wall_clock),
        row.wall_seconds.into(),
        row.wall_spread_percent.into(),
        row.user_seconds.into(),
        row.sys_seconds.into(),
        row.repeats.into(),
    ]
}

pub(super) const RESULTS: &[Column] = &[
    Column::main("path"),
    Column::detail("digest"),
    Column::main("run"),
    Column::detail("ordinal"),
    Column::main("line"),
    Column::main("experiment"),
    Column::detail("tool"),
    Column::detail("tool_version"),
    Column::detail("host"),
    Column::detail("labels"),
    Column::detail("repetition"),
    Column::detail("arch"),
    Column::detail("microarch"),
    Column::detail("kernel"),
    Column::main("kind"),
    Column::main("event"),
    Column::main("value"),
    Column::detail("count"),
    Column::main("unit"),
    Column::main("status"),
    Column::detail("flags"),
    Column::detail("scope_kind"),
    Column::main("scope"),
    Column::detail("cgroup"),
    Column::detail("members"),
    Column::main("interval_ns"),
    Column::main("running_percent"),
    Column::main("spread_percent"),
    Column::detail("runtime_ns"),
    Column::detail("metric_of"),
];

pub(super) fn result<'a>(row: &ResultRecord<'a>) -> [Cell<'a>; 30] {
    let (run, scope) = (row.run, row.scope);
    [
        (&run.path).into(),
        Cell::hex(&run.digest),
        run.run.into(),
        row.ordinal.into(),
        row.line.into(),
        (&run.experiment).into(),
        (&run.tool).into(),
        (&run.tool_version).into(),
        (&run.host).into(),
        (&run.labels).into(),
        run.repetition.into(),
        (&run.arch).into(),
        (&run.microarch).into(),
        (&run.kernel).into(),
        row.spelling.kind.as_str().into(),
        (&row.spelling.text).into(),
        // An exact count is shown as such: the float beside it rounds above 2^53.
        row.count.map_or(row.value.into(), Cell::Int),
        row.count.into(),
        (&row.spelling.unit).into(),
        row.status.as_str().into(),
        i32::from(row.flags.0).into(),
        scope.map_or(Cell::Empty, |scope| scope.kind.as_str().into()),
        scope.map_or(Cell::Empty, |scope| (&scope.label).into()),
        scope.map_or(Cell::Empty, |scope| (&scope.cgroup).into()),
        scope.and_then(|scope| scope.members).into(),
        row.interval_ns.into(),
        row.running_percent.into(),
        row.spread_percent.into(),
        row.runtime_ns.into(),
        row.metric_of.into(),
    ]
}

pub(super) const REJECTS: &[Column] = &[
    Column::main("path"),
    Column::detail("root"),
    Column::main("line"),
    Column::main("column"),
    Column::main("kind"),
    Column::main("reason"),
    Column::main("text"),
];

pub(super) fn reject(row: &RejectRecord) -> [Cell<'_>; 7] {
    [
        (&row.path).into(),
        (&row.root).into(),
        row.line.into(),
        row.col.into(),
        (&row.kind).into(),
        (&row.reason).into(),
        (&row.text).into(),
    ]
}

pub(super) const IMPORTS: &[Column] = &[
    Column::main("import"),
    Column::main("status"),
    Column::main("started_at"),
    Column::main("finished_at"),
    Column::main("sources"),
    Column::main("lines"),
    Column::main("rejected_lines"),
    Column::detail("program_version"),
    Column::main("arguments"),
    Column::detail("report"),
];

pub(super) fn import(row: &ImportRecord) -> [Cell<'_>; 10] {
    [
        row.import_id.into(),
        (&row.status).into(),
        Cell::instant(row.started_at),
        row.finished_at.map_or(Cell::Empty, Cell::instant),
        row.sources.into(),
        row.lines.into(),
        row.rejected_lines.into(),
        (&row.program_version).into(),
        (&row.arguments).into(),
        (&row.report).into(),
    ]
}
