//! `ophelp`: which events OProfile knows for a type of CPU, which counters take them, and their unit masks.

use super::help::{CPU_LABEL, Masks, TITLE, cpu_type, default_mask};
use crate::model::{Kind, RejectKind, Report, Support};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines, Mark};
use crate::parse::number::is_digits;
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "ophelp-text", tool: "oprofile", version: 1, sniff, parse };

fn sniff(text: &str) -> Option<Evidence> {
    static MARK: Mark = Mark::new(TITLE);
    // It ends in a quotation mark, which most texts have none of: that is seen at a look.
    memchr::memchr(b'"', text.as_bytes())?;
    let line = MARK.line(text, |line| line.starts_with(TITLE))?;
    Some(Evidence::new(line.number, "title of ophelp"))
}

fn parse(text: &str) -> Report {
    let mut reader = Reader::default();
    for line in Lines::new(text) {
        reader.line(line);
    }
    reader.end();
    reader.builder.finish()
}

#[derive(Debug, Default)]
struct Reader {
    builder: Builder,
    /// Below the title.
    begun: bool,
    /// The event whose lines these are, and its masks once their heading was read.
    event: Option<(Support, Option<Masks>)>,
}

impl Reader {
    fn line(&mut self, line: Line<'_>) {
        if line.text.starts_with(TITLE) {
            return self.title(line);
        }
        if line.text.trim().is_empty() {
            return self.builder.furniture();
        }
        if !self.begun {
            return self.outside(line);
        }
        match (line.text.strip_prefix('\t'), self.event.is_some()) {
            (Some(inner), true) => self.inner(line, inner),
            // Descriptions go on below themselves, behind blanks.
            (None, true) if line.text.starts_with("      ") => self.builder.furniture(),
            _ if line.text.contains(": (counter") && !line.text.starts_with(char::is_whitespace) => self.event(line),
            // Between the title and the first event stand the names of manuals.
            (_, false) => self.builder.furniture(),
            (_, true) => self.outside(line),
        }
    }

    fn title(&mut self, line: Line<'_>) {
        self.end();
        self.begun = true;
        match cpu_type(line.text) {
            Some(cpu) => {
                self.builder.label(CPU_LABEL, cpu);
                self.builder.furniture();
            }
            None => self.builder.reject(line, 0, RejectKind::Name, "no type of CPU in quotes"),
        }
    }

    fn outside(&mut self, line: Line<'_>) {
        if !self.builder.context(line) {
            self.builder.foreign();
        }
    }

    /// `DISPATCHED_FPU_OPS: (counter: 0, 1, 2, 3)`
    fn event(&mut self, line: Line<'_>) {
        self.end();
        let parts = line.text.split_once(": (counter: ").and_then(|(name, rest)| Some((name, rest.split_once(')')?.0)));
        let sound = |(name, counters): &(&str, &str)| {
            !name.is_empty() && name.len() <= MAX_NAME && !name.contains(char::is_whitespace) && is_counters(counters)
        };
        let Some((name, counters)) = parts.filter(sound) else {
            return self.builder.reject(line, 0, RejectKind::Row, "no event and its counters");
        };
        let event = self.builder.spelling(name, None, Kind::Count);
        let counters = Some(counters.replace(' ', ""));
        self.event = Some((Support { counters, ..Support::listed(line.number, event) }, None));
        self.builder.results_on(1);
    }

    /// A line below an event: its description, then the heading of its masks and the masks.
    fn inner(&mut self, line: Line<'_>, text: &str) {
        let Some((_, masks)) = &mut self.event else { return };
        if let Some(default) = text.strip_prefix("Unit masks (default ").and_then(|rest| rest.trim_end().strip_suffix(')')) {
            masks.get_or_insert_default().default_is(&default_mask(default));
        } else if let (Some(masks), true) = (masks, text.starts_with("0x")) {
            let Some((mask, name)) = mask(text) else {
                return self.builder.reject(line, 0, RejectKind::Row, "no unit mask");
            };
            masks.add(mask, name);
        }
        self.builder.furniture();
    }

    fn end(&mut self) {
        if let Some((support, masks)) = self.event.take() {
            self.builder.support(Support { unit_masks: masks.and_then(Masks::text), ..support });
        }
    }
}

fn is_counters(text: &str) -> bool {
    text == "all" || text.split(", ").all(is_digits)
}

/// `0x02: (name=store_forward) This event counts ...`
fn mask(text: &str) -> Option<(u64, Option<&str>)> {
    let (number, rest) = text.strip_prefix("0x")?.split_once(':')?;
    let name = match rest.trim_start().strip_prefix("(name=") {
        Some(rest) => Some(rest.split_once(')')?.0),
        None => None,
    };
    Some((u64::from_str_radix(number, 16).ok()?, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "oprofile: available events for CPU type \"Intel Haswell\"\n\nSee Volume 3B: (chapter 18)\n\n";

    fn rows(report: &Report) -> Vec<(&str, Option<&str>, Option<&str>)> {
        let row = |it: &'_ Support| it.event;
        let names = report.supports.iter().map(|it| report.spellings.get(row(it)).text.as_str());
        names.zip(&report.supports).map(|(name, it)| (name, it.counters.as_deref(), it.unit_masks.as_deref())).collect()
    }

    #[test]
    fn events_have_counters_and_masks_and_descriptions_are_left_out() {
        let report = parse(&format!(
            "{HEAD}A: (counter: 0, 1)\n\t0x01: no mask, but text of the event (min \n        count: 500)\nld_blocks: (counter: all)\n\
             \t (min count: 1)\n\tUnit masks (default 0x2)\n\t----------\n\t0x02: (name=store_forward) This counts 0x10: \n              \
             0x08: and more\n\t0x08: (name=no_sr) text\n\t0x40: no name\n"
        ));
        let masks = "default 0x2; 0x02 store_forward; 0x08 no_sr; 0x40";
        assert_eq!(rows(&report), [("A", Some("0,1"), None), ("ld_blocks", Some("all"), Some(masks))]);
        assert_eq!((report.tally.results, report.tally.foreign, report.tally.rejected), (2, 0, 0));
        assert_eq!(report.context.labels["oprofile_cpu"], "Intel Haswell");
    }

    #[test]
    fn events_and_masks_that_are_damaged_are_rejected() {
        let report = parse(&format!(
            "{HEAD}A: (counter: x)\nB C: (counter: all)\nD: (counter: all)\n\tUnit masks (default 0x1)\n\t0xzz: y\nE: (counter: 0, 1"
        ));
        assert_eq!((rows(&report), report.tally.rejected), (vec![("D", Some("all"), Some("default 0x1"))], 4));
        assert!(report.tally.adds_up());
    }

    #[test]
    fn lines_that_are_about_ophelp_are_no_list() {
        assert!(sniff("CPU type 'timer' was detected, but this is no longer a supported mode for oprofile.\n").is_none());
        assert!(sniff("Intel Haswell microarchitecture\n").is_none());
    }
}
