//! The newest archives of each directory, told without opening any.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};

use super::argument::Place;
use super::stamp;
use crate::model::without_archive;

/// Picks the newest archives of each directory that a walk comes through.
///
/// Archives are told by the suffix of their name: opening each one to see what it holds is what this is there to avoid.
#[derive(Debug)]
pub struct Newest {
    most: usize,
    /// Archives that changed later do not count: they are not ready yet. Microseconds since the epoch.
    ready: Option<i64>,
    /// The directories on the way down to where the walk is, each with the archives that were picked.
    picked: Vec<(PathBuf, Vec<PathBuf>)>,
}

impl Newest {
    /// Picks so many of each directory, of those that changed no later than `ready`.
    pub fn new(most: usize, ready: Option<i64>) -> Self {
        Self { most, ready, picked: Vec::new() }
    }

    /// Whether this is an archive of a directory with enough newer ones. What was named by itself is never passed over.
    pub fn passes_over(&mut self, place: &Place) -> bool {
        if !place.is_below_argument() || !place.is_archive_by_name() {
            return false;
        }
        let Some(directory) = place.path.parent() else { return false };
        self.picked.retain(|(above, _)| directory.starts_with(above));
        if self.picked.last().is_none_or(|(last, _)| last != directory) {
            let picked = self.pick(directory);
            self.picked.push((directory.to_owned(), picked));
        }
        self.picked.last().is_some_and(|(_, picked)| !picked.contains(&place.path))
    }

    /// By last change, then by name: names of log archives often end in their date. A directory that cannot be listed any more has
    /// lost its files too.
    fn pick(&self, directory: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut archives: Vec<(i64, PathBuf)> = entries
            .filter(|entry| is_archive(&entry.path()))
            .filter_map(|entry| {
                let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some((stamp::of(&metadata).modified_at, entry.path()))
            })
            .filter(|(modified_at, _)| self.ready.is_none_or(|ready| *modified_at <= ready))
            .collect();
        archives.sort_unstable_by_key(|archive| Reverse(archive.clone()));
        archives.into_iter().take(self.most).map(|(_, path)| path).collect()
    }
}

impl Place {
    /// Whether the name is that of an archive; a name proves nothing, and is all there is before the file is opened.
    pub fn is_archive_by_name(&self) -> bool {
        !self.is_stream() && is_archive(&self.path)
    }
}

fn is_archive(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| without_archive(name) != name)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::super::argument::Arguments;
    use super::super::walk::{Found, walk};
    use super::*;

    fn tree(files: &[(&str, u64)]) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for (name, seconds) in files {
            let path = tree.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::File::create(path).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(*seconds)).unwrap();
        }
        tree
    }

    fn passed_over(root: &Path, mut newest: Newest) -> Vec<String> {
        let sources = walk(Arguments::new(&[root.to_owned()]), |_| false).filter_map(|found| match found {
            Found::Source(place) if newest.passes_over(&place) => Some(place.identity().path),
            _ => None,
        });
        sources.collect()
    }

    #[test]
    fn each_directory_keeps_its_newest_archives_and_every_other_file() {
        let files =
            [("a.tar", 3), ("b.tgz", 1), ("b/x.zip", 1), ("b/y.zip", 2), ("c.tar.xz", 2), ("d/z.zip", 0), ("old.txt", 0)];
        let tree = tree(&files);
        assert_eq!(passed_over(tree.path(), Newest::new(2, None)), ["b.tgz"]);
        assert_eq!(passed_over(tree.path(), Newest::new(1, None)), ["b/x.zip", "b.tgz", "c.tar.xz"]);
    }

    #[test]
    fn of_two_archives_of_one_time_the_later_name_is_the_newer() {
        let tree = tree(&[("log-2026-11-21.tar", 5), ("log-2026-11-22.tar", 5)]);
        assert_eq!(passed_over(tree.path(), Newest::new(1, None)), ["log-2026-11-21.tar"]);
    }

    #[test]
    fn an_archive_that_is_not_ready_takes_the_place_of_no_other() {
        let tree = tree(&[("a.tar", 1), ("b.tar", 2), ("c.tar", 9)]);
        assert_eq!(passed_over(tree.path(), Newest::new(1, Some(5_000_000))), ["a.tar", "c.tar"]);
    }

    #[test]
    fn an_archive_that_was_named_is_not_passed_over() {
        let tree = tree(&[("a.tar", 1), ("b.tar", 2)]);
        assert_eq!(passed_over(&tree.path().join("a.tar"), Newest::new(1, None)), Vec::<String>::new());
    }
}
