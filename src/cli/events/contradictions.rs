//! `events contradictions`

use std::io::{self, BufWriter};

use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::pipeline::{self, Finding};
use crate::store::Access;

const COLUMNS: &[Column] = &[
    Column::main("microarch"),
    Column::main("tool"),
    Column::main("spelling"),
    Column::detail("kernel"),
    Column::main("virt"),
    Column::main("supported"),
    Column::main("counted"),
    Column::main("zero"),
    Column::detail("not_counted"),
    Column::main("not_supported"),
    Column::main("finding"),
];

pub(super) fn run(format: Format, database: &DatabaseArgs) -> anyhow::Result<()> {
    let findings = pipeline::findings(&mut database.open(Access::Read)?)?;
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for finding in &findings {
        finding.verdict.contradictions.iter().try_for_each(|told| rows.row(&cells(finding, told)))?;
    }
    Ok(rows.finish()?)
}

fn cells<'a>(finding: &'a Finding, told: &'a str) -> [Cell<'a>; 11] {
    let observed = &finding.record.observed;
    [
        Cell::from(&finding.record.microarch),
        Cell::from(&observed.tool),
        Cell::from(&observed.spelling),
        Cell::from(&observed.kernel),
        Cell::from(&observed.virt),
        Cell::from(finding.verdict.supported.as_str()),
        Cell::from(observed.counted),
        Cell::from(observed.zero),
        Cell::from(observed.not_counted),
        Cell::from(observed.not_supported),
        Cell::from(told),
    ]
}
