//! A file that is on the disk and not in memory is told from one that is in memory.

#![cfg(target_os = "linux")]

use std::fs::{self, File};

use prc_etl::source::Warmer;
use rustix::fs::{Advice, fadvise};

#[test]
fn a_file_that_was_dropped_from_memory_is_cold_until_it_is_warmed() {
    // Beside what Cargo builds, as the directory for temporary files is often one of memory alone.
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = directory.path().join("file");
    fs::write(&path, vec![7; 200_000]).unwrap();
    let file = File::open(&path).unwrap();
    // Only what is on the disk can be dropped.
    file.sync_all().unwrap();
    fadvise(&file, 0, None, Advice::DontNeed).unwrap();
    if !Warmer::is_cold(&path) {
        #[expect(clippy::print_stderr, reason = "what a test has not tried is part of its result")]
        {
            eprintln!("SKIPPED: the file system does not drop a file from memory, or does not tell");
        }
        return;
    }
    Warmer::default().warm(&path);
    assert!(!Warmer::is_cold(&path));
}
