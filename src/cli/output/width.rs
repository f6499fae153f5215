//! How wide a line may be.

use std::io;

/// Characters of a line: what `COLUMNS` says, else what the terminal has. `None` when standard output is no terminal: a file has room.
pub(super) fn of_lines() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|columns| *columns > 0);
    told.or_else(|| {
        rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col.into()).filter(|columns| *columns > 0)
    })
}
