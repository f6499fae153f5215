//! `opreport --xml`, schema 1.0 (2006) to 3.1 (1.0 and later): always symbols, with everything else around them.
//!
//! Read as a stream. Only the five entities of XML itself are known: what else a document defines is not expanded.

pub(super) mod frame;
mod late;
mod reader;
mod setup;

use crate::model::Report;
use crate::parse::lines::{count_lines, places};
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "opreport-xml", tool: "oprofile", version: 1, sniff, parse };

/// How far into a text its root may stand: messages of the tool come before it.
const HEAD: usize = 64 * 1024;

fn sniff(text: &str) -> Option<Evidence> {
    const ROOT: &str = "<profile";
    let head = &text[..text.floor_char_boundary(HEAD)];
    // No attribute holds `<`: each tag is looked at for itself, not for all that follow it as well.
    let root = places(head, ROOT).find(|&at| {
        let inner = head[at + ROOT.len()..].split(['<', '>']).next().unwrap_or("");
        inner.starts_with(char::is_whitespace) && inner.contains("schemaversion=")
    })?;
    Some(Evidence::new(count_lines(&head[..=root]), "root <profile schemaversion=...>"))
}

fn parse(text: &str) -> Report {
    reader::Reader::new(text).read()
}

#[cfg(test)]
mod tests;
