//! Puts what the workers send into the order of the walk.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crossbeam_channel::{Receiver, TryRecvError};

use super::Item;
use super::gate::{Busy, Gate};

/// A piece of a batch.
#[derive(Debug)]
pub(super) struct Part {
    /// Number of the batch.
    batch: u64,
    items: Vec<Item>,
    /// What the gate counts for them.
    pub(super) size: u64,
    /// Whether nothing of the batch follows.
    pub(super) last: bool,
}

impl Part {
    pub(super) fn of(batch: u64) -> Self {
        Self { batch, items: Vec::new(), size: 0, last: false }
    }

    pub(super) fn push(&mut self, item: Item, size: u64) {
        self.items.push(item);
        self.size += size;
    }
}

/// The receiving end.
pub(super) struct InOrder<'a, F> {
    gate: &'a Gate,
    /// While it does not wait for the workers.
    busy: Option<Busy<'a>>,
    receive: F,
    turn: u64,
    /// Parts of later batches.
    early: BTreeMap<u64, Vec<Part>>,
}

impl<F> Drop for InOrder<'_, F> {
    /// The receiver has gone, be it by a panic: nobody may wait for it.
    fn drop(&mut self) {
        self.gate.open_for_all();
    }
}

impl<'a, B, F: FnMut(Item) -> ControlFlow<B>> InOrder<'a, F> {
    pub(super) fn new(gate: &'a Gate, receive: F) -> Self {
        Self { gate, busy: Some(gate.busy()), receive, turn: 0, early: BTreeMap::new() }
    }

    /// Receives until all workers are done or `receive` breaks; the channel is closed then, which ends the workers.
    #[expect(clippy::needless_pass_by_value, reason = "dropping the receiver is what stops the workers")]
    pub(super) fn run(mut self, parts: Receiver<Part>) -> ControlFlow<B> {
        while let Some(part) = self.next(&parts) {
            if part.batch == self.turn {
                self.take(part)?;
            } else {
                self.early.entry(part.batch).or_default().push(part);
            }
        }
        ControlFlow::Continue(())
    }

    /// The next part; tells the gate when there is none yet.
    fn next(&mut self, parts: &Receiver<Part>) -> Option<Part> {
        match parts.try_recv() {
            Ok(part) => Some(part),
            Err(TryRecvError::Disconnected) => None,
            Err(TryRecvError::Empty) => {
                self.busy = None;
                let part = parts.recv().ok();
                self.busy = Some(self.gate.busy());
                part
            }
        }
    }

    /// Takes a part of the batch whose turn it is, and whatever can follow it.
    fn take(&mut self, part: Part) -> ControlFlow<B> {
        let mut parts = vec![part];
        loop {
            let ended = parts.iter().any(|part| part.last);
            for part in parts.drain(..) {
                part.items.into_iter().try_for_each(&mut self.receive)?;
                if part.size > 0 {
                    // Waking the workers is a system call, and what was not read has nobody waiting for it.
                    self.gate.leave(part.batch, part.size);
                }
            }
            if !ended {
                return ControlFlow::Continue(());
            }
            self.turn += 1;
            self.gate.next_turn();
            parts = self.early.remove(&self.turn).unwrap_or_default();
        }
    }
}
