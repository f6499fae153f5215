//! The command `show`: lists what the database holds.

mod columns;
mod context;
mod events;
mod filters;
mod places;

use std::borrow::Cow;
use std::io::{self, BufWriter};
use std::ops::ControlFlow;

use self::places::{Counted, Place};
use super::Exit;
use super::database::DatabaseArgs;
use super::exit::Usage;
use super::min_trust::MinTrustArgs;
use super::output::{Cell, Column, Format, Rows};
use super::selection::{self, RunArgs, SelectionArgs, SourceArgs};
use crate::store::query::selection::Field;
use crate::store::query::{Flow, Selection};
use crate::store::{Access, Store, StoreError};

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prc-etl show sources
  prc-etl show results --event 'cycles*' --experiment sort --format csv
  prc-etl show rejects --kind number --kind row --limit 20

The same option given twice means either, different options must all hold; --not FIELD=PATTERN takes away what fits. A pattern is a
text, a text with * and ?, ~REGEX, '>=60' (numbers, versions, times), =TEXT, or nothing (unknown). The order of rows is always the
same: sources by path, byte by byte (run_10 before run_2), runs by source, results by run, rejects by path and line.")]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    /// How to print: the table shows the main columns, csv and json show all
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,

    /// Stop after this many rows
    #[arg(long, value_name = "N", global = true)]
    limit: Option<u64>,

    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Files, archive members and streams that were read
    Sources {
        #[command(flatten)]
        source: SourceArgs,
        /// One row for each value of each run: where it came from, and which file stated it
        #[arg(long)]
        context: bool,
    },
    /// Executions of a tool
    Runs {
        #[command(flatten)]
        source: SourceArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    #[command(flatten)]
    Counted(Place),
    /// Events under every name, with their numbers of results
    Events(SelectionArgs),
    /// Numbers
    Results {
        #[command(flatten)]
        selection: SelectionArgs,
        #[command(flatten)]
        trust: MinTrustArgs,
    },
    /// Rows of profiles: only rows of one kind of a run add up
    Entries {
        #[command(flatten)]
        source: SourceArgs,
        #[command(flatten)]
        run: RunArgs,
        #[command(flatten)]
        entry: filters::EntryArgs,
    },
    /// What lists of events say: which events a machine has
    Supports {
        #[command(flatten)]
        source: SourceArgs,
        #[command(flatten)]
        support: filters::SupportArgs,
    },
    /// Lines and sources that could not be used
    Rejects(filters::RejectArgs),
    /// Invocations that loaded something
    Imports(filters::ImportArgs),
}

/// Runs the command.
pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    // What cannot be read is told before the database is asked for.
    let selection = args.what.selection()?;
    let mut store = args.database.open(Access::Read)?;
    selection::tell_unknown(&mut store, &selection)?;
    let listing = |columns: &'static [Column]| Listing::begin(args.format, columns, args.limit);
    match args.what {
        What::Sources { context: true, .. } => listing(context::COLUMNS)?.print(|listing| {
            store.each_run_and_source(&selection, |source, run, labels| {
                context::rows(source, run, labels, |row| listing.row(row))
            })
        }),
        What::Sources { context: false, .. } => {
            listing(columns::SOURCES)?.print(|listing| store.each_source(&selection, |row| listing.row(&columns::source(row))))
        }
        What::Runs { .. } => {
            listing(columns::RUNS)?.print(|listing| store.each_run(&selection, |row| listing.row(&columns::run(row))))
        }
        What::Results { trust, .. } => {
            let doubted = trust.of_listing(&mut store, &selection)?;
            let selection = doubted.taken_from(selection);
            let done = listing(columns::RESULTS)?
                .print(|listing| store.each_result(&selection, |row| listing.row(&columns::result(row))));
            doubted.tell();
            done
        }
        What::Entries { entry, .. } => {
            let entry = entry.into();
            listing(columns::ENTRIES)?
                .print(|listing| store.each_entry(&selection, &entry, |run, row| listing.row(&columns::entry(run, row))))
        }
        What::Supports { support, .. } => {
            let support = support.into();
            listing(columns::SUPPORTS)?.print(|listing| {
                store.each_support(&selection, &support, |source, row| listing.row(&columns::support(source, row)))
            })
        }
        What::Rejects(reject) => listing(columns::REJECTS)?
            .print(|listing| store.each_reject(&reject.into(), |row| listing.row(&columns::reject(row)))),
        What::Imports(import) => listing(columns::IMPORTS)?
            .print(|listing| store.each_import(&import.status, |row| listing.row(&columns::import(row)))),
        What::Counted(place) => {
            counted(&mut store, &selection, &place, |columns| Listing::begin(args.format, columns, args.limit))
        }
        What::Events(_) => {
            let found = events::groups(&mut store, &selection)?;
            listing(events::COLUMNS)?.print(|listing| {
                let _ = found.iter().try_for_each(|group| listing.row(&events::row(group)));
                Ok(())
            })
        }
    }
}

/// Counts the runs of each place.
fn counted(
    store: &mut Store,
    selection: &Selection,
    place: &Place,
    listing: impl FnOnce(Vec<Column>) -> io::Result<Listing>,
) -> anyhow::Result<Exit> {
    let mut counted = Counted::new(place);
    store.each_run(selection, |run| {
        counted.add(run);
        ControlFlow::Continue(())
    })?;
    listing(place.columns())?.print(|listing| {
        let _ = counted.rows().try_for_each(|row| listing.row(&row));
        Ok(())
    })
}

impl What {
    fn selection(&self) -> Result<Selection, Usage> {
        match self {
            Self::Sources { source, .. } | Self::Supports { source, .. } => selection::selection(Some(source), None, None),
            Self::Runs { source, run } => selection::selection(Some(source), Some(run), None),
            Self::Counted(place) => selection::selection(Some(&place.args().source), Some(&place.args().run), None),
            Self::Results { selection: args, .. } | Self::Events(args) => args.selection(),
            Self::Entries { source, run, entry } => {
                let mut selection = selection::selection(Some(source), Some(run), None)?;
                for pattern in &entry.event {
                    selection::wanted(&mut selection, &Field::Spelling, pattern).map_err(Usage)?;
                }
                Ok(selection)
            }
            Self::Rejects(_) | Self::Imports(_) => Ok(Selection::default()),
        }
    }
}

/// Rows on their way to standard output, until the limit or until nobody reads them.
struct Listing {
    rows: Rows<BufWriter<io::StdoutLock<'static>>>,
    left: Option<u64>,
    written: io::Result<()>,
}

impl Listing {
    fn begin(format: Format, columns: impl Into<Cow<'static, [Column]>>, limit: Option<u64>) -> io::Result<Self> {
        let out = BufWriter::new(io::stdout().lock());
        Ok(Self { rows: Rows::begin(format, columns, out)?, left: limit, written: Ok(()) })
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Flow {
        if self.left == Some(0) {
            return ControlFlow::Break(());
        }
        self.left = self.left.map(|left| left - 1);
        self.written = self.rows.row(cells);
        if self.written.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn print(mut self, list: impl FnOnce(&mut Self) -> Result<(), StoreError>) -> anyhow::Result<Exit> {
        list(&mut self)?;
        self.written?;
        self.rows.finish()?;
        Ok(Exit::Success)
    }
}
