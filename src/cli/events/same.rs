//! `events same`

use std::io::{self, BufWriter};

use serde_json::{Value, json};

use crate::catalog::{self, Machine, Microarch, Resolution, Side, Spelling, Tool};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Format, object};

/// Arguments of `events same`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The microarchitecture, or two as 'M1|M2': the first spelling is on the first
    #[arg(long, value_name = "NAME[|NAME]", value_parser = one_or_two)]
    microarch: Pair,

    /// Release of the kernel, as `uname -r` prints it; some generic names depend on it
    #[arg(long, value_name = "RELEASE")]
    kernel: Option<String>,

    /// The tool that wrote the first spelling
    #[arg(value_name = "TOOL")]
    first_tool: Tool,

    /// The first event as its tool wrote it
    #[arg(value_name = "SPELLING", allow_hyphen_values = true)]
    first: String,

    /// The tool that wrote the second spelling
    #[arg(value_name = "TOOL")]
    second_tool: Tool,

    /// The second event as its tool wrote it
    #[arg(value_name = "SPELLING", allow_hyphen_values = true)]
    second: String,
}

/// The microarchitectures of the two spellings.
#[derive(Debug, Clone, Copy)]
struct Pair(Microarch, Microarch);

fn one_or_two(text: &str) -> Result<Pair, catalog::UnknownName> {
    match text.split_once('|') {
        Some((first, second)) => Ok(Pair(catalog::named(first.trim())?, catalog::named(second.trim())?)),
        None => catalog::named(text).map(|one| Pair(one, one)),
    }
}

pub(super) fn run(format: Format, args: &Args, database: &DatabaseArgs) -> anyhow::Result<()> {
    let Pair(first, second) = args.microarch;
    let mut store = database.open_if_any()?;
    let machines = (super::machine(first, store.as_mut())?, super::machine(second, store.as_mut())?);
    let resolve = |machine: &Machine, tool, text: &str| {
        catalog::resolve(&Spelling::read(tool, text), Some(machine), args.kernel.as_deref())
    };
    let resolutions =
        (resolve(&machines.0, args.first_tool, &args.first), resolve(&machines.1, args.second_tool, &args.second));
    let side = |machine, resolution| Side { machine, resolution };
    let comparison = catalog::compare(side(&machines.0, &resolutions.0), side(&machines.1, &resolutions.1));
    let fields = [
        ("relation", json!(comparison.relation.as_str())),
        ("comparable", json!(comparison.comparable)),
        ("why", json!(comparison.why)),
        ("first", told(&machines.0, &resolutions.0)),
        ("second", told(&machines.1, &resolutions.1)),
        ("catalogue", json!(catalog::version().0)),
    ];
    Ok(object::print(format, &fields, BufWriter::new(io::stdout().lock()))?)
}

fn told(machine: &Machine, resolution: &Resolution) -> Value {
    json!({
        "microarch": machine.microarch().row.key(),
        "tool": resolution.spelling.tool.as_str(),
        "spelling": resolution.spelling.to_string(),
        "status": resolution.status.as_str(),
        "event": resolution.event().map(ToString::to_string),
        "formula": resolution.formula.as_ref().map(ToString::to_string),
        "scope": resolution.scope.as_str(),
    })
}
