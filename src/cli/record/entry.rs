//! What is kept of a recording: a directory with what the tool wrote and a side file that says where it belongs.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::source::UNFINISHED;

/// Name of the side file.
const SIDE_FILE: &str = "prc.toml";

/// A recording in the making. Its directory has a name that imports pass over until it is complete.
#[derive(Debug)]
pub(super) struct Unfinished {
    base: Base,
    name: String,
    directory: PathBuf,
}

/// A complete recording.
#[derive(Debug)]
pub(super) struct Entry {
    base: Base,
    directory: PathBuf,
    /// The files that were captured and are not empty.
    pub(super) files: Vec<PathBuf>,
}

/// Where recordings lie.
#[derive(Debug)]
enum Base {
    Spool(PathBuf),
    Temporary(TempDir),
}

impl Base {
    fn path(&self) -> &Path {
        match self {
            Self::Spool(path) => path,
            Self::Temporary(directory) => directory.path(),
        }
    }
}

impl Unfinished {
    /// Begins a recording in the spool, or in a directory that goes with it.
    pub(super) fn begin(spool: Option<&Path>, name: String) -> io::Result<Self> {
        let base = match spool {
            Some(path) => {
                fs::create_dir_all(path)?;
                Base::Spool(path.canonicalize()?)
            }
            None => Base::Temporary(tempfile::Builder::new().prefix("prc-etl-").tempdir()?),
        };
        let directory = base.path().join(format!("{UNFINISHED}{name}"));
        fs::create_dir(&directory)?;
        Ok(Self { base, name, directory })
    }

    /// A new file for something that is captured.
    pub(super) fn file(&self, name: &str) -> io::Result<File> {
        File::create_new(self.directory.join(name))
    }

    /// Makes it visible, at once and whole.
    pub(super) fn finish(self, side_file: &str) -> io::Result<Entry> {
        let mut names = Vec::new();
        for file in fs::read_dir(&self.directory)? {
            let file = file?;
            if file.metadata()?.len() == 0 {
                fs::remove_file(file.path())?;
            } else {
                names.push(file.file_name());
            }
        }
        names.sort();
        fs::write(self.directory.join(SIDE_FILE), side_file)?;
        let directory = self.base.path().join(&self.name);
        fs::rename(&self.directory, &directory)?;
        let files = names.into_iter().map(|name| directory.join(name)).collect();
        Ok(Entry { base: self.base, directory, files })
    }

    /// Takes it away: there was nothing to record.
    pub(super) fn discard(self) -> io::Result<()> {
        fs::remove_dir_all(&self.directory)
    }
}

impl Entry {
    /// Takes it away: it is in the database.
    pub(super) fn discard(self) -> io::Result<()> {
        fs::remove_dir_all(&self.directory)
    }

    /// Leaves it where it can be imported from, and says where that is and whether it was asked for.
    pub(super) fn keep(self) -> (PathBuf, bool) {
        match self.base {
            Base::Spool(path) => (path, true),
            Base::Temporary(directory) => (directory.keep(), false),
        }
    }
}
