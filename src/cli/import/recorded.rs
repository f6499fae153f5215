//! The import of a recording, on behalf of the command that made it.

use std::path::PathBuf;
use std::sync::Arc;

use super::console::Console;
use super::protocol::Protocol;
use super::target::Target;
use super::{conclude, settle};
use crate::cli::database::DatabaseArgs;
use crate::parse;
use crate::pipeline::{self, Checks, LoadOptions, Observed, Summary, Work};
use crate::place::{Around, PlaceOptions, Placer};
use crate::source::Arguments;
use crate::store::{Rules, StoreError};

/// Loads the files of a recording, which its side file places; says on standard error what was rejected.
pub(in crate::cli) fn import_recorded(
    database: &DatabaseArgs,
    around: Option<Arc<Around>>,
    files: &[PathBuf],
) -> anyhow::Result<Summary> {
    let mut protocol = Protocol::begin(Some(database));
    let rules = Rules { current_version: parse::current_version, ..Rules::default() };
    let mut target = Target::begin(database, rules)?;
    protocol.import = target.import().map(|import| import.0);
    let mut console = Console::new(true, false);
    let work = Work { jobs: 1, placer: Placer::new(PlaceOptions::default()), around };
    let observe = |observed: &Observed<'_>| console.observe(observed);
    let checks = Checks::<pipeline::PlainLookup<StoreError>>::none();
    let feed = (checks, LoadOptions::default());
    let loaded = pipeline::load(Arguments::recorded(files), &work, feed, |batch| target.load(batch), observe);
    console.finish(protocol.import);
    let ending = settle(loaded.map_err(Into::into), &mut target, &mut protocol)?;
    conclude(&mut target, ending, false, &mut protocol)?;
    Ok(protocol.summary)
}
