//! Files of a line or two: `uname -a`, `/proc/version`, `hostname`.

use crate::machine;
use crate::model::Context;

/// Lines in which a capture may hold its command (`$ uname -a`) or a date beside the line that counts.
const MOST_LINES: usize = 5;

/// Longest name of a host, in bytes (`HOST_NAME_MAX` of Linux).
const LONGEST_NAME: usize = 64;

/// `uname -a`.
pub(super) fn uname(text: &str) -> Option<Context> {
    short(text, machine::uname)
}

/// `/proc/version`.
pub(super) fn proc_version(text: &str) -> Option<Context> {
    short(text, machine::proc_version)
}

/// The one machine that a short text speaks of; nothing when it speaks of two.
fn short(text: &str, read: fn(&str) -> Option<Context>) -> Option<Context> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines.clone().nth(MOST_LINES).is_some() {
        return None;
    }
    let first = lines.find_map(read)?;
    lines.filter_map(read).all(|other| other == first).then_some(first)
}

/// One bare word of the letters that names have (RFC 1123; `_` is met); a number is rather a result.
pub(super) fn hostname(text: &str) -> Option<Context> {
    let name = text.trim();
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let named = name.len() <= LONGEST_NAME && name.bytes().all(letter) && name.contains(|c: char| c.is_ascii_alphabetic());
    (named && name != "localhost").then(|| Context { host: Some(name.to_owned()), ..Context::default() })
}
