//! Objects of PAPI between lines of other programs: each line is counted once, whatever was read from it.

use std::collections::{BTreeMap, BTreeSet};

use super::json::{Document, Fault, Key, Place, documents};
use crate::model::{RejectKind, Report, RunResult};
use crate::parse::builder::Builder;
use crate::parse::lines::{Line, Lines};

/// What was read so far, and from which lines.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// The report.
    pub(super) builder: Builder,
    results: BTreeSet<u32>,
    /// The first fault of a line. It makes the line a reject, and what was read before it is kept: an output can be all on one line.
    faults: BTreeMap<u32, Fault>,
}

impl Output {
    /// Adds a result.
    pub(super) fn push(&mut self, result: RunResult) {
        self.results.insert(result.line);
        self.builder.push(result);
    }

    /// Something stands there that cannot be used.
    pub(super) fn fault(&mut self, place: Place, kind: RejectKind, reason: &'static str) {
        self.faults.entry(place.line).or_insert(Fault { place, kind, reason });
    }

    /// Counts a line of an object that was read.
    fn settle(&mut self, line: Line<'_>) {
        if let Some(fault) = self.faults.remove(&line.number) {
            self.builder.reject(line, fault.place.column, fault.kind, fault.reason);
        } else if self.results.contains(&line.number) {
            self.builder.results_on(1);
        } else {
            self.builder.furniture();
        }
    }

    /// Counts a line outside of every object.
    fn outside(&mut self, line: Line<'_>) {
        if matches!(line.text.trim(), "" | "[" | "]" | "PAPI-HL Output:") {
            self.builder.furniture();
        } else if !self.builder.context(line) {
            self.builder.foreign();
        }
    }
}

/// Reads a text with `of_document` for each object that `wanted` tells by its first keys.
pub(super) fn read(text: &str, wanted: fn(&[Key<'_>]) -> bool, of_document: fn(&mut Output, &Document<'_>)) -> Report {
    let mut output = Output::default();
    let mut documents = documents(text, wanted).into_iter().peekable();
    let mut last = 0;
    for line in Lines::new(text) {
        while let Some(document) = documents.next_if(|document| document.first <= line.number) {
            last = document.last;
            take(&mut output, &document, of_document);
        }
        if line.number <= last { output.settle(line) } else { output.outside(line) }
    }
    output.builder.finish()
}

fn take(output: &mut Output, document: &Document<'_>, of_document: fn(&mut Output, &Document<'_>)) {
    of_document(output, document);
    for fault in &document.faults {
        output.fault(fault.place, fault.kind, fault.reason);
    }
    if !document.complete {
        output.builder.note("the output ends before its last brace");
    }
}
