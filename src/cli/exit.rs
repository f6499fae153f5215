//! Exit statuses, and the one place where an error becomes text.

use std::io::{self, Write};
use std::process::ExitCode;

/// How an invocation ended. The numbers are a public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything went well.
    Success = 0,
    /// Done, but something was rejected.
    Rejected = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// The database or the environment failed.
    Failure = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Arguments that clap takes and that still make no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);

/// Prints the error of a command, and gives its exit status.
///
/// A reader of our output that went away (`prc-etl show results | head -1`) is no error worth a word.
pub(super) fn report(outcome: anyhow::Result<Exit>) -> ExitCode {
    let exit = outcome.unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            return Exit::Success;
        }
        // Nothing is left to be done when standard error is closed too; the status still tells.
        let _ = writeln!(io::stderr().lock(), "prc-etl: error: {}", sentence(&error));
        of(&error)
    });
    exit.into()
}

/// The exit status that an error stands for.
pub(super) fn of(error: &anyhow::Error) -> Exit {
    if error.is::<Usage>() { Exit::Usage } else { Exit::Failure }
}

/// The error and its causes in one line; a cause that the text before already tells is left out.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_its_causes() {
        let error = anyhow::Error::new(io::Error::other("disk full\n\ttry later\n")).context("cannot write");
        assert_eq!(sentence(&error), "cannot write: disk full; try later");
    }
}
