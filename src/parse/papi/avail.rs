//! `papi_avail`, PAPI 5 to 7: which preset events a machine has; with `-a` only those, with `-e NAME` one of them and what it is made of.

use super::hardware::Hardware;
use crate::model::{Kind, RejectKind, Report, Support};
use crate::parse::builder::{Builder, MAX_NAME};
use crate::parse::lines::{Line, Lines, line_with};
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "papi-avail", tool: "papi", version: 1, sniff, parse };

const TITLES: [&str; 2] = [
    "Available PAPI preset and user defined events plus hardware information.",
    "Available PAPI preset events and hardware information.",
];

fn sniff(text: &str) -> Option<Evidence> {
    let line = line_with(text, "Available PAPI preset ", |line| TITLES.contains(&line.trim()))?;
    Some(Evidence::new(line.number, "title of papi_avail"))
}

fn parse(text: &str) -> Report {
    let mut reader = Reader::default();
    for line in Lines::new(text) {
        reader.line(line);
    }
    reader.finish()
}

#[derive(Debug, Default)]
struct Reader<'a> {
    builder: Builder,
    hardware: Hardware,
    begun: bool,
    /// Inside a table: whether it has a column `Avail`.
    table: Option<bool>,
    /// Facts of this output so far, and those of them whose event there is.
    found: (usize, usize),
    /// The event of `-e`, until the line that closes its description.
    single: Option<Single<'a>>,
    closed: bool,
}

#[derive(Debug)]
struct Single<'a> {
    line: Line<'a>,
    event: &'a str,
    code: Option<String>,
    derivation: Option<&'a str>,
    postfix: &'a str,
    natives: Vec<&'a str>,
    unavailable: bool,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: Line<'a>) {
        let text = line.text.trim();
        if TITLES.contains(&text) {
            self.cut();
            *self = Self { builder: std::mem::take(&mut self.builder), begun: true, ..Self::default() };
            return self.builder.furniture();
        }
        if !self.begun || self.closed {
            return self.outside(line);
        }
        if text.starts_with("Name ") && text.contains(" Deriv ") {
            self.table = Some(text.contains(" Avail "));
            return self.builder.furniture();
        }
        if let Some(event) = text.strip_prefix("Event name:") {
            self.drop_single();
            return self.begin(line, event.trim());
        }
        match (self.table, self.single.is_some()) {
            (_, true) => self.of_single(line),
            (Some(avail), _) if !is_frame(text) && !text.starts_with("Of ") => self.row(line, avail),
            _ => self.around(line),
        }
    }

    fn outside(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if text.is_empty() || (self.closed && text.starts_with("No events detected!")) {
            self.builder.furniture();
        } else if !self.builder.context(line) {
            self.builder.foreign();
        }
    }

    fn around(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if let Some(rest) = text.strip_prefix("Of ") {
            self.total(rest);
            self.table = None;
        } else if !is_frame(text) {
            if !self.hardware.line(&mut self.builder, line) {
                self.outside(line);
            }
            return;
        }
        self.builder.furniture();
    }

    /// `108 possible events, 6 are available, of which 1 is derived.`, with `-a` `37 available events, 13 are derived.`
    fn total(&mut self, text: &str) {
        let numbers: Vec<usize> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let same = match (text.contains(" possible event"), &numbers[..]) {
            (true, &[all, available, ..]) => (all, available) == self.found,
            (false, &[available, ..]) => available == self.found.1,
            _ => false,
        };
        if !same {
            self.builder.note("the events that papi_avail says it listed are not as many as stand in the list");
        }
        self.closed = true;
    }

    /// `PAPI_L1_DCM  0x80000000  Yes   No   Level 1 data cache misses`; a description may begin with `No` as well.
    fn row(&mut self, line: Line<'_>, avail: bool) {
        let mut words = line.text.split_whitespace();
        let mut columns = || {
            let (event, code) = (words.next()?, words.next()?);
            let supported = if avail { yes(words.next()?)? } else { true };
            let derived = yes(words.next()?)?;
            (event.len() <= MAX_NAME && is_code(code)).then_some((event, code, supported, derived))
        };
        let Some((event, code, supported, derived)) = columns() else {
            return self.builder.reject(line, 0, RejectKind::Row, "no event, code and Yes or No");
        };
        let event = self.builder.spelling(event, None, Kind::Count);
        let code = Some(code.to_owned());
        self.add(Support { supported, derived, code, ..Support::listed(line.number, event) });
    }

    fn add(&mut self, support: Support) {
        self.found.0 += 1;
        self.found.1 += usize::from(support.supported);
        self.builder.support(support);
        self.builder.results_on(1);
    }

    fn begin(&mut self, line: Line<'a>, event: &'a str) {
        if event.is_empty() || event.len() > MAX_NAME || event.contains(char::is_whitespace) {
            return self.builder.reject(line, 0, RejectKind::Name, "no name of an event");
        }
        let (code, natives) = (None, Vec::new());
        self.single = Some(Single { line, event, code, derivation: None, postfix: "", natives, unavailable: false });
    }

    /// A line of the description of one event. Whether the machine has it is said at its end.
    fn of_single(&mut self, line: Line<'a>) {
        let text = line.text.trim();
        let Some(single) = &mut self.single else { return };
        if text.starts_with("-----") {
            return self.end();
        }
        if let Some((key, value)) = text.split_once(':') {
            let barred = value.split_once('|').and_then(|(_, rest)| Some(rest.rsplit_once('|')?.0));
            match key {
                "Event Code" => single.code = Some(value.trim().to_owned()).filter(|code| is_code(code)),
                "Derived Type" => single.derivation = barred,
                "Postfix Processing String" => single.postfix = barred.unwrap_or(""),
                _ if key.starts_with("Native Code[") => single.natives.extend(barred),
                _ => {}
            }
        }
        single.unavailable |= text.contains(" is NOT available on this architecture");
        self.builder.furniture();
    }

    fn end(&mut self) {
        let Some(single) = self.single.take() else { return };
        let event = self.builder.spelling(single.event, None, Kind::Count);
        let derived = single.derivation.is_some_and(|kind| kind != "NOT_DERIVED");
        let formula = (!single.natives.is_empty()).then(|| {
            let call = format!("{}({})", single.derivation.unwrap_or(""), single.natives.join(", "));
            if single.postfix.is_empty() { call } else { format!("{call} {}", single.postfix) }
        });
        let (supported, code) = (!single.unavailable, single.code);
        self.add(Support { supported, derived, code, formula, ..Support::listed(single.line.number, event) });
        self.builder.furniture();
        self.closed = true;
    }

    /// The description of an event that does not end may go on to say that the machine has it not.
    fn drop_single(&mut self) {
        if let Some(single) = self.single.take() {
            self.builder.reject(single.line, 0, RejectKind::Row, "the description of the event does not end");
        }
    }

    fn cut(&mut self) {
        self.drop_single();
        if self.begun && !self.closed {
            self.builder.note("the output of papi_avail ends before its last line");
        }
    }

    fn finish(mut self) -> Report {
        self.cut();
        self.builder.finish()
    }
}

/// Lines between the parts.
fn is_frame(text: &str) -> bool {
    text.is_empty()
        || text.starts_with("-----")
        || text.starts_with("=====")
        || text == "PAPI Preset Events"
        || text == "User Defined Events"
}

fn yes(word: &str) -> Option<bool> {
    match word {
        "Yes" => Some(true),
        "No" => Some(false),
        _ => None,
    }
}

fn is_code(text: &str) -> bool {
    text.strip_prefix("0x")
        .is_some_and(|digits| (1..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests;
