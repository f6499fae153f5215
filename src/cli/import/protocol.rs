//! What an import can tell of itself at its end, however that comes.

use std::time::{Duration, Instant};

use super::report::{Report, Status};
use crate::cli::database::DatabaseArgs;
use crate::cli::exit::sentence;
use crate::pipeline::Summary;

/// What is known of an import so far.
pub(super) struct Protocol {
    started: Instant,
    /// Set when the work is done: the report that is kept and the one that is printed are to be the same.
    elapsed: Option<Duration>,
    /// The database that is written to, without password.
    pub(super) database: Option<String>,
    pub(super) import: Option<i64>,
    pub(super) summary: Summary,
    /// Options that say where the runs belong.
    pub(super) placing: Vec<&'static str>,
}

impl Protocol {
    /// Begins; without a database nothing is to be written. A malformed URL is told by who uses it.
    pub(super) fn begin(database: Option<&DatabaseArgs>) -> Self {
        let database = database.and_then(|database| Some(database.url().ok()?.to_string()));
        let (summary, placing) = (Summary::default(), Vec::new());
        Self { started: Instant::now(), elapsed: None, database, import: None, summary, placing }
    }

    pub(super) fn stop_the_clock(&mut self) {
        self.elapsed = Some(self.started.elapsed());
    }

    /// The report, with the status or the error that the import ended with.
    pub(super) fn report(&self, end: Result<Status, &anyhow::Error>) -> Report<'_> {
        let elapsed = self.elapsed.unwrap_or_else(|| self.started.elapsed());
        let (status, error) = match end {
            Ok(status) => (status, None),
            Err(error) => (Status::Failed, Some(sentence(error))),
        };
        Report::new(&self.summary, status, (self.import, self.database.as_deref()), elapsed)
            .because(error)
            .placed(&self.placing)
    }
}
