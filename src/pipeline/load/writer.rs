//! The thread that hands batches to the store, so that the next one is gathered and the last one settled meanwhile.

use std::panic::resume_unwind;
use std::thread::{Scope, ScopedJoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::pipeline::gate::Gate;
use crate::source::Place;
use crate::store::{Storable, Verdict};

/// Sources that are loaded together, and where each was met.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) places: Vec<Place>,
    pub(super) sources: Vec<Storable>,
}

/// A batch and what became of it.
pub(super) type Written<E> = (Batch, Result<Vec<Verdict>, E>);

/// The near end of the thread. It has one batch at a time, and ends when one fails.
pub(super) struct Writer<'scope, E> {
    batches: Sender<Batch>,
    written: Receiver<Written<E>>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
    /// Whether a batch has been given of which nothing is known yet.
    under_way: bool,
}

impl<'scope, E: Send + 'scope> Writer<'scope, E> {
    /// Starts the thread. While it loads, the gate keeps a processor free for it.
    pub(super) fn start(
        scope: &'scope Scope<'scope, '_>,
        gate: &'scope Gate,
        mut load: impl FnMut(&[Storable]) -> Result<Vec<Verdict>, E> + Send + 'scope,
    ) -> Self {
        let (batches, given) = bounded::<Batch>(0);
        let (done, written) = bounded(1);
        let thread = scope.spawn(move || {
            for batch in given {
                let busy = gate.busy();
                let verdicts = load(&batch.sources);
                drop(busy);
                let failed = verdicts.is_err();
                if done.send((batch, verdicts)).is_err() || failed {
                    return;
                }
            }
        });
        Self { batches, written, thread: Some(thread), under_way: false }
    }

    /// Gives a batch as soon as the one before is written, and returns what became of that. After a failure nothing is taken.
    pub(super) fn give(&mut self, batch: Batch) -> Option<Written<E>> {
        let given = self.batches.send(batch).is_ok();
        let before = self.wait();
        self.under_way = given;
        before
    }

    /// What became of the batch that is under way, if there is one.
    pub(super) fn wait(&mut self) -> Option<Written<E>> {
        if !std::mem::take(&mut self.under_way) {
            return None;
        }
        let written = self.written.recv().ok();
        // Without the answer that it owes it has panicked.
        if let Some(thread) = self.thread.take_if(|_| written.is_none()) {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        written
    }
}
