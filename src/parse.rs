//! Text in, a [`Report`] out. No files, no database.
//!
//! [`read`] decides the format by content and parses. A format is one row of [`FORMATS`]: a name, a function that says
//! whether a text holds it and why, and a parser. To add one, write a module beside the others and add its row.

mod builder;
mod context;
mod lines;
mod notation;
mod number;
pub mod ocount;
pub mod oprofile;
mod pairs;
pub mod papi;
pub mod perf;
mod sniff;

use crate::model::Report;

pub use lines::count_lines;
pub use sniff::{Evidence, Reading, Sniffed, current_version, read, read_as, recognition_version, sniff};

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// Name used in every output: `perf-stat-text`.
    pub name: &'static str,
    /// Name of the tool that writes it.
    pub tool: &'static str,
    /// Raised with each change that lets the parser read a file differently; sources keep it.
    pub version: i32,
    /// What in the text speaks for this format; `None` when nothing does.
    pub sniff: fn(&str) -> Option<Evidence>,
    /// Reads the text.
    pub parse: fn(&str) -> Report,
}

/// Every format that can be read.
pub const FORMATS: &[Format] = &[
    perf::text::FORMAT,
    perf::csv::FORMAT,
    perf::json::FORMAT,
    oprofile::text::FORMAT,
    oprofile::xml::FORMAT,
    ocount::FORMAT,
    ocount::pairs::FORMAT,
    papi::command_line::FORMAT,
    papi::high_level::FORMAT,
    papi::high_level_writer::FORMAT,
    papi::avail::FORMAT,
    papi::native_avail::FORMAT,
    papi::name_value::FORMAT,
    oprofile::help_text::FORMAT,
    oprofile::help_xml::FORMAT,
];
