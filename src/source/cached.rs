//! Whether a file is in memory, and how it gets there.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::read::open;

/// The system itself reads ahead of who reads a large file from end to end.
const MOST: u64 = 1 << 20;

const BUFFER: usize = 64 << 10;

/// By how much a thread that helps is nicer; a thread of niceness 0 gets three times the time of one of 5 (`sched_prio_to_weight`, Linux
/// kernel/sched/core.c).
#[cfg(target_os = "linux")]
const NICER: i32 = 5;

/// Reads files for no other purpose than that the system has them in memory for the one who needs them.
#[derive(Debug)]
pub struct Warmer {
    buffer: Vec<u8>,
}

impl Default for Warmer {
    fn default() -> Self {
        Self { buffer: vec![0; BUFFER] }
    }
}

impl Warmer {
    /// Whether the begin of a file is not in memory; `false` also when that cannot be told, as on some network file systems, and
    /// on other systems than Linux.
    pub fn is_cold(path: &Path) -> bool {
        regular(path).is_some_and(|file| must_wait(&file))
    }

    /// Reads a file into memory. What cannot be read is the concern of who needs it.
    pub fn warm(&mut self, path: &Path) {
        let Some(file) = regular(path) else { return };
        let mut file = file.take(MOST);
        while matches!(file.read(&mut self.buffer), Ok(1..)) {}
    }
}

fn regular(path: &Path) -> Option<File> {
    open(path).ok().filter(|file| file.metadata().is_ok_and(|found| found.is_file()))
}

/// Puts the thread behind all others of the program, and itself behind other programs, where processors are scarce. What a helper does is
/// done by those who need it when it does not come to it.
#[cfg(target_os = "linux")]
pub fn stand_behind() {
    // POSIX has one niceness for a process, Linux one for each thread (setpriority(2)). It is never refused to be nicer.
    let _ = rustix::process::nice(NICER);
}

/// Elsewhere it would be the whole process that stands behind.
#[cfg(not(target_os = "linux"))]
pub fn stand_behind() {}

/// Whether who reads the begin of a file has to wait for the disk.
#[cfg(target_os = "linux")]
fn must_wait(file: &File) -> bool {
    use rustix::io::{Errno, ReadWriteFlags, preadv2};
    let mut byte = [0];
    preadv2(file, &mut [std::io::IoSliceMut::new(&mut byte)], 0, ReadWriteFlags::NOWAIT) == Err(Errno::AGAIN)
}

/// Other systems have no read that says so instead of waiting.
#[cfg(not(target_os = "linux"))]
fn must_wait(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn who_stands_behind_does_so_alone() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        let helper = std::thread::spawn(move || {
            stand_behind();
            niceness()
        });
        assert_eq!((helper.join().unwrap(), niceness()), ((before + NICER).min(19), before));
    }

    #[test]
    fn what_was_just_written_or_read_is_in_memory_and_what_is_no_file_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, vec![7; 3 * BUFFER]).unwrap();
        Warmer::default().warm(&path);
        assert!(!Warmer::is_cold(&path));
        for other in [directory.path().to_owned(), directory.path().join("none")] {
            Warmer::default().warm(&other);
            assert!(!Warmer::is_cold(&other));
        }
    }
}
