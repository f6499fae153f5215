//! What questions share on the command line: what is asked about, how it is grouped, and the columns that name a group.

mod columns;

use std::io::{self, BufWriter};
use std::mem::ManuallyDrop;
use std::ops::ControlFlow;

pub(super) use columns::KeyColumns;

use super::database::DatabaseArgs;
use super::exit::Usage;
use super::min_trust::MinTrustArgs;
use super::output::{Cell, Column, Format, Rows};
use super::selection::{self, SelectionArgs, tell};
use crate::ahead::{self, Out};
use crate::question::{Aspect, By, Groups, Options, groups};
use crate::store::Access;
use crate::store::query::selection::Field;

/// Rows that are computed at once.
const PAGE: usize = 1000;

/// Arguments of every question.
#[derive(Debug, clap::Args)]
pub(super) struct QuestionArgs {
    #[command(flatten)]
    pub(super) database: DatabaseArgs,

    /// Group by these fields: experiment, host, tool, tool-version, arch, vendor, family, model, stepping, microarch, kernel, virt,
    /// event, spelling, class, privilege, label.KEY; the event is added unless event, spelling or class is among them
    #[arg(long, value_name = "FIELD,FIELD...")]
    by: Option<String>,

    /// Mix numbers that differ in this: kind, unit, privilege, scope (with part and cgroup), part (CPU3 and CPU4), cgroup, interval,
    /// repeats or together (the events counted together)
    #[arg(long, value_name = "ASPECT", value_parser = aspect)]
    pub(super) mix: Vec<Aspect>,

    /// How to print: the table shows the main columns in six digits, csv and json show all columns, exactly
    #[arg(long, value_enum, default_value = "table")]
    pub(super) format: Format,

    /// Stop after this many rows
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<usize>,

    #[command(flatten)]
    pub(super) trust: MinTrustArgs,

    #[command(flatten)]
    pub(super) selection: SelectionArgs,
}

/// Reads the word of an aspect.
fn aspect(word: &str) -> Result<Aspect, String> {
    Aspect::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Aspect::WORDS.iter().map(|(_, word)| *word).collect();
        format!("there is no such aspect; there are {}", words.join(", "))
    })
}

impl QuestionArgs {
    /// How groups are formed; by the default fields unless others were asked for.
    ///
    /// # Errors
    /// Nothing can be grouped by one of the fields.
    pub(super) fn options(&self, default: &[Field], with_points: bool) -> Result<Options, Usage> {
        let asked = self.by(|| By::new(default.iter().cloned()).map_err(Usage))?;
        // Numbers of different events have nothing in common.
        let names_event = [Field::Event, Field::Spelling, Field::Class].iter().any(|field| asked.contains(field));
        let by =
            if names_event { asked } else { By::new(asked.fields().iter().cloned().chain([Field::Event])).map_err(Usage)? };
        Ok(Options { by, mixed: self.mix.clone(), with_points })
    }

    /// What rows are about, unless somebody asked for it otherwise.
    ///
    /// # Errors
    /// Nothing can be grouped by one of the fields.
    pub(super) fn by(&self, default: impl FnOnce() -> Result<By, Usage>) -> Result<By, Usage> {
        match &self.by {
            Some(text) => By::read(text).map_err(|reason| Usage(format!("--by {text}: {reason}"))),
            None => default(),
        }
    }

    /// Asks the database. An empty answer is told on standard error.
    ///
    /// The process ends when the answer is told: to give a million groups back one by one would take it a fifth of a second more.
    pub(super) fn ask(&self, options: &Options) -> anyhow::Result<ManuallyDrop<Groups>> {
        // What cannot be read is told before the database is asked for.
        let selection = self.selection.selection()?;
        let mut store = self.database.open(Access::Read)?;
        selection::tell_unknown(&mut store, &selection)?;
        let doubted = self.trust.of_question(&mut store, &selection)?;
        let found = groups(&mut store, &doubted.taken_from(selection), options)?;
        doubted.tell();
        if found.groups.is_empty() {
            tell("no result fits the selection");
        }
        Ok(ManuallyDrop::new(found))
    }

    /// Prints a row for each item, up to the limit. An answer may have millions of rows, which are computed by another thread than that
    /// which writes them.
    pub(super) fn print<'i, T: Sync>(
        &self,
        columns: Vec<Column>,
        items: &'i [T],
        row: impl Fn(&'i T, &mut Vec<Cell<'i>>) + Sync,
    ) -> anyhow::Result<()> {
        let width = columns.len();
        let items = &items[..items.len().min(self.limit.unwrap_or(usize::MAX))];
        let mut out = Rows::begin(self.format, columns, BufWriter::new(io::stdout().lock()))?;
        let compute = |to: &Out<Vec<Cell<'i>>>| {
            for page in items.chunks(PAGE) {
                let mut cells = Vec::with_capacity(width * page.len());
                for (at, item) in (1..).zip(page) {
                    row(item, &mut cells);
                    assert_eq!(cells.len(), at * width, "a row has a cell for each column");
                }
                if to.give(cells).is_break() {
                    break;
                }
            }
            Ok(())
        };
        ahead::run(compute, |cells: Vec<Cell<'i>>| {
            cells.chunks_exact(width).try_for_each(|cells| out.row(cells))?;
            io::Result::Ok(ControlFlow::Continue(()))
        })?;
        Ok(out.finish()?)
    }
}
