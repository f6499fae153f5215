//! A file that is on the disk and not in memory is told from one that is in memory, and fetched.

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::IoSliceMut;
use std::thread::sleep;
use std::time::Duration;

use prc_etl::source::{fetch, is_cold};
use rustix::fs::{Advice, fadvise};
use rustix::io::{ReadWriteFlags, preadv2};

/// A look at the begin of a file may have the system fetch some of what follows: the end shows who fetched it.
const SIZE: usize = 900_000;

#[test]
fn a_file_that_was_dropped_from_memory_is_cold_until_it_is_fetched() {
    // Beside what Cargo builds, as the directory for temporary files is often one of memory alone.
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = directory.path().join("file");
    fs::write(&path, vec![7; SIZE]).unwrap();
    let file = File::open(&path).unwrap();
    // Only what is on the disk can be dropped.
    file.sync_all().unwrap();
    let drop_it = || fadvise(&file, 0, None, Advice::DontNeed).unwrap();
    let has_end = || preadv2(&file, &mut [IoSliceMut::new(&mut [0])], SIZE as u64 - 1, ReadWriteFlags::NOWAIT).is_ok();
    drop_it();
    if !is_cold(&path) {
        #[expect(clippy::print_stderr, reason = "what a test has not tried is part of its result")]
        {
            eprintln!("SKIPPED: the file system does not drop a file from memory, or does not tell");
        }
        return;
    }
    sleep(Duration::from_secs(1));
    assert!(!has_end(), "a look fetched all of it");
    drop_it();
    fetch(&path);
    // Nobody waits for it, and to look more than once would fetch it too.
    sleep(Duration::from_secs(3));
    assert!(has_end() && !is_cold(&path));
}
