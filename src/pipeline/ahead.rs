//! Reads ahead of the workers what lies on a disk and not in memory.
//!
//! There are as many workers as processors, for they have work to do; but a disk that is asked for two files at a time gives a part of what
//! it can (100,000 small files from a cold disk: 5.6 s by 2 threads, 1.7 s by 16). Files that are in memory need no second look, so only
//! now and then one of them is asked whether it is there.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::Scope;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::scout::{Batch, Met};
use crate::source::{Found, fetch, is_cold, stand_behind};

/// Threads that wait for the disk, which tells them where a file lies.
const READERS: usize = 14;

/// Files that one of them takes at once.
const PIECE: usize = 8;

/// Pieces that wait for them. When there are more, the workers are as fast as the disk.
const WAITING: usize = 256;

/// Of so many batches one is looked at while files are found in memory.
const SAMPLE: u64 = 32;

/// Pieces that are looked at after one that was not in memory.
const CREDIT: u32 = 128;

/// Offers batches to the readers.
pub(super) struct Ahead<'a> {
    pieces: Sender<Vec<PathBuf>>,
    credit: &'a AtomicU32,
}

impl<'a> Ahead<'a> {
    /// Starts the readers; they end when this is dropped.
    pub(super) fn start<'scope>(scope: &'scope Scope<'scope, '_>, credit: &'scope AtomicU32) -> Self
    where
        'scope: 'a,
    {
        let (sender, receiver) = bounded::<Vec<PathBuf>>(WAITING);
        for _ in 0..READERS {
            let receiver = receiver.clone();
            scope.spawn(move || read(&receiver, credit));
        }
        Self { pieces: sender, credit }
    }

    /// Has the files of a batch read, or a few of them looked at, or nothing, by what was found before.
    pub(super) fn offer(&self, batch: &Batch) {
        if self.credit.load(Ordering::Relaxed) == 0 && !batch.number.is_multiple_of(SAMPLE) {
            return;
        }
        let files = batch.met.iter().filter_map(|met| match met {
            Met::Open(Found::Source(place), _) if place.is_below_argument() => Some(place.file().to_owned()),
            _ => None,
        });
        let files: Vec<PathBuf> = files.collect();
        for piece in files.chunks(PIECE) {
            // It is only help: nobody waits for it.
            if self.pieces.try_send(piece.to_vec()).is_err() {
                return;
            }
        }
    }
}

fn read(pieces: &Receiver<Vec<PathBuf>>, credit: &AtomicU32) {
    stand_behind();
    for piece in pieces {
        if piece.first().is_some_and(|path| is_cold(path)) {
            credit.store(CREDIT, Ordering::Relaxed);
            for path in &piece {
                fetch(path);
            }
        } else {
            let _ = credit.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |credit| credit.checked_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::source::{Arguments, walk};

    /// Which of the first hundred batches are offered, without readers that would take or give credit.
    fn offered(credit: u32) -> Vec<u64> {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("file"), "").unwrap();
        let met = || walk(Arguments::new(&[directory.path().to_owned()]), |_| false).map(|found| Met::Open(found, None));
        let credit = AtomicU32::new(credit);
        let (pieces, waiting) = bounded(WAITING);
        let ahead = Ahead { pieces, credit: &credit };
        let is_offered = |number: &u64| {
            ahead.offer(&Batch { number: *number, met: met().collect() });
            waiting.try_iter().count() == 1
        };
        (0..100).filter(is_offered).collect()
    }

    #[test]
    fn a_sample_of_the_batches_is_offered_while_files_are_in_memory_and_every_one_after_a_file_that_was_not() {
        assert_eq!(offered(0), [0, 32, 64, 96]);
        assert_eq!(offered(1), (0..100).collect::<Vec<_>>());
    }
}
