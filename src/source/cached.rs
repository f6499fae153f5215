//! Whether a file is in memory, and how it gets there.

use std::fs::File;
use std::path::Path;

use super::read::open;

/// Bytes of a file that are fetched: the system itself reads ahead of who reads a large file from end to end.
#[cfg(target_os = "linux")]
const MOST: u64 = 1 << 20;

/// By how much a thread that helps is nicer; a thread of niceness 0 gets three times the time of one of 5 (`sched_prio_to_weight`, Linux
/// kernel/sched/core.c).
#[cfg(target_os = "linux")]
const NICER: i32 = 5;

/// Whether the begin of a file is not in memory; `false` also when that cannot be told, as on some network file systems, and on other
/// systems than Linux.
pub fn is_cold(path: &Path) -> bool {
    open(path).is_ok_and(|file| must_wait(&file))
}

/// Has the system fetch the begin of a file for the one who needs it, without waiting for more than its name. What cannot be read is the
/// concern of who needs it.
pub fn fetch(path: &Path) {
    // The walk has seen that it is a file; of what has no content to read ahead, both questions are refused.
    if let Ok(file) = open(path) {
        will_need(&file);
    }
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

/// A read would wait for the disk, and wake up for it; this costs a sixth of the time of a cold tree less.
#[cfg(target_os = "linux")]
fn will_need(file: &File) {
    use rustix::fs::{Advice, fadvise};
    // It is only help: where it is not taken, the one who needs the file waits for it.
    let _ = fadvise(file, 0, std::num::NonZeroU64::new(MOST), Advice::WillNeed);
}

/// Other systems have no read that says so instead of waiting.
#[cfg(not(target_os = "linux"))]
fn must_wait(_: &File) -> bool {
    false
}

/// Nothing is found to be cold there.
#[cfg(not(target_os = "linux"))]
fn will_need(_: &File) {}

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
    fn what_was_just_written_is_in_memory_and_what_is_no_file_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, vec![7; 200_000]).unwrap();
        fetch(&path);
        assert!(!is_cold(&path));
        for other in [directory.path().to_owned(), directory.path().join("none")] {
            fetch(&other);
            assert!(!is_cold(&other));
        }
    }
}
