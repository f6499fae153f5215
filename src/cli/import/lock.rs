//! One import at a time, for jobs that may still run when they are started again.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::cli::escape::escaped;
use crate::cli::time::Length;
use crate::store::DatabaseUrl;

/// Between two attempts to get a lock.
const PAUSE: Duration = Duration::from_millis(100);

/// Bytes of a lock file that are shown: it could be any file.
const SHOWN: u64 = 200;

/// Options on the lock.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "One at a time")]
pub(super) struct LockArgs {
    /// Do nothing (status 3) while another import with this option works on the same database
    ///
    /// The lock is one of the system (flock) on FILE; the end of the program ends it, however that comes. The file stays and tells who
    /// has it. Without FILE it lies beside the SQLite file (NAME.lock). For PostgreSQL it is a file of this user on this machine, in
    /// $XDG_STATE_HOME/prc-etl or ~/.local/state/prc-etl: a job is kept from running twice, other machines may load at the same time.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with = "dry_run")]
    #[expect(clippy::option_option, reason = "not given, given, given with a file")]
    lock: Option<Option<PathBuf>>,

    /// Wait so long for the lock [default: not at all]
    #[arg(long, value_name = "SECONDS|10m", requires = "lock")]
    lock_wait: Option<Length>,
}

/// A lock that is held until this is dropped, or until the process ends in whatever way.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Closing it is what releases the lock.
    _file: File,
}

impl LockArgs {
    /// Takes the lock if one is wanted; an error says who has it.
    pub(super) fn take(&self, database: &DatabaseUrl) -> anyhow::Result<Option<Lock>> {
        let Some(file) = &self.lock else { return Ok(None) };
        let path = file.clone().map_or_else(|| default_path(database), Ok)?;
        let wait = self.lock_wait.map_or(0, Length::micros);
        let deadline = Instant::now() + Duration::from_micros(wait.unsigned_abs());
        Lock::take(&path, deadline).map(Some)
    }
}

impl Lock {
    fn take(path: &Path, deadline: Instant) -> anyhow::Result<Self> {
        let unusable = || format!("cannot use the lock file {}", path.display());
        let mut file = open(path).with_context(unusable)?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    bail!("another import is running ({}); the lock is {}", holder(&mut file), path.display())
                }
                Err(TryLockError::Error(error)) => return Err(error).with_context(unusable),
            }
        }
        sign(&mut file).with_context(unusable)?;
        Ok(Self { path: path.to_owned(), _file: file })
    }

    /// The lock file, by its true location: it is no input when it lies in the tree.
    pub(super) fn location(&self) -> Option<PathBuf> {
        self.path.canonicalize().ok()
    }
}

/// Nothing is written to the file before it is locked: it may be that of another import.
fn open(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        fs::create_dir_all(directory)?;
    }
    let mut options = OpenOptions::new();
    // A FIFO would be waited for.
    options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(libc::O_NONBLOCK);
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}

fn sign(file: &mut File) -> io::Result<()> {
    let text = format!("pid {}, since {:.0}\n", std::process::id(), jiff::Timestamp::now());
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

/// What the holder wrote; it may be about to do so.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.rewind().and_then(|()| file.take(SHOWN).read_to_string(&mut text));
    match (read, text.lines().next()) {
        (Ok(_), Some(line)) if !line.is_empty() => escaped(line).into_owned(),
        _ => "it did not say which".to_owned(),
    }
}

/// The same file for every name of a database.
fn default_path(database: &DatabaseUrl) -> anyhow::Result<PathBuf> {
    if let Some(path) = database.sqlite_path() {
        let mut name = true_location(path)?.into_os_string();
        name.push(".lock");
        return Ok(PathBuf::from(name));
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    let state = state.context("neither XDG_STATE_HOME nor HOME is set; name the lock with --lock=FILE")?;
    let hash = blake3::hash(database.to_string().as_bytes()).to_hex();
    Ok(state.join("prc-etl").join(format!("{}.lock", &hash[..16])))
}

/// Where a file lies or will lie, without links. The directory is made, as the database would make it.
fn true_location(path: &Path) -> anyhow::Result<PathBuf> {
    if let Ok(location) = path.canonicalize() {
        return Ok(location);
    }
    let path = std::path::absolute(path)?;
    let name: OsString = path.file_name().context("the database has no file name")?.to_owned();
    let directory = path.parent().context("the database has no directory")?;
    fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    Ok(directory.canonicalize()?.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_of_the_first_and_gets_the_lock_after_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/directory/lock");
        let first = Lock::take(&path, Instant::now()).unwrap();
        let refused = Lock::take(&path, Instant::now() + 2 * PAUSE).unwrap_err().to_string();
        let holder = format!("another import is running (pid {}, since ", std::process::id());
        assert!(refused.starts_with(&holder) && refused.ends_with(path.to_str().unwrap()), "{refused}");
        drop(first);
        Lock::take(&path, Instant::now()).unwrap();
    }

    #[test]
    fn a_database_has_one_lock_whatever_it_is_called() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        std::os::unix::fs::symlink(".", root.join("link")).unwrap();
        let of = |name: &str| default_path(&DatabaseUrl::sqlite(root.join(name))).unwrap();
        assert_eq!(of("link/x.db"), root.join("x.db.lock"));
        fs::write(root.join("x.db"), "").unwrap();
        std::os::unix::fs::symlink("x.db", root.join("y.db")).unwrap();
        assert_eq!((of("x.db"), of("y.db")), (root.join("x.db.lock"), root.join("x.db.lock")));
    }

    #[test]
    fn a_lock_file_that_is_no_file_is_refused_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let fifo = directory.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let error = format!("{:#}", Lock::take(&fifo, Instant::now()).unwrap_err());
        assert!(error.ends_with("it is no regular file"), "{error}");
    }
}
