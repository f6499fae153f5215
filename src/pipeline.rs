//! From arguments to a loaded database: walk, workers, one receiver.
//!
//! The walk hands out small batches of places to workers of a rayon pool; each reads, parses and places its sources and sends them
//! through a bounded channel to the receiver, which runs on the caller's thread and gets them **in the order of the walk**, whatever
//! the number of workers. A gate bounds what workers may have read ahead, so memory does not depend on the tree.

mod gate;
mod load;
mod order;
mod summary;
mod work;

use std::ops::ControlFlow;

use crossbeam_channel::{Sender, bounded};
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::model::Parsed;
use crate::place::Placer;
use crate::source::{Arguments, Found, Place, Reader, walk};
use gate::Gate;
use order::{InOrder, Part};

pub use load::{Ending, LoadOptions, MaxRejects, Observed, load};
pub use summary::{LineCounts, SourceCounts, StatusCounts, Summary};

/// Sources that one worker takes at once: enough to make hand-overs cheap, few enough to keep all workers busy at the end.
const BATCH: usize = 64;

/// What is read ahead of the receiver, in bytes of source.
const READ_AHEAD: u64 = 16 << 20;

/// Bytes of source after which a worker hands over what it has.
const PART: u64 = 1 << 20;

/// What the receiver gets.
#[derive(Debug)]
pub enum Item {
    /// A source, in whatever state.
    Source(Place, Box<Parsed>),
    /// A symbolic link that was not followed.
    Link(Place),
}

/// What is wanted of the workers.
#[derive(Debug)]
pub struct Work {
    /// How many workers.
    pub jobs: usize,
    /// Gives each run its place.
    pub placer: Placer,
}

/// The workers could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {jobs} threads")]
pub struct StartError {
    jobs: usize,
    source: rayon::ThreadPoolBuildError,
}

/// Reads everything the arguments hold and gives it to `receive`, in the order of the walk, until that breaks.
pub fn run<B>(
    arguments: Arguments,
    work: &Work,
    receive: impl FnMut(Item) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, StartError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(work.jobs).thread_name(|i| format!("worker-{i}")).build();
    let pool = pool.map_err(|source| StartError { jobs: work.jobs, source })?;
    let gate = Gate::new(READ_AHEAD);
    let (sender, receiver) = bounded::<Part>(2 * work.jobs);
    let batches = Batches { found: walk(arguments), number: 0 };
    Ok(std::thread::scope(|scope| {
        scope.spawn(|| pool.install(|| read_all(batches, work, &gate, sender)));
        let flow = InOrder::new(&gate, receive).run(receiver);
        gate.open_for_all();
        flow
    }))
}

/// The sender is dropped at the end: that tells the receiver that nothing follows.
fn read_all(batches: impl Iterator<Item = Batch> + Send, work: &Work, gate: &Gate, sender: Sender<Part>) {
    let read = |reader: &mut Reader, batch| read_batch(reader, batch, work, gate, &sender);
    // An error means that the receiver has gone: there is nothing left to be told and nobody to tell it.
    let _ = batches.par_bridge().try_for_each_init(Reader::default, read);
    drop(sender);
}

/// Reads a batch and sends it, in parts when it is large.
fn read_batch(reader: &mut Reader, batch: Batch, work: &Work, gate: &Gate, sender: &Sender<Part>) -> Result<(), Gone> {
    let mut part = Part::of(batch.number);
    for found in batch.found {
        let (item, size) = work::read_one(reader, found, &work.placer, |size| gate.enter(batch.number, size));
        part.push(item, size);
        if part.size >= PART {
            let full = std::mem::replace(&mut part, Part::of(batch.number));
            sender.send(full).map_err(|_| Gone)?;
        }
    }
    part.last = true;
    sender.send(part).map_err(|_| Gone)
}

/// The receiver has gone.
struct Gone;

struct Batch {
    number: u64,
    found: Vec<Found>,
}

/// The walk in batches.
struct Batches<I> {
    found: I,
    number: u64,
}

impl<I: Iterator<Item = Found>> Iterator for Batches<I> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let found: Vec<Found> = self.found.by_ref().take(BATCH).collect();
        let batch = Batch { number: self.number, found };
        self.number += 1;
        (!batch.found.is_empty()).then_some(batch)
    }
}

/// How many workers are a good start on this machine.
pub fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
