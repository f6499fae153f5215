//! Exit statuses, and the one place where an error becomes text.

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

/// Prints the error of a command, and gives its exit status.
pub(super) fn report(outcome: anyhow::Result<Exit>) -> ExitCode {
    outcome.unwrap_or(Exit::Failure).into()
}
