//! The command `microarchs`.

use std::io::{self, BufWriter, Write};

use super::Exit;
use super::events::microarch;
use super::output::{Cell, Column, Format, Rows};
use crate::catalog::{self, Microarch, Row};
use crate::model::Environment;

/// Arguments of `microarchs`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How to print: the table shows the main columns, csv and json show all
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    /// Every CPU of the catalogue
    List,
    /// The CPU of a name, or of the numbers that it identifies itself with
    Find {
        /// Any name: IVB, 'Ivy Bridge', ivybridge, i386/ivybridge
        #[arg(value_parser = microarch, required_unless_present_any = ["vendor", "model"], conflicts_with_all = ["arch", "vendor", "family", "model", "stepping"])]
        name: Option<Microarch>,
        #[command(flatten)]
        identity: Identity,
    },
}

/// What a CPU says of itself; the same fields as of an environment.
#[derive(Debug, clap::Args)]
struct Identity {
    /// Architecture as `uname -m` prints it
    #[arg(long)]
    arch: Option<String>,

    /// Vendor as the CPU names itself: `GenuineIntel`, `AuthenticAMD`, ARM, IBM
    #[arg(long)]
    vendor: Option<String>,

    /// CPU family (x86)
    #[arg(long)]
    family: Option<i32>,

    /// Model; part number on ARM, PVR version on POWER, machine type on s390; decimal
    #[arg(long)]
    model: Option<i32>,

    /// Stepping
    #[arg(long)]
    stepping: Option<i32>,
}

const COLUMNS: &[Column] = &[
    Column::main("key"),
    Column::main("short"),
    Column::main("common_name"),
    Column::detail("core"),
    Column::main("arch"),
    Column::main("vendor"),
    Column::main("family"),
    Column::main("model"),
    Column::main("stepping"),
    Column::detail("kernel"),
    Column::detail("perf"),
    Column::detail("oprofile"),
    Column::detail("libpfm4"),
    Column::detail("papi"),
    Column::detail("seed_name"),
    Column::detail("notes"),
];

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let out = BufWriter::new(io::stdout().lock());
    let mut rows = Rows::begin(args.format, COLUMNS, out)?;
    match args.question {
        Question::List => catalog::rows().iter().try_for_each(|row| print(&mut rows, row))?,
        Question::Find { name, identity } => {
            let found = name.or_else(|| catalog::find(&identity.into()));
            found.iter().try_for_each(|found| print(&mut rows, found.row))?;
        }
    }
    rows.finish()?;
    Ok(Exit::Success)
}

fn print(rows: &mut Rows<impl Write>, row: &Row) -> io::Result<()> {
    let key = row.key();
    let text = |text: &'static str| if text.is_empty() { Cell::Empty } else { Cell::from(text) };
    // Where the predecessor's table had another name for the same CPU.
    let seed = catalog::seed_names().find(|seed| seed.short == row.short && seed.model == row.model);
    rows.row(&[
        Cell::from(&key),
        text(row.short),
        text(row.common),
        text(row.core),
        text(row.arch),
        text(row.vendor),
        text(row.family),
        text(row.model),
        text(row.stepping),
        text(row.generic),
        text(row.perf),
        text(row.oprofile),
        text(row.libpfm4),
        text(row.papi),
        seed.map_or(Cell::Empty, |seed| Cell::Text(format!("{} ({})", seed.name, seed.verdict).into())),
        text(row.notes),
    ])
}

impl From<Identity> for Environment {
    fn from(identity: Identity) -> Self {
        Self {
            arch: identity.arch,
            vendor: identity.vendor,
            family: identity.family,
            model: identity.model,
            stepping: identity.stepping,
            ..Self::default()
        }
    }
}
