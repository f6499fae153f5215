//! `events import`

use std::io::{self, BufWriter};
use std::path::PathBuf;

use anyhow::ensure;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::microarch;
use crate::catalog::Microarch;
use crate::cli::Exit;
use crate::cli::database::DatabaseArgs;
use crate::cli::exit::Usage;
use crate::cli::output::{Format, object};
use crate::pipeline::{self, NameFormat};
use crate::store::{Access, NewSet, Rebind};

/// Arguments of `events import`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What the path holds
    #[arg(value_name = "FORMAT", value_parser = name_formats())]
    names: NameFormat,

    /// The file or folder
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// The machine that it tells of, where the file does not
    #[arg(long, value_name = "NAME", value_parser = microarch)]
    microarch: Option<Microarch>,

    /// The kernel that wrote it, as `uname -r` prints it: sysfs and perf-list hold for that kernel alone
    #[arg(long, value_name = "RELEASE")]
    kernel: Option<String>,
}

/// The words of the formats, which help and errors list.
fn name_formats() -> impl TypedValueParser<Value = NameFormat> {
    let words = NameFormat::WORDS.map(|(_, word)| word);
    let format = |word: &str| NameFormat::WORDS.into_iter().find(|(_, known)| *known == word).map(|(format, _)| format);
    PossibleValuesParser::new(words).try_map(move |word| format(&word).ok_or("no format"))
}

pub(super) fn run(format: Format, args: &Args, database: &DatabaseArgs) -> anyhow::Result<Exit> {
    let of_kernel = matches!(args.names, NameFormat::Sysfs | NameFormat::PerfList);
    if of_kernel && args.kernel.is_none() {
        return Err(Usage(format!("what {} says holds for one kernel: name it with --kernel", args.names.as_str())).into());
    }
    let names = pipeline::read_names(args.names, &args.path, args.microarch, args.kernel.as_deref())?;
    ensure!(!names.statements.is_empty(), "'{}' says nothing of any name; nothing was changed", args.path.display());
    let set = NewSet {
        kind: args.names.as_str().to_owned(),
        location: args.path.display().to_string(),
        version: names.version,
        kernel: args.kernel.clone(),
        ..NewSet::default()
    };
    let mut store = database.open(Access::Write)?;
    let id = store.add_names(&set, &names.statements)?;
    let bound = pipeline::bind(&mut store, Rebind::Missing)?;
    let left_out: Vec<String> = names.left_out.iter().map(|(reason, count)| format!("{count}: {reason}")).collect();
    let fields = [
        ("import", json!(id.0)),
        ("names", json!(names.statements.len())),
        ("left_out", json!(left_out)),
        ("resolved", json!(bound.resolved)),
        ("ambiguous", json!(bound.ambiguous)),
        ("unresolved", json!(bound.unresolved)),
    ];
    object::print(format, &fields, BufWriter::new(io::stdout().lock()))?;
    Ok(Exit::Success)
}
