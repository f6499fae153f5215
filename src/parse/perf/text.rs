//! What `perf stat` prints for people, 2.6.31 to 7.2: blocks with a header and a footer, and interval rows without either.

mod block;
mod evidence;
mod footer;
mod header;
mod layout;
mod metric_only;
mod reader;
mod row;
mod tail;

use std::borrow::Cow;

use crate::model::{Reject, Report};
use crate::parse::Format;
use crate::parse::lines::{Lines, without_escapes};

/// The format.
pub const FORMAT: Format = Format { name: "perf-stat-text", tool: "perf", version: 1, sniff: evidence::sniff, parse };

fn parse(text: &str) -> Report {
    let plain = without_escapes(text);
    let mut report = reader::Reader::new(&plain).read();
    if let Cow::Owned(_) = plain {
        restore_texts(&mut report, text);
    }
    report
}

/// Puts the lines as they stand in the source into the rejects.
fn restore_texts(report: &mut Report, text: &str) {
    for reject in &mut report.rejects {
        if let Some(line) = Lines::new(text).nth(reject.line as usize - 1) {
            *reject = Reject::line(reject.line, 0, reject.kind, std::mem::take(&mut reject.reason), line.text);
        }
    }
}
