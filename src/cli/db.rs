//! The command `db`.

use super::Exit;

/// Arguments of `db`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Runs the command.
#[expect(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "the signature is shared by all commands")]
pub(super) fn run(_args: Args) -> anyhow::Result<Exit> {
    Ok(Exit::Success)
}
