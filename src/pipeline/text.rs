//! A text that a program holds, as a source.

use super::work;
use crate::model::{Digest, Identity, Parsed};
use crate::place::Placer;
use crate::source::Text;

/// Reads what a tool printed and gives its runs their places; [`Store::load`](crate::store::Store::load) stores it.
///
/// The source is a stream: it is known by its content and by `path`, which names the occasion (`2026-11-22T20:41:07Z-elm/sort`). The
/// same text under the same path is stored once; a repeated run that happens to print the same needs a path of its own.
///
/// A text without results of a known format is no error: [`Parsed::state`] says what it was taken for.
pub fn read_text(path: &str, text: &str, placer: &Placer) -> Parsed {
    let identity = Identity { root: None, path: path.to_owned() };
    let digest = Some(Digest::of(text.as_bytes()));
    let mut parsed = Parsed { digest, bytes: text.len() as u64, ..work::unread(identity) };
    let text = Text { text: text.to_owned(), damaged: Vec::new(), notes: Vec::new() };
    work::understand(&mut parsed, text, path, &mut placer.placing(), None);
    parsed
}
