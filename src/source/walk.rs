//! From arguments to places, in sorted order.

use std::ffi::OsStr;
use std::fs::FileType;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::argument::{Argument, ArgumentKind, Arguments, Place};
use super::name::last_part;
use crate::model::{Reject, RejectKind};

/// One thing met on the way.
#[derive(Debug)]
pub enum Found {
    /// Something to read.
    Source(Place),
    /// Something that is not read, and why.
    Refused(Place, Reject),
    /// A symbolic link below an argument: not followed, for what it points to is either met by itself or lies outside.
    Link(Place),
}

/// Everything the arguments hold, each directory sorted by name, but first what `speaks` of the others by its name. Holds the names
/// of the directories on the way down, no more.
pub fn walk(arguments: Arguments, speaks: fn(&str) -> bool) -> impl Iterator<Item = Found> + Send {
    let excluded: Arc<[PathBuf]> = arguments.excluded.into();
    arguments.list.into_iter().flat_map(move |argument| -> Box<dyn Iterator<Item = Found> + Send> {
        let place = Place::new(&argument, argument.location.clone());
        match &argument.kind {
            ArgumentKind::Directory => Box::new(walk_directory(argument, Arc::clone(&excluded), speaks)),
            ArgumentKind::File | ArgumentKind::Recorded | ArgumentKind::Stream => {
                Box::new(std::iter::once(Found::Source(place)))
            }
            ArgumentKind::Unreadable(reject) => Box::new(std::iter::once(Found::Refused(place, reject.clone()))),
        }
    })
}

fn walk_directory(
    argument: Arc<Argument>,
    excluded: Arc<[PathBuf]>,
    speaks: fn(&str) -> bool,
) -> impl Iterator<Item = Found> + Send {
    let is_late = move |entry: &DirEntry, name: &OsStr| entry.file_type().is_dir() || !name.to_str().is_some_and(speaks);
    let order = move |a: &DirEntry, b: &DirEntry| {
        let (name_a, name_b) = (last_part(a.path()), last_part(b.path()));
        (is_late(a, name_a), name_a).cmp(&(is_late(b, name_b), name_b))
    };
    WalkDir::new(&argument.location).sort_by(order).into_iter().filter_map(move |entry| match entry {
        // Both are true locations, which are equal to the byte.
        Ok(entry) if excluded.iter().any(|path| path.as_os_str() == entry.path().as_os_str()) => None,
        Ok(entry) => found(&argument, entry),
        Err(error) => Some(unreadable(&argument, &error)),
    })
}

fn found(argument: &Arc<Argument>, entry: DirEntry) -> Option<Found> {
    let kind = entry.file_type();
    if kind.is_dir() {
        return None;
    }
    let place = Place::new(argument, entry.into_path());
    Some(if kind.is_file() {
        Found::Source(place)
    } else if kind.is_symlink() {
        Found::Link(place)
    } else {
        Found::Refused(place, Reject::source(RejectKind::NotAFile, special(kind)))
    })
}

/// What a directory entry is when it is no file, directory or link.
pub(super) fn special(kind: FileType) -> &'static str {
    if kind.is_fifo() {
        "a FIFO, not a regular file"
    } else if kind.is_socket() {
        "a socket, not a regular file"
    } else if kind.is_dir() {
        "a directory, not a regular file"
    } else {
        "a device, not a regular file"
    }
}

fn unreadable(argument: &Arc<Argument>, error: &walkdir::Error) -> Found {
    let path = error.path().map_or_else(|| argument.location.clone(), PathBuf::from);
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    Found::Refused(Place::new(argument, path), Reject::source(RejectKind::Unreadable, reason))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::path::Path;

    use super::*;

    fn met(root: &Path) -> Vec<String> {
        let word = |found: Found| match found {
            Found::Source(place) => place.identity().path,
            Found::Refused(place, reject) => format!("{}: {}", place.identity().path, reject.reason),
            Found::Link(place) => format!("{} ->", place.identity().path),
        };
        walk(Arguments::new(&[root.to_owned()]), |name| name == "first").map(word).collect()
    }

    #[test]
    fn a_tree_is_met_in_sorted_order_and_links_are_not_followed() {
        let tree = tempfile::tempdir().unwrap();
        let root = tree.path();
        fs::create_dir_all(root.join("b/c")).unwrap();
        for file in ["b/c/2", "b/c/10", "b/c/first", "a", "z"] {
            fs::write(root.join(file), "").unwrap();
        }
        symlink(".", root.join("loop")).unwrap();
        symlink("self", root.join("self")).unwrap();
        let _socket = UnixListener::bind(root.join("b/socket")).unwrap();
        assert_eq!(
            met(root),
            ["a", "b/c/first", "b/c/10", "b/c/2", "b/socket: a socket, not a regular file", "loop ->", "self ->", "z"]
        );
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let tree = tempfile::tempdir().unwrap();
        let deep = vec!["d"; 1500].join("/");
        fs::create_dir_all(tree.path().join(&deep)).unwrap();
        fs::write(tree.path().join(&deep).join("leaf"), "").unwrap();
        assert_eq!(met(tree.path()), [format!("{deep}/leaf")]);
    }
}
