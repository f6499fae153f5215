//! `events conflicts`

use std::io::{self, BufWriter};

use crate::catalog::{self, Dispute};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::pipeline;

const COLUMNS: &[Column] = &[
    Column::main("microarch"),
    Column::main("tool_a"),
    Column::main("name_a"),
    Column::main("config_a"),
    Column::main("tool_b"),
    Column::main("name_b"),
    Column::main("config_b"),
    Column::detail("source_a"),
    Column::detail("source_b"),
];

/// Names of users that differ from another statement, the winner first; then the names that the tables themselves have twice.
pub(super) fn run(format: Format, database: &DatabaseArgs) -> anyhow::Result<()> {
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    if let Some(mut store) = database.open_if_any()? {
        for machine in pipeline::machines_with_names(&mut store)? {
            let microarch = machine.microarch().row.key();
            catalog::disputes(&machine).iter().try_for_each(|dispute| rows.row(&cells(&microarch, dispute)))?;
        }
    }
    for row in catalog::conflicts() {
        let texts = [row.microarch, row.tool_a, row.name_a, row.config_a, row.tool_b, row.name_b, row.config_b];
        let mut cells = texts.map(Cell::from).to_vec();
        cells.extend([Cell::Empty, Cell::Empty]);
        rows.row(&cells)?;
    }
    Ok(rows.finish()?)
}

fn cells<'a>(microarch: &'a str, dispute: &'a Dispute) -> [Cell<'a>; 9] {
    let tool = dispute.tool.as_str();
    [
        Cell::from(microarch),
        Cell::from(tool),
        Cell::from(&dispute.spelling),
        Cell::from(&dispute.meaning),
        Cell::from(tool),
        Cell::from(&dispute.spelling),
        Cell::from(&dispute.lost),
        Cell::from(&dispute.winner),
        Cell::from(&dispute.loser),
    ]
}
