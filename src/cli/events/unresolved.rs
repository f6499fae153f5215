//! `events unresolved`

use std::io::{self, BufWriter};

use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::store::Access;
use crate::store::query::UnresolvedRecord;

const COLUMNS: &[Column] = &[
    Column::main("tool"),
    Column::main("microarch"),
    Column::main("spelling"),
    Column::main("status"),
    Column::main("results"),
    Column::main("reason"),
];

pub(super) fn run(format: Format, database: &DatabaseArgs) -> anyhow::Result<()> {
    let mut store = database.open(Access::Read)?;
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for record in store.unresolved()? {
        rows.row(&cells(&record))?;
    }
    Ok(rows.finish()?)
}

fn cells(record: &UnresolvedRecord) -> [Cell<'_>; 6] {
    [
        Cell::from(&record.tool),
        Cell::from(&record.microarch),
        Cell::from(&record.spelling),
        Cell::from(&record.status),
        Cell::from(record.results),
        Cell::from(&record.reason),
    ]
}
