//! `ocount` of OProfile, 0.9.9 to 1.5: the table for people, the brief form of `-b`, and both in intervals (`-i`).

mod brief;
mod line;
mod long;
pub mod pairs;
mod reader;
mod row;

use super::lines::line_with;
use super::{Evidence, Format};
use crate::model::Report;
use line::Content;

/// The format.
pub const FORMAT: Format = Format { name: "ocount", tool: "oprofile", version: 3, sniff, parse };

fn sniff(text: &str) -> Option<Evidence> {
    header(text).or_else(|| brief::evidence(text))
}

fn header(text: &str) -> Option<Evidence> {
    let line = line_with(text, line::HEADING, |line| matches!(line::content(line), Content::Header { .. }))?;
    Some(Evidence::new(line.number, "heading \"Event counts (actual or scaled) for\""))
}

fn parse(text: &str) -> Report {
    reader::Reader::new(text).read()
}

#[cfg(test)]
mod tests;
