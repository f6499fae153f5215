//! `papi_native_avail`, PAPI 5 to 7: the events of a machine in boxes, component by component, each with its qualifiers.

use super::hardware::Hardware;
use crate::model::{Kind, RejectKind, Report, Support};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines, line_with};
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "papi-native-avail", tool: "papi", version: 1, sniff, parse };

const TITLE: &str = "Available native events and hardware information.";

fn sniff(text: &str) -> Option<Evidence> {
    let line = line_with(text, TITLE, |line| line.trim() == TITLE)?;
    Some(Evidence::new(line.number, "title of papi_native_avail"))
}

fn parse(text: &str) -> Report {
    let mut reader = Reader::default();
    for line in Lines::new(text) {
        reader.line(line);
    }
    reader.cut();
    reader.builder.finish()
}

#[derive(Debug, Default)]
struct Reader {
    builder: Builder,
    hardware: Hardware,
    /// Inside an output, until its last line: how many events it gave.
    found: Option<usize>,
    /// Whether the box that is open belongs to the last fact.
    in_box: bool,
}

impl Reader {
    fn line(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if text == TITLE {
            self.cut();
            (self.hardware, self.found, self.in_box) = (Hardware::default(), Some(0), false);
            return self.builder.furniture();
        }
        let Some(found) = self.found else { return self.outside(line) };
        if let Some(total) = text.strip_prefix("Total events reported:") {
            if total.trim().parse() != Ok(found) {
                self.builder.note("the events that papi_native_avail says it listed are not as many as stand in the list");
            }
            self.found = None;
            return self.builder.furniture();
        }
        match line.text.strip_prefix('|') {
            Some(cell) => self.cell(line, cell),
            None if text.starts_with("0x") => {
                self.builder.reject(line, 0, RejectKind::Row, "a table of PAPI 4 is not read");
            }
            None if text.is_empty() || text.starts_with("-----") || text.starts_with("=====") || is_banner(text) => {
                self.in_box = false;
                self.builder.furniture();
            }
            None if self.hardware.line(&mut self.builder, line) => {}
            None => self.outside(line),
        }
    }

    fn outside(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if text.is_empty() || text.starts_with("No events detected!") {
            self.builder.furniture();
        } else if !self.builder.context(line) {
            self.builder.foreign();
        }
    }

    /// A line of a box: its event one column from the edge, qualifiers five, and descriptions further to the right.
    fn cell(&mut self, line: Line<'_>, cell: &str) {
        let indent = cell.len() - cell.trim_start().len();
        let Some(text) = cell.trim_end().strip_suffix('|').map(str::trim) else {
            return self.open_cell(line, indent);
        };
        match indent {
            1 if !text.is_empty() => self.event(line, text),
            5 if text.starts_with(':') => self.qualifier(line, text),
            _ => self.builder.furniture(),
        }
    }

    /// A line without its right edge: a name may have been cut, and a description has nothing that is kept.
    fn open_cell(&mut self, line: Line<'_>, indent: usize) {
        if indent > 5 {
            return self.builder.furniture();
        }
        self.in_box = false;
        self.builder.reject(line, 0, RejectKind::Row, "the box is open to the right");
    }

    fn event(&mut self, line: Line<'_>, name: &str) {
        self.in_box = name.len() <= MAX_NAME && !name.contains(char::is_whitespace);
        if !self.in_box {
            return self.builder.reject(line, 0, RejectKind::Name, "no name of an event");
        }
        let event = self.builder.spelling(name, None, Kind::Count);
        self.builder.support(Support::listed(line.number, event));
        self.builder.results_on(1);
        self.found = self.found.map(|found| found + 1);
    }

    fn qualifier(&mut self, line: Line<'_>, text: &str) {
        let in_box = self.in_box;
        let Some(support) = self.builder.supports().last_mut().filter(|_| in_box) else {
            return self.builder.reject(line, 0, RejectKind::Row, "a qualifier without its event");
        };
        let known = support.unit_masks.get_or_insert_default();
        if !known.is_empty() {
            known.push(' ');
        }
        known.push_str(text);
        self.builder.furniture();
    }

    fn cut(&mut self) {
        if self.found.is_some() {
            self.builder.note("the list of papi_native_avail ends before its last line");
        }
    }
}

fn is_banner(text: &str) -> bool {
    text.starts_with("Native Events in Component: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(boxes: &str, total: u32) -> String {
        format!(
            "{TITLE}\n-----\nVendor string and code   : GenuineIntel (1, 0x1)\n-----\n\n=====\n Native Events in Component: perf_event\n=====\n\
             {boxes}=====\n\nTotal events reported: {total}\n"
        )
    }

    fn rows(report: &Report) -> Vec<(&str, Option<&str>)> {
        report.supports.iter().map(|it| (report.spellings.get(it.event).text.as_str(), it.unit_masks.as_deref())).collect()
    }

    #[test]
    fn boxes_give_events_with_their_qualifiers() {
        let boxes = "| perf::L1-DCACHE-LOADS   |\n|            :not a qualifier |\n|     :u=0  |\n|            text |\n|     :k=0  |\n-----\n| BR:ALL |\n";
        let report = parse(&output(boxes, 2));
        assert_eq!(rows(&report), [("perf::L1-DCACHE-LOADS", Some(":u=0 :k=0")), ("BR:ALL", None)]);
        assert_eq!((report.tally.results, report.tally.foreign, report.tally.rejected, report.notes.len()), (2, 0, 0, 0));
        assert!(report.supports.iter().all(|it| it.supported && !it.derived) && report.runs.is_empty());
        assert_eq!(report.context.environment.vendor.as_deref(), Some("GenuineIntel"));
    }

    #[test]
    fn a_list_that_was_cut_or_is_of_another_length_is_noted() {
        assert_eq!(parse(&output("| A |\n", 2)).notes.len(), 1);
        let cut = parse(&format!("{TITLE}\n| perf::A |\n| perf::PA"));
        assert_eq!((rows(&cut), cut.tally.rejected, cut.notes.len()), (vec![("perf::A", None)], 1, 1));
    }

    #[test]
    fn a_qualifier_belongs_to_no_other_event() {
        let report = parse(&output("| A |\n-----\n| B with words |\n|     :u=0 |\n", 1));
        assert_eq!((rows(&report), report.tally.rejected), (vec![("A", None)], 2));
        assert_eq!(parse(&format!("{TITLE}\n0x40000000  UNHALTED_CORE_CYCLES |x|\n")).tally.rejected, 1);
    }
}
