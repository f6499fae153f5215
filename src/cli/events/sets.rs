//! `events imports`: the sets of names that users gave, with files or by hand.

use std::io::{self, BufWriter, Write};

use crate::cli::Exit;
use crate::cli::database::DatabaseArgs;
use crate::cli::exit::Usage;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::pipeline;
use crate::store::{Access, NameSet, Rebind, SetId};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Action {
    /// Every import of names, those that were taken back too
    List,
    /// Takes an import of names back
    Undo {
        /// Its number
        #[arg(value_name = "N")]
        import: i64,
    },
}

const COLUMNS: &[Column] = &[
    Column::main("import"),
    Column::main("kind"),
    Column::main("location"),
    Column::detail("version"),
    Column::main("kernel"),
    Column::main("names"),
    Column::main("author"),
    Column::main("reason"),
    Column::main("added_at"),
    Column::main("undone_at"),
];

pub(super) fn run(format: Format, action: &Action, database: &DatabaseArgs) -> anyhow::Result<Exit> {
    match action {
        Action::List => list(format, database, |kind| kind != pipeline::ALIAS)?,
        Action::Undo { import } => undo(database, ("import of names", *import), |kind| kind != pipeline::ALIAS)?,
    }
    Ok(Exit::Success)
}

/// Lists the sets of some kinds.
pub(super) fn list(format: Format, database: &DatabaseArgs, is_kind: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    let sets = database.open(Access::Read)?.name_sets()?;
    sets.iter().filter(|set| is_kind(&set.kind)).try_for_each(|set| rows.row(&cells(set)))?;
    Ok(rows.finish()?)
}

fn cells(set: &NameSet) -> [Cell<'_>; 10] {
    [
        Cell::from(set.set_id),
        Cell::from(&set.kind),
        Cell::from(&set.location),
        Cell::from(&set.version),
        Cell::from(&set.kernel),
        Cell::from(set.members),
        Cell::from(&set.author),
        Cell::from(&set.reason),
        Cell::instant(set.added_at),
        set.undone_at.map_or(Cell::Empty, Cell::instant),
    ]
}

/// Takes a set of some kinds back, and ties what is stored anew.
pub(super) fn undo(database: &DatabaseArgs, (what, set): (&str, i64), is_kind: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    let mut store = database.open(Access::Existing)?;
    if !store.undo_names(SetId(set), is_kind)? {
        return Err(Usage(format!("there is no {what} {set}, or it was taken back before; `list` shows them")).into());
    }
    let bound = pipeline::bind(&mut store, Rebind::Missing)?;
    writeln!(
        io::stdout().lock(),
        "{set} taken back; bound anew: {} resolved, {} ambiguous, {} unresolved",
        bound.resolved,
        bound.ambiguous,
        bound.unresolved
    )?;
    Ok(())
}
