//! The command `imports`.

use super::Exit;

/// Arguments of `imports`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Runs the command.
#[expect(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the signature is shared by all commands")]
pub(super) fn run(_args: Args) -> anyhow::Result<Exit> {
    Ok(Exit::Success)
}
