//! Files that say something of those beside and below them: found by name, read before what they speak of.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::name::lossless;
use super::read::{Content, Input, open, unreadable};
use super::walk::special;
use crate::model::{Reject, RejectKind};

/// Largest of them, in bytes: `/proc/cpuinfo` of a machine with 2,000 CPUs has 3 MiB.
pub(super) const MAX_BESIDE: u64 = 8 << 20;

/// A file beside others.
#[derive(Debug)]
pub struct Beside {
    /// Its location.
    pub location: String,
    /// Its content, or why there is none.
    pub content: Result<Content, Reject>,
}

/// The files of a directory of which the name is wanted, sorted; a directory of such a name is none of them. None when it cannot be
/// read, which opening the file it holds tells.
pub(super) fn list(directory: &Path, wanted: fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir()));
    let names = files.map(|entry| entry.file_name());
    let mut paths: Vec<_> = names.filter(|name| name.to_str().is_some_and(wanted)).map(|name| directory.join(name)).collect();
    paths.sort();
    paths
}

/// Reads one of them; `block` is memory to read with.
pub(super) fn read(path: &Path, block: &mut [u8]) -> Beside {
    Beside { location: lossless(path).into_owned(), content: read_file(path, block) }
}

fn read_file(path: &Path, block: &mut [u8]) -> Result<Content, Reject> {
    let metadata = fs::symlink_metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_symlink() {
        return Err(Reject::source(RejectKind::NotAFile, "a symbolic link, not a regular file"));
    }
    if !metadata.is_file() {
        return Err(Reject::source(RejectKind::NotAFile, special(metadata.file_type())));
    }
    content(&mut open(path).map_err(|error| unreadable(&error))?, block)
}

/// Reads one of them, up to the limit.
pub(super) fn content(from: &mut dyn Read, block: &mut [u8]) -> Result<Content, Reject> {
    let mut limited = from.take(MAX_BESIDE + 1);
    let content = Input::new(&mut limited).content(block)?;
    if content.bytes > MAX_BESIDE {
        let reason = format!("larger than {} MiB, which no file that describes others is", MAX_BESIDE >> 20);
        return Err(Reject::source(RejectKind::TooLarge, reason));
    }
    Ok(content)
}
