//! What `perf stat` prints for people, 2.6.31 to 7.2: blocks with a header and a footer, and interval rows without either.

mod block;
mod evidence;
mod footer;
mod header;
mod label;
mod layout;
mod metric_only;
mod reader;
mod row;
mod tail;
mod value;

use std::borrow::Cow;

use crate::model::{Reject, Report};
use crate::parse::Format;
use crate::parse::lines::{Lines, without_escapes};

/// The format.
pub const FORMAT: Format = Format { name: "perf-stat-text", tool: "perf", version: 4, sniff: evidence::sniff, parse };

/// Whether a text holds the header of an output.
pub(super) fn has_header(text: &str) -> bool {
    evidence::header_at(text).is_some()
}

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
    let (mut lines, mut passed) = (Lines::new(text), 0);
    for reject in &mut report.rejects {
        if reject.line <= passed {
            (lines, passed) = (Lines::new(text), 0);
        }
        let line = lines.nth((reject.line - passed - 1) as usize);
        passed = reject.line;
        if let Some(line) = line {
            *reject = Reject::line(reject.line, 0, reject.kind, std::mem::take(&mut reject.reason), line.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<String> {
        let report = parse(text);
        report.results.iter().map(|result| report.spellings.get(result.spelling).text.clone()).collect()
    }

    #[test]
    fn a_row_that_the_source_ends_in_is_rejected_unless_its_event_is_whole() {
        let text = "\n Performance counter stats for 'true':\n\n       3      page-faults";
        let report = parse(text);
        assert_eq!((report.results.len(), report.rejects.len(), report.tally.rejected), (0, 1, 1));
        assert_eq!(events(&format!("{text}   (33.33%)")), ["page-faults"]);
        assert_eq!(events(&format!("{text}\n")), ["page-faults"]);
    }

    #[test]
    fn a_cut_header_does_not_swallow_the_rows_below() {
        let text = " Performance counter stats for 'true\n\n  3      cycles\n\n Performance counter stats for 'false':\n\n  4      cycles\n";
        assert_eq!(parse(text).results.len(), 2);
    }

    #[test]
    fn rejects_keep_the_line_with_its_colours() {
        let report =
            parse(" Performance counter stats for 'true':\n\n  1,2,3 \u{1b}[31mcycles\u{1b}[m\n\n 0.1 seconds time elapsed\n");
        assert_eq!(report.rejects[0].text, "  1,2,3 \u{1b}[31mcycles\u{1b}[m");
    }

    #[test]
    fn many_rejects_cost_one_look_at_the_text() {
        // Were the text gone through from its beginning for each, it would take minutes.
        let rows = "  1,2,3      cycles\n".repeat(100_000);
        let report = parse(&format!(" Performance counter stats for 'true':\n\n{rows}  1 \u{1b}[31mcycles\u{1b}[m\n"));
        assert_eq!(report.rejects.len(), 100_000);
        assert!(report.rejects.iter().all(|reject| reject.text == "  1,2,3      cycles"));
    }

    #[test]
    fn the_percentages_behind_the_last_line_of_a_group_belong_to_all_of_it() {
        let text = " Performance counter stats for 'true':\n\n TopdownL1   #  1.0 %  a\n   #  2.0 %  b   (33.33%)\n   #  3.0 %  c   (50.00%)\n\n TopdownL2   #  4.0 %  d\n";
        let running: Vec<_> = parse(text).results.iter().map(|result| result.running_percent).collect();
        assert_eq!(running, [Some(50.0), Some(50.0), Some(50.0), None]);
    }

    #[test]
    fn numbers_of_two_notations_are_not_mixed() {
        let text = " Performance counter stats for 'true':\n\n  1.234      cycles\n  1,234      branches\n\n  0,051852060 seconds time elapsed\n";
        let report = parse(text);
        assert_eq!(report.results[0].number.and_then(|number| number.count), Some(1234));
        assert_eq!((report.rejects[0].line, report.rejects[0].column), (4, 3));
        assert!(report.rejects[0].reason.contains("decimal mark is ','"), "{}", report.rejects[0].reason);
    }
}
