//! The commands `trust set` and `trust clear`.

use std::collections::HashSet;
use std::io::{self, Write};
use std::ops::ControlFlow;

use crate::cli::Exit;
use crate::cli::author::{AuthorArgs, is_blank};
use crate::cli::database::DatabaseArgs;
use crate::cli::exit::Usage;
use crate::cli::min_trust::trust;
use crate::cli::selection::{SelectionArgs, tell, tell_unknown};
use crate::cli::words::number_of;
use crate::judge::{self, ResultId};
use crate::store::query::selection::{Field, Pattern};
use crate::store::query::{ResultRecord, Selection};
use crate::store::{Access, Store, StoreError, TrustVerdict, VerdictSubject};

/// Arguments of `trust set`.
#[derive(Debug, clap::Args)]
#[command(
    allow_missing_positional = true,
    after_long_help = "\
Examples:
  prc-etl trust set results/sort/perf.txt:12 0.1 --reason 'machine was swapping'
  prc-etl trust set --host elm --started 2026-03 0 --reason 'broken fan' --author ada --yes-all 400

A verdict wins over what the program finds, for suspects, --min-trust and the column `trust` of v_results, until it is cleared or
replaced. It belongs to the number that it was given for, and comes back with it when a source is imported again. Exit status: 1 when
there is no such result, 2 when nothing was changed because something is missing, or because more results fit than --yes-all allows."
)]
pub(super) struct SetArgs {
    #[command(flatten)]
    which: Which,

    /// How far they can be believed, from 0 (not at all) to 1
    #[arg(value_name = "TRUST", value_parser = trust, allow_negative_numbers = true)]
    trust: f64,

    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    author: AuthorArgs,
}

/// Arguments of `trust clear`.
#[derive(Debug, clap::Args)]
pub(super) struct ClearArgs {
    #[command(flatten)]
    which: Which,

    /// Clear the verdicts on numbers that are not there now, in place of those on results
    #[arg(long, conflicts_with = "place")]
    orphaned: bool,

    #[command(flatten)]
    author: AuthorArgs,
}

/// Which results are meant.
#[derive(Debug, clap::Args)]
struct Which {
    /// Logical path of the source and number of the line, as `suspects` and `show results` print them; the options narrow it
    // A negative TRUST is told as such, and not as an unknown option.
    #[arg(value_name = "PATH:LINE", allow_negative_numbers = true)]
    place: Option<String>,

    #[command(flatten)]
    selection: SelectionArgs,

    /// The most results that may be changed
    #[arg(long, value_name = "N", default_value_t = 1)]
    yes_all: usize,
}

/// Runs `trust set`.
pub(super) fn set(database: &DatabaseArgs, args: &SetArgs) -> anyhow::Result<Exit> {
    if is_blank(&args.reason) {
        return Err(Usage("--reason: a verdict without a reason helps nobody".to_owned()).into());
    }
    let author = args.author.name()?;
    let selection = args.which.selection()?;
    let mut store = database.open(Access::Existing)?;
    let found = args.which.found(&mut store, &selection, |_| true)?;
    if found.without_number > 0 {
        let without = number_of(found.without_number as u64, "result");
        tell(&format!("left out: {without} without a number, for there is nothing to believe"));
    }
    let Some(subjects) = found.subjects(args.which.yes_all)? else { return none("no result") };
    let replaced = store.give_verdicts(&subjects, args.trust, &author, &args.reason)?;
    let instead =
        if replaced > 0 { format!(", instead of {}", number_of(replaced as u64, "earlier verdict")) } else { String::new() };
    writeln!(io::stdout().lock(), "trust {} for {}{instead}", args.trust, number_of(subjects.len() as u64, "result"))?;
    Ok(Exit::Success)
}

/// Runs `trust clear`.
pub(super) fn clear(database: &DatabaseArgs, args: &ClearArgs) -> anyhow::Result<Exit> {
    let author = args.author.name()?;
    let (mut store, found) = if args.orphaned { args.orphaned(database)? } else { args.judged(database)? };
    let Some(subjects) = found.subjects(args.which.yes_all)? else { return none("no such verdict") };
    let cleared = store.clear_verdicts(&subjects, &author)?;
    writeln!(io::stdout().lock(), "cleared {}", number_of(cleared as u64, "verdict"))?;
    Ok(Exit::Success)
}

impl ClearArgs {
    /// The verdicts on results that are chosen.
    fn judged(&self, database: &DatabaseArgs) -> anyhow::Result<(Store, Found)> {
        let selection = self.which.selection()?;
        let mut store = database.open(Access::Existing)?;
        let judged: HashSet<ResultId> = judge::verdicts(&mut store)?.into_keys().collect();
        let found = self.which.found(&mut store, &selection, |result| judged.contains(&result.id()))?;
        Ok((store, found))
    }

    /// The verdicts on no result.
    fn orphaned(&self, database: &DatabaseArgs) -> anyhow::Result<(Store, Found)> {
        if !self.which.selection.selection()?.conditions().is_empty() {
            return Err(Usage("--orphaned: what is not there cannot be chosen by other options".to_owned()).into());
        }
        let mut store = database.open(Access::Existing)?;
        let mut found = Found::default();
        for verdict in store.verdicts()?.into_iter().filter(TrustVerdict::is_orphaned) {
            found.add(verdict.subject, self.which.yes_all);
        }
        Ok((store, found))
    }
}

fn none(what: &str) -> anyhow::Result<Exit> {
    writeln!(io::stderr().lock(), "prc-etl: error: there is {what}")?;
    Ok(Exit::Rejected)
}

/// The numbers that fit; of more than may be changed only their number is of use.
#[derive(Default)]
struct Found {
    fitting: usize,
    without_number: usize,
    subjects: Vec<VerdictSubject>,
}

impl Found {
    fn add(&mut self, subject: VerdictSubject, most: usize) {
        self.fitting += 1;
        if self.fitting <= most {
            self.subjects.push(subject);
        }
    }

    /// Adds a metric of what was added last; it counts as one with that.
    fn add_beside(&mut self, subject: VerdictSubject, most: usize) {
        if self.fitting <= most {
            self.subjects.push(subject);
        }
    }

    /// What is to be changed; `None` when nothing fits.
    ///
    /// # Errors
    /// More fits than may be changed.
    fn subjects(self, most: usize) -> Result<Option<Vec<VerdictSubject>>, Usage> {
        match self.fitting {
            0 => Ok(None),
            fitting if fitting <= most => Ok(Some(self.subjects)),
            fitting => Err(Usage(format!(
                "{fitting} results fit and nothing was changed; choose fewer, or write --yes-all {fitting} for all of them"
            ))),
        }
    }
}

impl Which {
    fn selection(&self) -> Result<(Selection, Option<i32>), Usage> {
        let chosen = self.selection.selection()?;
        let Some(written) = &self.place else {
            if chosen.conditions().is_empty() {
                return Err(Usage("nothing says which results; write PATH:LINE, or options that choose them".to_owned()));
            }
            return Ok((chosen, None));
        };
        let (path, line) = super::place(written)?;
        let mut place = Selection::default();
        // Nothing is excluded, so that nothing contradicts it.
        let _ = place.add(false, Field::Path, Pattern::exactly(path));
        Ok((chosen.and(&place), Some(line)))
    }

    fn found(
        &self,
        store: &mut Store,
        (selection, line): &(Selection, Option<i32>),
        mut is_meant: impl FnMut(&ResultRecord<'_>) -> bool,
    ) -> Result<Found, StoreError> {
        tell_unknown(store, selection)?;
        let mut found = Found::default();
        let mut named: Option<ResultId> = None;
        store.each_result(selection, |result| {
            if line.is_none_or(|line| line == result.line) && is_meant(result) {
                // Who names a line means its counter; the metric that was computed from it is no further choice.
                let is_beside = line.is_some() && result.metric_of.is_some_and(|of| named == Some((result.run.run_id, of)));
                match VerdictSubject::of(result) {
                    None => found.without_number += 1,
                    Some(subject) if is_beside => found.add_beside(subject, self.yes_all),
                    Some(subject) => {
                        named = Some(result.id());
                        found.add(subject, self.yes_all);
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }
}
