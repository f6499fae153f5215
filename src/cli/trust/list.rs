//! The command `trust list`.

use std::io::{self, BufWriter};

use crate::cli::Exit;
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Cell, Column, Format, Rows};
use crate::cli::selection::tell;
use crate::cli::words::number_of;
use crate::store::{Access, TrustVerdict};

const COLUMNS: &[Column] = &[
    Column::main("path"),
    Column::detail("digest"),
    Column::detail("run"),
    Column::detail("ordinal"),
    Column::main("line"),
    Column::main("event"),
    Column::detail("kind"),
    Column::main("value"),
    Column::main("trust"),
    Column::main("author"),
    Column::main("given_at"),
    Column::main("state"),
    Column::detail("cleared_at"),
    Column::detail("cleared_by"),
    Column::main("reason"),
];

/// What a verdict counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// For the number that it was given for.
    Standing,
    /// For nothing: its source is not there, or holds another number in that place.
    Orphaned,
    /// For nothing any more.
    Cleared,
}

impl State {
    fn of(verdict: &TrustVerdict) -> Self {
        match (verdict.cleared_at, verdict.stands_for()) {
            (Some(_), _) => Self::Cleared,
            (None, Some(_)) => Self::Standing,
            (None, None) => Self::Orphaned,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Orphaned => "orphaned",
            Self::Cleared => "cleared",
        }
    }
}

/// Runs the command.
pub(super) fn run(database: &DatabaseArgs, format: Format, all: bool) -> anyhow::Result<Exit> {
    let verdicts = database.open(Access::Read)?.verdicts()?;
    let mut rows = Rows::begin(format, COLUMNS, BufWriter::new(io::stdout().lock()))?;
    for verdict in verdicts.iter().filter(|verdict| all || State::of(verdict) == State::Standing) {
        rows.row(&cells(verdict))?;
    }
    rows.finish()?;
    let orphaned = verdicts.iter().filter(|verdict| State::of(verdict) == State::Orphaned).count();
    if orphaned > 0 && !all {
        tell(&format!(
            "left out: {} on numbers that are not there now; --all lists them",
            number_of(orphaned as u64, "verdict")
        ));
    }
    Ok(Exit::Success)
}

fn cells(verdict: &TrustVerdict) -> [Cell<'_>; 15] {
    let subject = &verdict.subject;
    [
        (&subject.path).into(),
        Cell::Hex(&subject.digest),
        subject.run.into(),
        subject.ordinal.into(),
        subject.line.into(),
        (&subject.event).into(),
        (&subject.kind).into(),
        subject.value.into(),
        verdict.trust.into(),
        (&verdict.author).into(),
        Cell::instant(verdict.given_at),
        State::of(verdict).as_str().into(),
        verdict.cleared_at.map_or(Cell::Empty, Cell::instant),
        (&verdict.cleared_by).into(),
        (&verdict.reason).into(),
    ]
}
