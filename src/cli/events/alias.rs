//! `events alias`

use std::io::{self, Write};

use anyhow::ensure;

use super::{Asked, sets};
use crate::catalog::{self, Spelling, Tool};
use crate::cli::Exit;
use crate::cli::author::AuthorArgs;
use crate::cli::database::DatabaseArgs;
use crate::cli::output::Format;
use crate::pipeline;
use crate::store::{Access, NewSet, Rebind, Statement};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Action {
    /// Says what a name stands for
    Add(Box<Add>),
    /// Every alias with author, time and reason, those that were taken back too
    List,
    /// Takes an alias back
    Remove {
        /// Its number
        #[arg(value_name = "N")]
        alias: i64,
    },
}

/// Arguments of `events alias add`.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    #[command(flatten)]
    asked: Asked,

    /// What it stands for: a spelling, or an event as `events explain` prints it
    #[arg(value_name = "EVENT", allow_hyphen_values = true)]
    event: String,

    /// The tool whose spelling EVENT is
    #[arg(long = "as", value_name = "TOOL", default_value = "perf")]
    means_tool: Tool,

    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    author: AuthorArgs,
}

pub(super) fn run(format: Format, action: &Action, database: &DatabaseArgs) -> anyhow::Result<Exit> {
    match action {
        Action::Add(add) => self::add(add, database)?,
        Action::List => sets::list(format, database, |kind| kind == pipeline::ALIAS)?,
        Action::Remove { alias } => sets::undo(database, ("alias", *alias), |kind| kind == pipeline::ALIAS)?,
    }
    Ok(Exit::Success)
}

fn add(add: &Add, database: &DatabaseArgs) -> anyhow::Result<()> {
    let asked = &add.asked;
    let means = with_terms(&add.event);
    let machine = super::machine(asked.microarch, database.open_if_any()?.as_mut())?;
    let resolution = catalog::resolve(&Spelling::read(add.means_tool, &means), Some(&machine), asked.kernel.as_deref());
    let meaning = resolution.event().map(ToString::to_string).or(resolution.formula.as_ref().map(ToString::to_string));
    ensure!(resolution.relation().is_some(), "{} '{means}' is no single event: {}", add.means_tool, resolution.reason);
    let name = asked.spelling().name.to_string();
    let author = add.author.name_if_known();
    let microarch = asked.microarch.row.key();
    let set = NewSet {
        kind: pipeline::ALIAS.to_owned(),
        location: format!("{} '{name}' on {microarch} = {} '{means}'", asked.tool, add.means_tool),
        kernel: asked.kernel.clone(),
        author: author.clone(),
        reason: add.reason.clone(),
        version: None,
    };
    let statement = Statement {
        microarch,
        tool: asked.tool.as_str().to_owned(),
        spelling: name,
        means: Some((add.means_tool.as_str().to_owned(), means)),
        supported: true,
        file: author.unwrap_or_else(|| "by hand".to_owned()),
        line: 0,
    };
    let mut store = database.open(Access::Write)?;
    let id = store.add_names(&set, &[statement])?;
    pipeline::bind(&mut store, Rebind::Missing)?;
    writeln!(io::stdout().lock(), "alias {}: {}, which is {}", id.0, set.location, meaning.unwrap_or_default())?;
    Ok(())
}

/// An event as it is printed, `cpu/0x1b7,config1=0x1/`, with the term that perf would want: `cpu/config=0x1b7,config1=0x1/`.
fn with_terms(event: &str) -> String {
    let number = |text: &str| text.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    match event.split_once('/') {
        Some((pmu, rest)) if number(rest.split([',', '/']).next().unwrap_or_default()) => format!("{pmu}/config={rest}"),
        _ => event.to_owned(),
    }
}
