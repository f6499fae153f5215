//! What a worker does with one place: read, parse, place.

use std::any::Any;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::around::{Members, sidecar_of};
use super::scout::{sides, unwanted};
use super::{Item, Means};
use crate::model::{Identity, Parsed, Reject, RejectKind, Report, SourceState, Tally};
use crate::parse::{self, Reading};
use crate::place::{Around, Placing, Seen, captured, is_sidecar, speaks};
use crate::source::{Body, Content, Found, Met, Place, Text};
use crate::store::Storable;

/// What a source costs in memory beside its content, in bytes.
const OVERHEAD: u64 = 2048;

/// What a byte of text costs: what is read from it. A line of 65 bytes is often a counter and a metric of 120 bytes each, and what the
/// store wants to know of them. The text itself is gone by then.
const OF_A_BYTE: u64 = 4;

/// Reads one thing that the walk met, an archive member by member, and hands over each item with what it costs in memory; `enter`
/// is told the cost before the expensive part begins. Ends early when `hand` breaks.
pub(super) fn read_each(
    Means { reader, placing }: &mut Means<'_>,
    (found, around): (Found, Option<Arc<Around>>),
    mut enter: impl FnMut(u64),
    mut hand: impl FnMut(Item, u64) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut members = match &found {
        Found::Source(place) | Found::Refused(place, _) | Found::Link(place) => Members::new(place, around),
    };
    let mut take = |met: Met| {
        let (place, content) = match met {
            Met::Beside(place, content) => {
                members.learn(&place, content);
                return ControlFlow::Continue(());
            }
            Met::Source(place, content) => (place, content),
            // One link is small, an archive may hold a million.
            Met::Link(place) => {
                enter(OVERHEAD);
                return hand(Item::Link(place), OVERHEAD);
            }
        };
        let around = members.of(&place);
        if let Some(why) = around.as_deref().filter(|_| place.is_member()).and_then(|around| unwanted(around, &place)) {
            enter(OVERHEAD);
            return hand(Item::LeftAlone(place, why), OVERHEAD);
        }
        let text = content.as_ref().ok().and_then(|content| content.body.text());
        let size = OVERHEAD + text.map_or(0, |text| text.text.len() as u64 * OF_A_BYTE);
        enter(size);
        let parsed = match content.and_then(|content| members.unheard(&place).map_or(Ok(content), Err)) {
            Ok(content) => understood(&place, *content, placing, around.as_ref()),
            Err(reject) => Parsed { state: SourceState::Rejected(reject), ..unread(place.identity()) },
        };
        hand(Item::Source(place, Box::new(Storable::from(parsed))), size)
    };
    match found {
        Found::Link(place) => take(Met::Link(place)),
        Found::Refused(place, reject) => take(Met::Source(place, Err(reject))),
        Found::Source(place) => {
            // What unpacks archives is not ours; none of it may take the other files with it.
            let read = catch_unwind(AssertUnwindSafe(|| reader.read(&place, &mut take)));
            let internal = |panic: Box<dyn Any + Send>| Reject::source(RejectKind::Internal, message(&*panic));
            read.unwrap_or_else(|panic| take(Met::Source(place, Err(internal(panic)))))
        }
    }
}

/// A source of which nothing was read.
pub(super) fn unread(identity: Identity) -> Parsed {
    Parsed {
        identity,
        digest: None,
        bytes: 0,
        modified_at: None,
        format: None,
        parser_version: parse::recognition_version(),
        state: SourceState::Unknown(String::new()),
        report: Report::default(),
        placements: Vec::new(),
        sides: None,
        off_layout: false,
        contradicted: false,
    }
}

/// What a content means. No panic leaves it: what a source takes at the gate is given back only with its item.
fn understood(place: &Place, content: Content, placing: &mut Placing<'_>, around: Option<&Arc<Around>>) -> Parsed {
    let Content { digest, bytes, modified_at, body } = content;
    let unread = || Parsed { digest, bytes, modified_at, ..unread(place.identity()) };
    let mut parsed = Parsed { sides: sides(place, around.map(Arc::as_ref)), ..unread() };
    let outcome = catch_unwind(AssertUnwindSafe(|| match body {
        body if is_sidecar(&place.name()) => note_sidecar(&mut parsed, &body),
        Body::Other(taken_for) => parsed.state = SourceState::Unknown(taken_for.to_owned()),
        Body::Text(text) => understand(&mut parsed, text, &place.name(), placing, around),
    }));
    match outcome {
        Ok(()) => parsed,
        Err(panic) => {
            let state = SourceState::Rejected(Reject::source(RejectKind::Internal, message(&*panic)));
            Parsed { state, ..unread() }
        }
    }
}

/// Parses a text and places what it holds.
pub(super) fn understand(parsed: &mut Parsed, text: Text, name: &str, placing: &mut Placing<'_>, around: Option<&Arc<Around>>) {
    match read(parsed, &text.text, around.map(Arc::as_ref)) {
        Reading::Known(format, report) => {
            parsed.format = Some(format.name);
            parsed.parser_version = format.version;
            parsed.state = SourceState::Known;
            parsed.report = *report;
            // It waits for the writer among thousands, and a vector that grew is half empty.
            parsed.report.results.shrink_to_fit();
            placing.place(parsed, format.tool, &text.text, around);
            add_damage(&mut parsed.report, text);
        }
        Reading::Unknown { taken_for, lines } => {
            let captured = speaks(name).then(|| captured::read(&text.text, name)).flatten();
            let kind = captured.map(|captured| format!("{} ({})", SourceState::CAPTURED, captured.kind.as_str()));
            parsed.state = SourceState::Unknown(kind.unwrap_or(taken_for));
            parsed.report.tally = Tally { lines, furniture: lines, ..Tally::default() };
            add_damage(&mut parsed.report, text);
            parsed.report.tally.foreign = parsed.report.tally.furniture;
        }
        Reading::Ambiguous(reason) => parsed.state = SourceState::Rejected(Reject::source(RejectKind::Ambiguous, reason)),
    }
}

/// As the format that a side file names, or by content.
fn read(parsed: &Parsed, text: &str, around: Option<&Around>) -> Reading {
    let named = around.and_then(|around| parse::read_as(around.format(&Seen::new(&parsed.identity))?, text));
    named.unwrap_or_else(|| parse::read(text))
}

/// A side file holds no results; whether it can be used is told with its place.
fn note_sidecar(parsed: &mut Parsed, body: &Body) {
    let lines = body.text().map_or(0, |text| parse::count_lines(&text.text));
    parsed.report.tally = Tally { lines, furniture: lines, ..Tally::default() };
    parsed.state = match sidecar_of(body) {
        Ok(_) => SourceState::Unknown(SourceState::SIDECAR.to_owned()),
        Err(reject) => SourceState::Rejected(reject),
    };
}

/// The lines that were lost in reading, which the parser saw as blank ones, become rejected lines.
fn add_damage(report: &mut Report, text: Text) {
    report.notes.extend(text.notes);
    if text.damaged.is_empty() {
        return;
    }
    let lost = u32::try_from(text.damaged.len()).unwrap_or(u32::MAX);
    report.tally.furniture -= lost;
    report.tally.rejected += lost;
    report.rejects.extend(text.damaged);
    report.rejects.sort_by_key(|reject| (reject.line, reject.column));
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the program failed on it, please report this: {}", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_lost_in_reading_is_a_rejected_line() {
        let tally = Tally { lines: 3, results: 1, furniture: 2, foreign: 1, rejected: 0 };
        let mut report = Report { tally, ..Report::default() };
        let damaged = vec![Reject::line(2, 0, RejectKind::LongLine, "longer than 1 MiB", "x")];
        add_damage(&mut report, Text { text: String::new(), damaged, notes: vec!["read as UTF-16".to_owned()] });
        assert_eq!(report.tally, Tally { furniture: 1, rejected: 1, ..tally });
        assert!(report.tally.adds_up());
        assert_eq!((report.rejects.len(), report.notes.len()), (1, 1));
    }

    #[test]
    fn a_panic_is_told_with_its_message() {
        let panic = catch_unwind(|| panic!("index {}", 3)).unwrap_err();
        assert_eq!(message(&*panic), "the program failed on it, please report this: index 3");
    }
}
