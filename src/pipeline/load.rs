//! Gathers sources into batches, hands them to the store, and decides when enough is enough.

mod writer;

use std::ops::ControlFlow;
use std::str::FromStr;

use super::gate::{Gate, Limits};
use super::{Candidate, Checks, Item, StartError, Summary, Why, Work, run_through};
use crate::model::{Parsed, Reject, RejectKind, SourceState, Standing};
use crate::source::{Arguments, Place};
use crate::store::{Storable, Verdict};
use writer::{Batch, Writer, Written};

/// A batch is handed over when it has this many results, sources or bytes: large enough to make a transaction worth its cost, small
/// enough to hold in memory and to lose.
const MOST_RESULTS: usize = 36_000;
const MOST_SOURCES: usize = 650;
const MOST_BYTES: u64 = 16 << 20;

/// What is wanted of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadOptions {
    /// A source with a rejected line is rejected as a whole.
    pub strict: bool,
    /// More rejects than this end the import.
    pub max_rejects: Option<MaxRejects>,
}

impl LoadOptions {
    /// Whether nothing more is loaded before it is known what became of a batch.
    fn is_one_by_one(&self) -> bool {
        matches!(self.max_rejects, Some(MaxRejects::Number(_)))
    }
}

/// How many rejected lines and sources are borne.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxRejects {
    /// So many; the import ends as soon as there are more.
    Number(u64),
    /// So many percent of the lines that were read; judged at the end.
    Percent(f64),
}

impl FromStr for MaxRejects {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is neither a number (10) nor a share of the lines (0.5%)");
        match text.strip_suffix('%') {
            Some(share) => {
                let percent = share.parse().ok().filter(|percent| (0.0..=100.0).contains(percent));
                percent.map(Self::Percent).ok_or_else(wrong)
            }
            None => text.parse().map(Self::Number).map_err(|_| wrong()),
        }
    }
}

/// How an import ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending<E> {
    /// Every source has its verdict.
    Done,
    /// More was rejected than is borne.
    TooManyRejects,
    /// The store failed.
    Failed(E),
}

/// Reads everything the arguments hold and loads it in batches, in the order of the walk.
///
/// `load` gives one verdict for each source, on a thread of its own; `observe` is told of each item, with the verdict of a source.
pub fn load<E: Send, K>(
    arguments: Arguments,
    work: &Work,
    (checks, options): (Checks<K>, LoadOptions),
    load: impl FnMut(&[Storable]) -> Result<Vec<Verdict>, E> + Send,
    observe: impl FnMut(&Observed<'_>),
) -> Result<(Summary, Ending<E>), StartError>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E> + Send,
{
    let gate = Gate::new(if options.is_one_by_one() { Limits::USUAL } else { Limits::of_batches(work.jobs) });
    std::thread::scope(|scope| {
        let mut loader = Loader::new(options, Writer::start(scope, &gate, load), observe);
        let ending = match run_through(&gate, arguments, work, checks, |item| loader.take(item))? {
            (ControlFlow::Break(ending), _) => ending,
            (ControlFlow::Continue(()), Err(error)) => loader.wait().break_value().unwrap_or(Ending::Failed(error)),
            (ControlFlow::Continue(()), Ok(())) => loader.finish(),
        };
        Ok((loader.summary, ending))
    })
}

/// What an observer is told.
#[derive(Debug)]
pub enum Observed<'a> {
    /// A source and what became of it.
    Source(&'a Place, &'a Parsed, &'a Verdict),
    /// A link that was not followed.
    Link(&'a Place),
    /// A file that was loaded as it is now.
    Known(&'a Place),
    /// A file or a member of an archive that was left alone.
    LeftAlone(&'a Place, Why),
}

struct Loader<'scope, E, O> {
    options: LoadOptions,
    writer: Writer<'scope, E>,
    observe: O,
    batch: Batch,
    results: usize,
    bytes: u64,
    /// Rejected lines and sources of the batch.
    rejects: u64,
    summary: Summary,
}

impl<'scope, E, O> Loader<'scope, E, O>
where
    E: Send + 'scope,
    O: FnMut(&Observed<'_>),
{
    fn new(options: LoadOptions, writer: Writer<'scope, E>, observe: O) -> Self {
        let (batch, summary) = (Batch::default(), Summary::default());
        Self { options, writer, observe, batch, results: 0, bytes: 0, rejects: 0, summary }
    }

    fn take(&mut self, item: Item) -> ControlFlow<Ending<E>> {
        match item {
            Item::Source(place, parsed) => return self.take_source(place, *parsed),
            Item::Link(place) => {
                self.summary.sources.links += 1;
                (self.observe)(&Observed::Link(&place));
            }
            Item::Known { place, stale } => {
                self.summary.add_known(stale);
                (self.observe)(&Observed::Known(&place));
            }
            Item::LeftAlone(place, why) => {
                self.summary.add_left_alone(why);
                (self.observe)(&Observed::LeftAlone(&place, why));
            }
        }
        ControlFlow::Continue(())
    }

    fn take_source(&mut self, place: Place, mut parsed: Storable) -> ControlFlow<Ending<E>> {
        if self.options.strict && is_damaged(&parsed) {
            parsed = rejected(parsed.into_source()).into();
        }
        if parsed.digest.is_none() && matches!(parsed.state, SourceState::Unknown(_)) {
            // Too large to be hashed: the ledger has no place for it, the report has.
            self.settle(&place, &parsed, &Verdict::Loaded { same_content_as: None });
            return ControlFlow::Continue(());
        }
        self.results += parsed.report.results.len();
        self.bytes += parsed.bytes;
        self.rejects += parsed.report.rejects.len() as u64 + u64::from(matches!(parsed.state, SourceState::Rejected(_)));
        self.batch.places.push(place);
        self.batch.sources.push(parsed);
        let full = self.results >= MOST_RESULTS || self.batch.sources.len() >= MOST_SOURCES || self.bytes >= MOST_BYTES;
        if full || self.may_be_too_many() { self.flush() } else { ControlFlow::Continue(()) }
    }

    /// Whether the limit is passed if nothing of the batch is already there.
    fn may_be_too_many(&self) -> bool {
        self.passes(self.summary.rejected() + self.rejects)
    }

    fn passes(&self, rejects: u64) -> bool {
        matches!(self.options.max_rejects, Some(MaxRejects::Number(most)) if rejects > most)
    }

    /// Has the batch loaded, and settles the one before. A limit is looked at before anything more is loaded.
    fn flush(&mut self) -> ControlFlow<Ending<E>> {
        let batch = std::mem::take(&mut self.batch);
        (self.results, self.bytes, self.rejects) = (0, 0, 0);
        if batch.sources.is_empty() {
            return ControlFlow::Continue(());
        }
        let before = self.writer.give(batch);
        self.conclude(before)?;
        if self.options.is_one_by_one() { self.wait() } else { ControlFlow::Continue(()) }
    }

    /// Settles what is under way.
    fn wait(&mut self) -> ControlFlow<Ending<E>> {
        let written = self.writer.wait();
        self.conclude(written)
    }

    fn conclude(&mut self, written: Option<Written<E>>) -> ControlFlow<Ending<E>> {
        let Some((batch, verdicts)) = written else { return ControlFlow::Continue(()) };
        let verdicts = match verdicts {
            Ok(verdicts) => verdicts,
            Err(error) => return ControlFlow::Break(Ending::Failed(error)),
        };
        debug_assert_eq!(verdicts.len(), batch.sources.len());
        for ((place, parsed), verdict) in batch.places.iter().zip(&batch.sources).zip(&verdicts) {
            self.settle(place, parsed, verdict);
        }
        if self.passes(self.summary.rejected()) {
            ControlFlow::Break(Ending::TooManyRejects)
        } else {
            ControlFlow::Continue(())
        }
    }

    fn settle(&mut self, place: &Place, parsed: &Storable, verdict: &Verdict) {
        self.summary.add(parsed, verdict);
        (self.observe)(&Observed::Source(place, parsed, verdict));
    }

    /// Loads what is left and judges the whole.
    fn finish(&mut self) -> Ending<E> {
        let mut flow = self.flush();
        if flow.is_continue() {
            flow = self.wait();
        }
        if let ControlFlow::Break(ending) = flow {
            return ending;
        }
        match self.options.max_rejects {
            Some(MaxRejects::Percent(most)) if self.reject_percent() > most => Ending::TooManyRejects,
            _ => Ending::Done,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a share of that many lines needs no more digits")]
    fn reject_percent(&self) -> f64 {
        let rejected = self.summary.rejected() as f64;
        rejected * 100.0 / (self.summary.lines.total as f64).max(rejected).max(1.0)
    }
}

fn is_damaged(parsed: &Parsed) -> bool {
    matches!(parsed.state, SourceState::Known) && !parsed.report.rejects.is_empty()
}

/// A damaged source, rejected as a whole.
fn rejected(parsed: Parsed) -> Parsed {
    let reason = format!("rejected lines in it: {}", parsed.report.rejects.len());
    Parsed { state: SourceState::Rejected(Reject::source(RejectKind::Strict, reason)), ..parsed }
}

#[cfg(test)]
mod tests;
