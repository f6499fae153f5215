//! Bounds what workers read ahead of the receiver, and keeps a processor free for it and for who writes what it receives.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Lets workers in while less than a limit of bytes are on their way; one of the batch whose turn it is also while less than that are of
/// its own. What is let in last may be of any size, so that a large source gets in at all.
///
/// Small sources are read ahead for the receiver, which gathers many of them and needs few at once; of larger ones each worker shall have
/// one, so that they have a limit of their own.
///
/// A worker has read the text of a source when it asks: each holds one beside what is counted here.
///
/// The receiver takes batches in order, so whatever comes after a slow batch piles up behind it. The batch whose turn it is waits for
/// nothing but what it has sent itself, which the receiver takes: nobody waits for somebody who waits. An archive is one batch, however
/// large.
#[derive(Debug)]
pub(super) struct Gate {
    limits: Limits,
    state: Mutex<State>,
    changed: Condvar,
    idle: Condvar,
}

/// How many bytes of memory may be on their way, one more source among them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// When that is small.
    small: u64,
    /// When it is large.
    large: u64,
}

impl Limits {
    /// Where the receiver does its work itself: about as many small files as it writes at once, and two of 1 MB.
    pub(super) const USUAL: Self = Self { small: 10 << 20, large: 10 << 20 };

    /// The least for small sources.
    pub(super) const LEAST: u64 = 2 * Self::OF_A_WORKER;

    /// What each worker adds to that, for it has some in its hands.
    const OF_A_WORKER: u64 = 3 << 19;

    /// From this size on a source is large: a text of 32 KiB.
    const LARGE: u64 = 128 << 10;

    /// Where the receiver gathers a batch while another one is written: what keeps the workers going when that is full.
    pub(super) fn of_batches(jobs: usize) -> Self {
        let small = Self::OF_A_WORKER.saturating_mul(u64::try_from(jobs).unwrap_or(u64::MAX));
        Self { small: small.clamp(Self::LEAST, Self::USUAL.small), ..Self::USUAL }
    }

    fn of(self, size: u64) -> u64 {
        if size < Self::LARGE { self.small } else { self.large }
    }
}

#[derive(Debug)]
struct State {
    /// The batch whose turn it is at the receiver.
    turn: u64,
    /// Bytes that are with workers, in the channel or waiting for their turn.
    on_the_way: u64,
    /// The same of each batch that has any.
    of_batch: HashMap<u64, u64>,
    /// How many of those that all others wait for have something to do: the receiver, and whoever writes what it received.
    busy: u32,
    open: bool,
}

impl State {
    fn admits(&self, batch: u64, size: u64, limit: u64) -> bool {
        let own = self.of_batch.get(&batch).copied().unwrap_or(0);
        self.open || (batch == self.turn && own < limit) || self.on_the_way + size <= limit
    }
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        let state = State { turn: 0, on_the_way: 0, of_batch: HashMap::new(), busy: 0, open: false };
        Self { limits, state: Mutex::new(state), changed: Condvar::new(), idle: Condvar::new() }
    }

    /// Waits while the receiver, or who writes for it, has something to do.
    pub(super) fn stand_back(&self) {
        let mut state = self.lock();
        while state.busy > 0 && !state.open {
            state = self.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The receiver, or who writes for it, has something to do until what is returned is dropped, be it by a panic.
    pub(super) fn busy(&self) -> Busy<'_> {
        self.lock().busy += 1;
        Busy(self)
    }

    /// Waits until a source of this size may be parsed.
    pub(super) fn enter(&self, batch: u64, size: u64) {
        let mut state = self.lock();
        while !state.admits(batch, size, self.limits.of(size)) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.on_the_way += size;
        *state.of_batch.entry(batch).or_default() += size;
    }

    /// The receiver is done with sources of a batch, of this size.
    pub(super) fn leave(&self, batch: u64, size: u64) {
        let mut state = self.lock();
        state.on_the_way -= size;
        if let Some(own) = state.of_batch.get_mut(&batch) {
            *own -= size;
            if *own == 0 {
                state.of_batch.remove(&batch);
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    /// It is the turn of the next batch.
    pub(super) fn next_turn(&self) {
        self.lock().turn += 1;
        self.changed.notify_all();
    }

    /// Nobody waits any more: the receiver has gone.
    pub(super) fn open_for_all(&self) {
        self.lock().open = true;
        self.changed.notify_all();
        self.idle.notify_all();
    }

    /// A panic elsewhere cannot leave the numbers half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of those that all others wait for has something to do.
pub(super) struct Busy<'a>(&'a Gate);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.busy -= 1;
        if state.busy == 0 {
            self.0.idle.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;

    fn gate() -> Gate {
        Gate::new(Limits { small: 100, large: 2 * Limits::LARGE })
    }

    /// Whether a worker of batch 1 gets in, before and after `then`.
    fn enters(gate: &Gate, size: u64, then: impl FnOnce()) -> (bool, bool) {
        let inside = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                gate.enter(1, size);
                inside.store(true, Ordering::SeqCst);
            });
            std::thread::sleep(Duration::from_millis(50));
            let before = inside.load(Ordering::SeqCst);
            then();
            worker.join().unwrap();
            (before, inside.load(Ordering::SeqCst))
        })
    }

    #[test]
    fn who_would_pass_the_limit_waits_for_room() {
        let gate = gate();
        gate.enter(0, 60);
        assert_eq!(enters(&gate, 50, || gate.leave(0, 60)), (false, true));
    }

    #[test]
    fn a_large_source_has_more_room_than_small_ones() {
        let gate = gate();
        gate.enter(2, 100);
        assert_eq!(enters(&gate, Limits::LARGE, || ()), (true, true));
        assert_eq!(enters(&gate, Limits::LARGE, || gate.leave(1, Limits::LARGE)), (false, true));
    }

    #[test]
    fn many_workers_have_no_more_room_than_usual_and_one_has_that_of_two() {
        let small = [0, 1, 2, 4, 64, usize::MAX].map(|jobs| Limits::of_batches(jobs).small >> 20);
        assert_eq!(small, [3, 3, 3, 6, 10, 10]);
    }

    #[test]
    fn whose_turn_it_is_does_not_wait_for_those_behind() {
        let gate = gate();
        gate.enter(2, 100);
        gate.enter(0, 1000);
        assert_eq!(enters(&gate, 50, || gate.next_turn()), (false, true));
    }

    #[test]
    fn whose_turn_it_is_waits_for_what_it_has_sent_itself() {
        let gate = gate();
        gate.next_turn();
        gate.enter(1, 60);
        gate.enter(1, 60);
        assert_eq!(enters(&gate, 50, || gate.leave(1, 60)), (false, true));
    }

    #[test]
    fn who_stands_back_waits_for_an_idle_receiver_and_an_idle_writer() {
        let gate = gate();
        let back = AtomicBool::new(false);
        let (receiver, writer) = (gate.busy(), gate.busy());
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                gate.stand_back();
                back.store(true, Ordering::SeqCst);
            });
            for (busy, who) in [(receiver, "both are busy"), (writer, "the writer is busy")] {
                std::thread::sleep(Duration::from_millis(50));
                assert!(!back.load(Ordering::SeqCst), "{who}");
                drop(busy);
            }
            worker.join().unwrap();
        });
        let _receiver = gate.busy();
        gate.open_for_all();
        gate.stand_back();
    }

    #[test]
    fn nobody_waits_for_a_receiver_that_has_gone() {
        let gate = gate();
        gate.enter(0, 100);
        assert_eq!(enters(&gate, 50, || gate.open_for_all()), (false, true));
    }
}
