//! The command `microarchs`.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::Exit;
use super::database::DatabaseArgs;
use super::events::microarch;
use super::output::{Cell, Column, Format, Rows, object};
use super::selection::tell;
use crate::catalog::{self, Microarch, Row};
use crate::model::Environment;
use crate::pipeline::{self, Cpus, MICROARCHS};
use crate::store::{Access, Cpu, NewSet, Rebind};

/// Arguments of `microarchs`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How to print: the table shows the main columns, csv and json show all
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    /// Every CPU of the catalogue, after those that were imported
    List,
    /// Names CPUs from a table: vendor, family, model, stepping and microarch in columns, or lines arch;vendor;family;model;microarch
    ///
    /// Wins over the catalogue; stored environments are found again. `prc-etl events imports` lists it and takes it back.
    Import {
        /// The table
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
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
    #[arg(long, value_parser = number)]
    family: Option<i32>,

    /// Model; part number on ARM, PVR version on POWER, machine type on s390; decimal, or hexadecimal as 0xd03
    #[arg(long, value_parser = number)]
    model: Option<i32>,

    /// Stepping
    #[arg(long, value_parser = number)]
    stepping: Option<i32>,
}

/// A number as people or `/proc/cpuinfo` write it.
fn number(text: &str) -> Result<i32, String> {
    let read = text.strip_prefix("0x").map_or_else(|| text.parse(), |digits| i32::from_str_radix(digits, 16));
    read.map_err(|_| "write a number, decimal (3331) or hexadecimal (0xd03)".to_owned())
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
    if let Question::Import { file } = &args.question {
        return import(args.format, file, &args.database);
    }
    let cpus = match args.database.open_if_any()? {
        Some(mut store) => Cpus::stored(&mut store)?,
        None => Cpus::default(),
    };
    let mut rows = Rows::begin(args.format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    if let Question::Find { name, identity } = args.question {
        let found = name.or_else(|| cpus.microarch(&identity.into()).ok());
        if found.is_none() {
            tell(
                "the catalogue has no CPU of these numbers alone; vendor, family and model tell one of x86, vendor and model one of ARM",
            );
        }
        found.iter().try_for_each(|found| print(&mut rows, found.row))?;
    } else {
        cpus.all().iter().try_for_each(|cpu| print_own(&mut rows, cpu))?;
        catalog::rows().iter().try_for_each(|row| print(&mut rows, row))?;
    }
    rows.finish()?;
    Ok(Exit::Success)
}

fn import(format: Format, file: &Path, database: &DatabaseArgs) -> anyhow::Result<Exit> {
    let cpus = pipeline::read_cpus(file)?;
    let mut unknown: Vec<&str> = cpus.iter().filter_map(|cpu| cpu.identity.microarch.as_deref()).collect();
    unknown.retain(|name| catalog::named(name).is_err());
    unknown.dedup();
    let set = NewSet { kind: MICROARCHS.to_owned(), location: file.display().to_string(), ..NewSet::default() };
    let mut store = database.open(Access::Write)?;
    let id = store.add_cpus(&set, &cpus)?;
    let bound = pipeline::bind(&mut store, Rebind::Missing)?;
    let fields = [
        ("import", json!(id.0)),
        ("cpus", json!(cpus.len())),
        ("without_tables", json!(unknown)),
        ("resolved", json!(bound.resolved)),
        ("ambiguous", json!(bound.ambiguous)),
        ("unresolved", json!(bound.unresolved)),
    ];
    object::print(format, &fields, BufWriter::new(io::stdout().lock()))?;
    Ok(Exit::Success)
}

/// A CPU that users named: the numbers as they gave them, and the key of the tables that it has by its name.
fn print_own(rows: &mut Rows<impl Write>, cpu: &Cpu) -> io::Result<()> {
    let one = &cpu.identity;
    let key = one.microarch.as_deref().and_then(|name| catalog::named(name).ok()).map(|found| found.row.key());
    let mut cells = vec![Cell::from(&key), Cell::from(&one.microarch), Cell::Empty, Cell::Empty, Cell::from(&one.arch)];
    cells.extend([Cell::from(&one.vendor), Cell::from(one.family), Cell::from(one.model), Cell::from(one.stepping)]);
    cells.resize(COLUMNS.len() - 1, Cell::Empty);
    cells.push(Cell::from("imported"));
    rows.row(&cells)
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
