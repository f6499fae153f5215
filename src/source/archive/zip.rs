//! Zip: members by the directory at the end of the file, each with a checksum of its own.

use std::cell::Cell;
use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limit::{Limited, MAX_MEMBERS};
use super::{Member, Stop};
use crate::model::{Reject, RejectKind};

/// Whether a file begins as a zip archive does, be it an empty one.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Gives each member of a wanted name to `visit`, in order of the directory. A broken member costs itself.
pub(super) fn read<R: Read + Seek>(
    from: R,
    wanted: impl Fn(&[u8]) -> bool,
    mut visit: impl FnMut(Member<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut archive = ZipArchive::new(from).map_err(|error| damage(&error))?;
    if archive.len() as u64 > MAX_MEMBERS {
        return Err(Stop::Damage(Reject::source(RejectKind::TooLarge, "holds more than 1,000,000 members")));
    }
    if archive.has_overlapping_files().map_err(|error| damage(&error))? {
        return Err(Stop::Damage(Reject::source(RejectKind::Unreadable, "members of the zip archive overlap")));
    }
    for index in 0..archive.len() {
        member(&mut archive, index, &wanted, &mut visit)?;
    }
    if archive.has_duplicate_names() {
        let reason = "members of the zip archive have the same name; only the last of each was read";
        return Err(Stop::Damage(Reject::source(RejectKind::Unreadable, reason)));
    }
    Ok(())
}

fn member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    wanted: &impl Fn(&[u8]) -> bool,
    visit: &mut impl FnMut(Member<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let entry = archive.by_index_data(index).map_err(|error| damage(&error))?;
    let (name, is_directory, is_file) = (entry.name_raw().to_vec(), entry.is_dir(), entry.is_file());
    let compressed = Cell::new(entry.compressed_size());
    if is_directory || !wanted(&name) {
        return Ok(());
    }
    if !is_file {
        return visit(Member::Link(&name));
    }
    match archive.by_index(index) {
        // The time of a zip member names no zone.
        Ok(content) => visit(Member::File(&name, &mut Limited::new(content, &compressed), None)),
        Err(error) => visit(Member::Refused(&name, Reject::source(RejectKind::Unreadable, in_words(&error)))),
    }
}

fn damage(error: &ZipError) -> Stop {
    Stop::Damage(Reject::source(RejectKind::Unreadable, in_words(error)))
}

fn in_words(error: &ZipError) -> String {
    format!("zip: {error}")
}
