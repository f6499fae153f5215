//! Gathers sources into batches, hands them to the store, and decides when enough is enough.

use std::ops::ControlFlow;
use std::str::FromStr;

use crossbeam_channel::{Sender, bounded};

use super::{Candidate, Checks, Item, StartError, Summary, Why, Work, run};
use crate::model::{Parsed, Reject, RejectKind, SourceState, Standing};
use crate::source::{Arguments, Place};
use crate::store::{Storable, Verdict};

/// A batch is handed over when it has this many results, sources or bytes: large enough to make a transaction worth its cost, small
/// enough to hold in memory and to lose.
const MOST_RESULTS: usize = 36_000;
const MOST_SOURCES: usize = 1_200;
const MOST_BYTES: u64 = 16 << 20;

/// What is wanted of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadOptions {
    /// A source with a rejected line is rejected as a whole.
    pub strict: bool,
    /// More rejects than this end the import.
    pub max_rejects: Option<MaxRejects>,
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
/// `load` gives one verdict for each source; `observe` is told of each item, with the verdict of a source.
pub fn load<E: Send, K>(
    arguments: Arguments,
    work: &Work,
    (checks, options): (Checks<K>, LoadOptions),
    load: impl FnMut(&[Storable]) -> Result<Vec<Verdict>, E>,
    observe: impl FnMut(&Observed<'_>),
) -> Result<(Summary, Ending<E>), StartError>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E> + Send,
{
    std::thread::scope(|scope| {
        // To free what is made of thousands of small pieces of memory takes long enough to be left to another thread than the one that
        // all others wait for. It takes a batch when it is done with the one before, so that memory holds no more than one of them.
        let (done, discarded) = bounded::<Vec<Storable>>(0);
        scope.spawn(move || discarded.into_iter().for_each(drop));
        let mut loader = Loader::new(options, (load, observe), done);
        let ending = match run(arguments, work, checks, |item| loader.take(item))? {
            (ControlFlow::Break(ending), _) => ending,
            (ControlFlow::Continue(()), Err(error)) => Ending::Failed(error),
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

struct Loader<L, O> {
    options: LoadOptions,
    load: L,
    observe: O,
    /// Takes what is loaded, to free it.
    done: Sender<Vec<Storable>>,
    places: Vec<Place>,
    batch: Vec<Storable>,
    results: usize,
    bytes: u64,
    /// Rejected lines and sources of the batch.
    rejects: u64,
    summary: Summary,
}

impl<E, L, O> Loader<L, O>
where
    L: FnMut(&[Storable]) -> Result<Vec<Verdict>, E>,
    O: FnMut(&Observed<'_>),
{
    fn new(options: LoadOptions, (load, observe): (L, O), done: Sender<Vec<Storable>>) -> Self {
        let (places, batch, summary) = (Vec::new(), Vec::new(), Summary::default());
        Self { options, load, observe, done, places, batch, results: 0, bytes: 0, rejects: 0, summary }
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
        self.places.push(place);
        self.batch.push(parsed);
        let full = self.results >= MOST_RESULTS || self.batch.len() >= MOST_SOURCES || self.bytes >= MOST_BYTES;
        if full || self.may_be_too_many() { self.flush() } else { ControlFlow::Continue(()) }
    }

    /// Whether the limit is passed if nothing of the batch is already there.
    fn may_be_too_many(&self) -> bool {
        self.passes(self.summary.rejected() + self.rejects)
    }

    fn passes(&self, rejects: u64) -> bool {
        matches!(self.options.max_rejects, Some(MaxRejects::Number(most)) if rejects > most)
    }

    /// Loads the batch.
    fn flush(&mut self) -> ControlFlow<Ending<E>> {
        let batch = std::mem::take(&mut self.batch);
        let places = std::mem::take(&mut self.places);
        (self.results, self.bytes, self.rejects) = (0, 0, 0);
        if batch.is_empty() {
            return ControlFlow::Continue(());
        }
        let verdicts = match (self.load)(&batch) {
            Ok(verdicts) => verdicts,
            Err(error) => return ControlFlow::Break(Ending::Failed(error)),
        };
        debug_assert_eq!(verdicts.len(), batch.len());
        for ((place, parsed), verdict) in places.iter().zip(&batch).zip(&verdicts) {
            self.settle(place, parsed, verdict);
        }
        // Nobody takes it when the thread is gone: then it is freed here.
        let _ = self.done.send(batch);
        if self.passes(self.summary.rejected()) {
            ControlFlow::Break(Ending::TooManyRejects)
        } else {
            ControlFlow::Continue(())
        }
    }

    fn settle(&mut self, place: &Place, parsed: &Parsed, verdict: &Verdict) {
        self.summary.add(parsed, verdict);
        (self.observe)(&Observed::Source(place, parsed, verdict));
    }

    /// Loads what is left and judges the whole.
    fn finish(&mut self) -> Ending<E> {
        if let ControlFlow::Break(ending) = self.flush() {
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
