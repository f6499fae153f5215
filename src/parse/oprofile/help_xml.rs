//! `ophelp --xml`, schema 1.0 and 2.0: the facts of the text, and read as a stream as well.

use quick_xml::Reader as Xml;
use quick_xml::events::{BytesStart, Event as Markup};

use super::help::{CPU_LABEL, Masks, cpu_type, default_mask};
use super::xml::frame::Element;
use crate::model::{Kind, RejectKind, Report, Support};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Lines, count_lines, places};
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "ophelp-xml", tool: "oprofile", version: 1, sniff, parse };

/// How far into a text its root may stand: messages of the tool come before it.
const HEAD: usize = 64 * 1024;

const ROOT: &str = "<help_events";

fn root(text: &str) -> Option<usize> {
    let head = &text[..text.floor_char_boundary(HEAD)];
    let behind = |at: usize| head.as_bytes().get(at + ROOT.len());
    places(head, ROOT).find(|&at| behind(at).is_some_and(|next| *next == b'>' || next.is_ascii_whitespace()))
}

fn sniff(text: &str) -> Option<Evidence> {
    let line = count_lines(&text[..=root(text)?]);
    Some(Evidence::new(line, "root <help_events>"))
}

fn parse(text: &str) -> Report {
    let mut reader = Reader::default();
    reader.read(text);
    reader.finish(text)
}

#[derive(Debug, Default)]
struct Reader {
    builder: Builder,
    event: Option<(Support, Masks)>,
    /// Lines that gave a fact, ascending.
    used: Vec<u32>,
    /// What was wrong in which line, ascending by line.
    rejects: Vec<(u32, String)>,
    closed: bool,
}

impl Reader {
    fn read(&mut self, text: &str) {
        let root = root(text).unwrap_or(0);
        let mut xml = Xml::from_str(&text[root..]);
        let (mut counted, mut line) = (0, 1);
        while !self.closed {
            let event = xml.read_event();
            let at = root + usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX);
            let end = text.floor_char_boundary(at.saturating_sub(1)).max(counted);
            line += u32::try_from(memchr::memchr_iter(b'\n', &text.as_bytes()[counted..end]).count()).unwrap_or(u32::MAX);
            counted = end;
            match event {
                Ok(Markup::Start(tag)) => self.start(&tag, line),
                Ok(Markup::Empty(tag)) => {
                    self.start(&tag, line);
                    self.end(tag.name().into_inner());
                }
                Ok(Markup::End(tag)) => self.end(tag.name().into_inner()),
                Ok(Markup::Eof) => break,
                Ok(_) => {}
                Err(error) => {
                    self.rejects.push((line, format!("broken XML: {error}")));
                    break;
                }
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, line: u32) {
        let element = Element(tag);
        if !element.is_sound() {
            return self.rejects.push((line, "an attribute cannot be read".to_owned()));
        }
        match element.name() {
            "header" => match element.get("title").as_deref().and_then(cpu_type) {
                Some(cpu) => self.builder.label(CPU_LABEL, cpu),
                None => self.builder.note("the title states no type of CPU"),
            },
            "event" => self.event(&element, line),
            "unit_masks" => {
                if let (Some((_, masks)), Some(default)) = (&mut self.event, element.get("default")) {
                    masks.default_is(&default_mask(&default));
                }
            }
            "unit_mask" => match (&mut self.event, element.number("mask")) {
                (Some((_, masks)), Some(mask)) => masks.add(mask, element.get("name").as_deref()),
                _ => self.rejects.push((line, "no unit mask of an event".to_owned())),
            },
            _ => {}
        }
    }

    fn event(&mut self, element: &Element<'_>, line: u32) {
        let name = element
            .get("event_name")
            .filter(|name| !name.is_empty() && name.len() <= MAX_NAME && !name.contains(char::is_whitespace));
        let counters = element.number("counter_mask").map(counters);
        let (Some(name), Some(counters)) = (name, counters) else {
            return self.rejects.push((line, "no event and its counters".to_owned()));
        };
        let event = self.builder.spelling(&name, None, Kind::Count);
        self.event = Some((Support { counters: Some(counters), ..Support::listed(line, event) }, Masks::default()));
        self.used.push(line);
    }

    fn end(&mut self, name: &str) {
        match name {
            "event" => self.keep(),
            "help_events" => self.closed = true,
            _ => {}
        }
    }

    fn keep(&mut self) {
        if let Some((support, masks)) = self.event.take() {
            let unit_masks = masks.text().map(without_unknown_default);
            self.builder.support(Support { unit_masks, ..support });
        }
    }

    fn finish(mut self, text: &str) -> Report {
        self.keep();
        if !self.closed {
            self.builder.note("the document ends before its root is closed");
        }
        for line in Lines::new(text) {
            let first = self.rejects.partition_point(|(number, _)| *number < line.number);
            let reject = self.rejects.get(first).filter(|(number, _)| *number == line.number);
            match reject {
                _ if self.used.binary_search(&line.number).is_ok() => self.builder.results_on(1),
                Some((_, reason)) => self.builder.reject(line, 0, RejectKind::Row, reason.clone()),
                None => self.builder.furniture(),
            }
        }
        // A line is counted once: what else is wrong on one that gave facts is said beside it.
        for (line, reason) in self.rejects {
            if self.used.binary_search(&line).is_ok() {
                self.builder.note(format!("line {line}: {reason}"));
            }
        }
        self.builder.finish()
    }
}

/// The XML says 0 where the default is a mask with a name (ophelp.cpp of OProfile 1.5): that is no mask of the event.
fn without_unknown_default(masks: String) -> String {
    match masks.strip_prefix("default 0x0; ") {
        Some(rest) if !rest.split("; ").any(|mask| mask == "0x00" || mask.starts_with("0x00 ")) => rest.to_owned(),
        _ => masks,
    }
}

/// The counters of a mask as the text lists them; a kernel that assigns them itself leaves it 0.
fn counters(mask: u64) -> String {
    if mask == 0 {
        return "all".to_owned();
    }
    let numbers: Vec<String> = (0..64).filter(|bit| mask >> bit & 1 == 1).map(|bit: u32| bit.to_string()).collect();
    numbers.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<help_events  schemaversion=\"2.0\">\n\
        <header  title=\"oprofile: available events for CPU type &quot;Core 2&quot;\n\n\" doc=\"See\n\"/>\n";

    fn rows(report: &Report) -> Vec<(&str, u32, Option<&str>, Option<&str>)> {
        let name = |index| report.spellings.get(index).text.as_str();
        report.supports.iter().map(|it| (name(it.event), it.line, it.counters.as_deref(), it.unit_masks.as_deref())).collect()
    }

    #[test]
    fn events_say_what_the_text_says() {
        let report = parse(&format!(
            "{HEAD}<event  event_name=\"A\" desc=\"x &lt; y\" counter_mask=\"3\" min_count=\"6000\"/>\n\
             <event  event_name=\"ld_blocks\" desc=\"\" counter_mask=\"0\" min_count=\"1\">\n<unit_masks  default=\"2\" category=\"exclusive\">\n\
             <unit_mask  name=\"store_forward\" mask=\"2\" desc=\"\"/>\n<unit_mask  mask=\"64\" desc=\"\"/>\n</unit_masks>\n</event>\n</help_events>\n"
        ));
        let masks = "default 0x2; 0x02 store_forward; 0x40";
        assert_eq!(rows(&report), [("A", 7, Some("0,1"), None), ("ld_blocks", 8, Some("all"), Some(masks))]);
        assert_eq!((report.tally.lines, report.tally.results, report.tally.rejected, report.notes.len()), (14, 2, 0, 0));
        assert_eq!(report.context.labels["oprofile_cpu"], "Core 2");
    }

    #[test]
    fn a_default_that_the_document_does_not_know_is_left_out() {
        let masks = |mask: u32| {
            let event = "<event event_name=\"A\" counter_mask=\"1\"><unit_masks default=\"0\">";
            let text = format!("<help_events>{event}<unit_mask mask=\"{mask}\"/></unit_masks></event></help_events>");
            parse(&text).supports[0].unit_masks.clone()
        };
        assert_eq!((masks(0).as_deref(), masks(1).as_deref()), (Some("default 0x0; 0x00"), Some("0x01")));
    }

    #[test]
    fn what_is_damaged_leaves_a_trace() {
        let broken = format!(
            "{HEAD}<event event_name=\"A\" counter_mask=\"x\"/>\n<event event_name=\"B\" counter_mask=\"1\"/>\n<event event_na"
        );
        let report = parse(&broken);
        assert_eq!((rows(&report), report.notes.len()), (vec![("B", 8, Some("0"), None)], 1));
        assert_eq!(report.tally.rejected, 2);
        let one_line = parse(
            "<help_events><event event_name=\"A\" counter_mask=\"1\"/><event event_name=\"B\" counter_mask=\"\"/></help_events>",
        );
        assert_eq!((one_line.supports.len(), one_line.tally.results), (1, 1));
        assert_eq!(one_line.notes, ["line 1: no event and its counters"]);
    }

    #[test]
    fn only_the_root_of_ophelp_is_taken() {
        assert!(sniff("<help_eventsx>").is_none());
        assert_eq!(sniff("a\n<help_events>").map(|evidence| evidence.line), Some(2));
    }
}
