//! Options on what is left alone by the time of its last change.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::error::ErrorKind;

use crate::cli::time::{Length, Moment};
use crate::pipeline::Wanted;

/// What is left alone.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is left alone (told by the last change; counted in the report)")]
pub(super) struct ChoiceArgs {
    /// Leave files alone that changed less than this before the start of the import: they may still be written to
    #[arg(long, value_name = "SECONDS|10m")]
    min_age: Option<Length>,

    /// Only files that last changed at this time or later: 2026-11-22 (UTC), 2026-11-22T20:15:00Z, or so long ago: 12h, 2d
    ///
    /// An archive that changed before it is not opened. Members of the others are chosen by their own times; those without one (zip has
    /// no time that is the same everywhere) by that of the archive. Standard input is always read.
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,

    /// Only files that last changed at this time or earlier; a day is meant to its end
    ///
    /// An archive that changed later is opened, for it is younger than what it holds.
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,

    /// Of the archives in each directory only the N that changed last (of equal ones the last by name)
    ///
    /// Archives are told by their names here (.tar, .tar.gz, .tgz, .zip and so on): to look into each is what this avoids. Those that
    /// --min-age leaves alone do not count, and an archive that is an argument is always read.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    follow_archives: Option<u32>,
}

impl ChoiceArgs {
    /// What they mean now; a span that ends before it begins ends the program as wrong usage.
    pub(super) fn wanted(&self) -> Wanted {
        let now = now();
        let since = self.since.map(|moment| moment.begin(now));
        let until = self.until.map(|moment| moment.end(now));
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            clap::Error::raw(ErrorKind::ValueValidation, "--until is earlier than --since: nothing can lie between\n").exit();
        }
        Wanted {
            at_rest_since: self.min_age.map(|age| now.saturating_sub(age.micros())),
            since,
            until,
            newest_archives: self.follow_archives.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        }
    }
}

/// Microseconds since the epoch; a clock before it makes every file too young, which is said and loses nothing.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
