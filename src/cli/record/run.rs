//! Runs the command between our own streams, and keeps what it writes.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use super::capture::{Plan, Results};
use super::entry::Unfinished;
use super::signals::Watch;
use super::tee::tee;

/// How a command ended.
#[derive(Debug)]
pub(super) struct Ran {
    /// Its status, as a shell tells it.
    pub(super) code: u8,
    /// What went wrong with keeping its output.
    pub(super) kept: Vec<String>,
    /// Still holds off the signals.
    pub(super) watch: Watch,
}

/// The command was not started.
#[derive(Debug)]
pub(super) struct Refused {
    /// The status that a shell gives then.
    pub(super) code: u8,
    reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Runs the command to its end. Only what has to be captured goes through a pipe.
pub(super) fn run(words: &[OsString], plan: &Plan, keep: &Unfinished) -> Result<Ran, Refused> {
    let out = matches!(plan.results, Results::Stdout | Results::Both);
    let err = matches!(plan.results, Results::Stderr | Results::Both);
    let before = match &plan.results {
        Results::File { path, append } => Some((path, *append, fs::metadata(path).ok())),
        _ => None,
    };
    let start = || -> io::Result<(Watch, Child, Option<File>, Option<File>)> {
        let names = if out && err { ["stdout.txt".to_owned(), "stderr.txt".to_owned()] } else { [plan.file(), plan.file()] };
        let copies = (out.then(|| keep.file(&names[0])).transpose()?, err.then(|| keep.file(&names[1])).transpose()?);
        let watch = Watch::begin()?;
        let child = watch.spawn(&mut command(words, out, err))?;
        Ok((watch, child, copies.0, copies.1))
    };
    let (watch, mut child, out, err) = start().map_err(|error| refused(&words[0], &error))?;
    let (ended, mut kept) = follow(&watch, &mut child, out, err);
    if let Some((path, append, before)) = before {
        let copied = copy(path, append, before.as_ref(), || keep.file(&plan.file()));
        kept.extend(copied.err().map(|error| format!("cannot keep {}: {error}", path.display())));
    }
    Ok(Ran { code: code(&ended), kept, watch })
}

impl Plan {
    /// Name of the file that results are kept in.
    fn file(&self) -> String {
        format!("{}.txt", self.tool)
    }
}

fn command(words: &[OsString], out: bool, err: bool) -> Command {
    let stream = |captured: bool| if captured { Stdio::piped() } else { Stdio::inherit() };
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdout(stream(out)).stderr(stream(err));
    command
}

/// Hands on what comes until both streams and the command have ended.
fn follow(watch: &Watch, child: &mut Child, out: Option<File>, err: Option<File>) -> (io::Result<ExitStatus>, Vec<String>) {
    let (from_out, from_err) = (child.stdout.take().zip(out), child.stderr.take().zip(err));
    std::thread::scope(|scope| {
        let out = from_out.map(|(from, copy)| scope.spawn(move || tee(from, io::stdout().lock(), copy)));
        let err = from_err.map(|(from, copy)| scope.spawn(move || tee(from, io::stderr().lock(), copy)));
        let ended = watch.wait(child);
        let tees = [("standard output", out), ("standard error", err)];
        let kept = tees.into_iter().filter_map(|(name, tee)| {
            let kept = tee?.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            kept.err().map(|error| format!("{name} is not kept to its end: {error}"))
        });
        (ended, kept.collect())
    })
}

/// Copies what the command wrote to a file. A file that it did not touch holds nothing of it.
fn copy(path: &Path, append: bool, before: Option<&Metadata>, to: impl FnOnce() -> io::Result<File>) -> io::Result<()> {
    let after = fs::metadata(path)?;
    if !after.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let stamp = |file: &Metadata| (file.dev(), file.ino(), file.len(), file.mtime(), file.mtime_nsec());
    if before.map(stamp) == Some(stamp(&after)) {
        return Err(io::Error::other("the command did not write to it"));
    }
    let mut from = File::open(path)?;
    from.seek(SeekFrom::Start(before.filter(|_| append).map_or(0, Metadata::len)))?;
    io::copy(&mut from, &mut to()?).map(drop)
}

fn refused(word: &OsString, error: &io::Error) -> Refused {
    let code = if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 };
    Refused { code, reason: format!("cannot start {}: {error}", word.to_string_lossy()) }
}

/// 128 and the number of the signal, when one ended it; what cannot be known is a failure.
fn code(ended: &io::Result<ExitStatus>) -> u8 {
    let Ok(status) = ended else { return 1 };
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
