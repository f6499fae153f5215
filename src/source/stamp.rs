//! What the file system says of a file that is not opened.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;

use super::argument::Place;
use crate::model::Stamp;

impl Place {
    /// Size and last change; `None` for a stream, and for whatever is no regular file or cannot be looked at: reading it says why.
    pub fn stamp(&self) -> Option<Stamp> {
        if self.is_stream() {
            return None;
        }
        let metadata = fs::symlink_metadata(&self.path).ok()?;
        metadata.is_file().then(|| of(&metadata))
    }
}

/// Size and last change of a file; files of before 1970 exist.
pub(super) fn of(metadata: &Metadata) -> Stamp {
    let modified_at = metadata.mtime().saturating_mul(1_000_000).saturating_add(metadata.mtime_nsec() / 1000);
    Stamp { bytes: metadata.len(), modified_at }
}
