//! `events list`

use std::io::{self, BufWriter};

use super::microarch;
use crate::catalog::{self, Code, Listed, Machine, Microarch, Tool};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Cell, Column, Format, Rows};

/// Arguments of `events list`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The microarchitecture, by any of its names
    #[arg(long, value_name = "NAME", value_parser = microarch)]
    microarch: Microarch,

    /// One tool only
    #[arg(long)]
    tool: Option<Tool>,

    /// Release of the kernel, as `uname -r` prints it; some generic names depend on it
    #[arg(long, value_name = "RELEASE")]
    kernel: Option<String>,
}

const NAMES: &[Column] = &[
    Column::main("tool"),
    Column::main("spelling"),
    Column::main("pmu"),
    Column::main("config"),
    Column::main("config1"),
    Column::main("class"),
    Column::detail("grade"),
    Column::detail("deprecated"),
    Column::main("source"),
];

pub(super) fn run(format: Format, args: &Args, database: &DatabaseArgs) -> anyhow::Result<()> {
    let machine = super::machine(args.microarch, database.open_if_any()?.as_mut())?;
    let mut rows = Rows::begin(format, NAMES, BufWriter::new(io::stdout().lock()))?;
    for listed in catalog::list(&machine, args.tool, args.kernel.as_deref()) {
        rows.row(&name(&machine, &listed))?;
    }
    Ok(rows.finish()?)
}

fn name<'a>(machine: &Machine, listed: &'a Listed) -> [Cell<'a>; 9] {
    let hexadecimal = |number: u64| Cell::Text(format!("{number:#x}").into());
    let (config, config1) = match &listed.event.code {
        Code::Number { config, config1: 0 } => (hexadecimal(*config), Cell::Empty),
        Code::Number { config, config1 } => (hexadecimal(*config), hexadecimal(*config1)),
        Code::Named(name) => (Cell::from(name), Cell::Empty),
    };
    let class = catalog::classes::of(&listed.event, machine).into_iter().next();
    [
        Cell::from(listed.tool.as_str()),
        Cell::from(&listed.spelling),
        Cell::from(listed.event.pmu),
        config,
        config1,
        class.map_or(Cell::Empty, |found| Cell::from(found.class.name)),
        class.map_or(Cell::Empty, |found| Cell::from(found.class.grade.as_str())),
        if listed.is_deprecated { Cell::from("yes") } else { Cell::Empty },
        Cell::from(&listed.source),
    ]
}
