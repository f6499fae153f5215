//! Which format is this? Decided by content; names and extensions mean nothing in real trees.

use super::{FORMATS, Format};

/// What in a text speaks for a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Line that shows it, from 1.
    pub line: u32,
    /// What it shows, for people: `header "Performance counter stats for"`.
    pub reason: String,
}

/// What a text was taken for.
#[derive(Debug)]
pub enum Sniffed {
    /// One format.
    Known(&'static Format, Evidence),
    /// No format; the text says what it was taken for.
    Unknown(String),
    /// More than one format with evidence for each.
    Ambiguous(Vec<(&'static Format, Evidence)>),
}

/// Decides the format of a text.
pub fn sniff(text: &str) -> Sniffed {
    let mut found: Vec<(&'static Format, Evidence)> =
        FORMATS.iter().filter_map(|format| Some((format, (format.sniff)(text)?))).collect();
    match found.len() {
        0 => Sniffed::Unknown("text".to_owned()),
        1 => {
            let (format, evidence) = found.swap_remove(0);
            Sniffed::Known(format, evidence)
        }
        _ => Sniffed::Ambiguous(found),
    }
}
