//! From arguments to a loaded database: walk, workers, one receiver.
//!
//! A scout walks and takes out what need not be read; what is left goes in small batches to workers of a rayon pool; each reads, parses and
//! places its sources and sends them through a bounded channel to the receiver, which runs on the caller's thread and gets them **in the
//! order of the walk**, whatever the number of workers. It gathers them into batches for the thread that writes. A gate bounds what
//! workers may have read ahead, so memory does not depend on the tree, and holds one worker back where the receiver or the writer needs
//! its processor. What is on a disk and not in memory is fetched for the workers by more threads than there are processors.

mod ahead;
mod around;
mod bind;
mod cpus;
mod gate;
mod load;
mod names;
mod order;
mod scout;
mod seed;
mod summary;
mod text;
mod verdicts;
mod wanted;
mod work;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::model::{Candidate, Standing};
use crate::place::{Around, Placer, Placing, speaks};
use crate::source::{Arguments, Place, Reader};
use crate::store::Storable;
use ahead::Ahead;
use around::Surroundings;
use gate::{Gate, Limits};
use order::{InOrder, Part};
use scout::{Batch, Met};

pub use around::read_sidecar;
pub use bind::bind;
pub use cpus::{Cpus, MICROARCHS, read_cpus};
pub use load::{Ending, LoadOptions, MaxRejects, Observed, load};
pub use names::{ALIAS, NameFormat, Names, NamesError, machine, machines_with_names, read_names};
pub use scout::{Checks, PlainLookup};
pub use seed::{Finding as SeedFinding, Findings as SeedFindings, SeedImportError, import_seed, seed_rules};
pub use summary::{LineCounts, SourceCounts, StatusCounts, Summary};
pub use text::read_text;
pub use verdicts::{Finding, Lists, findings, seen};
pub use wanted::{Wanted, Why};

/// Bytes of memory after which a worker hands over what it has: less than a batch may have at the gate, or it would wait for itself.
const PART: u64 = 1 << 20;
const _: () = assert!(PART < Limits::LEAST);

/// Parts that wait for the receiver, which takes none while a whole batch waits for the one before: fewer would stop the workers
/// long before the gate does. It bounds what takes no room at the gate, such as files that are known.
const PARTS: usize = 128;

/// Batches that wait for the workers: what can be read ahead of them.
const BATCHES: usize = 32;

/// What the receiver gets.
#[derive(Debug)]
pub enum Item {
    /// A source, in whatever state.
    Source(Place, Box<Storable>),
    /// A symbolic link that was not followed.
    Link(Place),
    /// A file that was not opened, for it was loaded as it is now.
    Known {
        /// Where it lies.
        place: Place,
        /// Whether an older parser had read it than that of its format now.
        stale: bool,
    },
    /// A file that was not opened, or a member of an archive that was not used.
    LeftAlone(Place, Why),
}

/// What is wanted of the workers.
#[derive(Debug)]
pub struct Work {
    /// How many workers.
    pub jobs: usize,
    /// Gives each run its place.
    pub placer: Placer,
    /// What was said on the command line of everything, as a side file above all others.
    pub around: Option<Arc<Around>>,
}

/// The worker that leaves its processor to the receiver and the writer, which all others wait for in the end: where there are as many
/// workers as processors, one of them does.
fn who_stands_back(jobs: usize) -> Option<usize> {
    (jobs > 1 && jobs >= default_jobs()).then_some(jobs - 1)
}

/// The workers could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {jobs} threads")]
pub struct StartError {
    jobs: usize,
    source: rayon::ThreadPoolBuildError,
}

/// Reads what the arguments hold and the checks leave, and gives it to `receive`, in the order of the walk, until that breaks.
///
/// The second value is the error that ended the checks; what was met before it has been received.
pub fn run<B, K, E>(
    arguments: Arguments,
    work: &Work,
    checks: Checks<K>,
    receive: impl FnMut(Item) -> ControlFlow<B>,
) -> Result<(ControlFlow<B>, Result<(), E>), StartError>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E> + Send,
    E: Send,
{
    run_through(&Gate::new(Limits::USUAL), arguments, work, checks, receive)
}

/// The same, through a gate that others know.
fn run_through<B, K, E>(
    gate: &Gate,
    arguments: Arguments,
    work: &Work,
    checks: Checks<K>,
    mut receive: impl FnMut(Item) -> ControlFlow<B>,
) -> Result<(ControlFlow<B>, Result<(), E>), StartError>
where
    K: FnMut(&[Candidate]) -> Result<Vec<Standing>, E> + Send,
    E: Send,
{
    let pool = rayon::ThreadPoolBuilder::new().num_threads(work.jobs).thread_name(|i| format!("worker-{i}")).build();
    let pool = pool.map_err(|source| StartError { jobs: work.jobs, source })?;
    let wanted = checks.wanted;
    let (sender, receiver) = bounded::<Part>(PARTS);
    let (queue, batches) = bounded::<Batch>(BATCHES);
    let credit = AtomicU32::new(0);
    Ok(std::thread::scope(|scope| {
        let surroundings = Surroundings::new(work.around.clone(), Reader::new(speaks));
        let ahead = Ahead::start(scope, &credit);
        let scouting = scope.spawn(move || {
            scout::scout(arguments, checks, surroundings, work.jobs, |batch| {
                ahead.offer(&batch);
                queue.send(batch).is_ok()
            })
        });
        scope.spawn(|| read_all(&pool, batches, work, gate, sender));
        let flow = InOrder::new(gate, |item| receive(wanted.judged(item))).run(receiver);
        let scouted = scouting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (flow, scouted)
    }))
}

/// The sender is dropped at the end: that tells the receiver that nothing follows.
#[expect(clippy::needless_pass_by_value, reason = "dropping both ends is what tells their other ends")]
fn read_all(pool: &rayon::ThreadPool, batches: Receiver<Batch>, work: &Work, gate: &Gate, sender: Sender<Part>) {
    let patient = who_stands_back(work.jobs);
    pool.broadcast(|worker| {
        let mut means = Means { reader: Reader::new(speaks), placing: work.placer.placing() };
        loop {
            // Before it takes a batch and not with one in its hands, which the receiver would wait for.
            if patient == Some(worker.index()) {
                gate.stand_back();
            }
            let Ok(batch) = batches.recv() else { return };
            // There is nothing left to be told when the receiver has gone, and nobody to tell it.
            let Ok(()) = read_batch(&mut means, batch, gate, &sender) else { return };
        }
    });
}

/// What a worker works with.
struct Means<'a> {
    reader: Reader,
    placing: Placing<'a>,
}

/// Reads a batch and sends it, in parts when it is large.
fn read_batch(means: &mut Means<'_>, batch: Batch, gate: &Gate, sender: &Sender<Part>) -> Result<(), Gone> {
    let mut part = Part::of(batch.number);
    for met in batch.met {
        let mut hand = |item, size| {
            part.push(item, size);
            if part.size < PART {
                return ControlFlow::Continue(());
            }
            let full = std::mem::replace(&mut part, Part::of(batch.number));
            sender.send(full).map_or(ControlFlow::Break(()), |()| ControlFlow::Continue(()))
        };
        let flow = match met {
            Met::Open(found, around) => work::read_each(means, (found, around), |size| gate.enter(batch.number, size), hand),
            Met::Settled(item) => hand(item, 0),
        };
        if flow.is_break() {
            return Err(Gone);
        }
    }
    part.last = true;
    sender.send(part).map_err(|_| Gone)
}

/// The receiver has gone.
struct Gone;

/// How many workers are a good start on this machine.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
