//! Goes through the elements of a document.

use quick_xml::Reader as Xml;
use quick_xml::events::{BytesStart, Event as Markup};

use super::frame::{Element, Frame};
use super::late::{Detailed, Late, SymbolData, location};
use super::setup::{Axis, Event, Setup};
use crate::model::{EntryKind, RejectKind, Report};
use crate::parse::lines::{Lines, count_lines};
use crate::parse::number::is_digits;
use crate::parse::oprofile::profile::{Cell, Class, Place, Profile};
use crate::parse::oprofile::speed::Speed;

/// Elements that may be open at a time: opreport nests seven.
const DEEPEST: usize = 64;

/// A count that was read, with the line it stands on.
struct Count {
    class: Option<String>,
    samples: i64,
    line: u32,
}

/// Reads a document.
pub(super) struct Reader<'a> {
    text: &'a str,
    profile: Profile,
    setup: Setup,
    late: Late,
    open: Vec<Frame>,
    /// Digits of the count that is open.
    number: String,
    /// Counts of a process: those of its threads say the same where it lists them.
    of_process: Vec<Count>,
    /// Lines that gave a row, and those that should have; ascending.
    used: Vec<u32>,
    rejects: Vec<(u32, RejectKind, String)>,
    /// The text up to here has this many lines.
    counted: (usize, u32),
    closed: bool,
}

impl<'a> Reader<'a> {
    /// Before the first element.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            profile: Profile::default(),
            setup: Setup::default(),
            late: Late::default(),
            open: Vec::new(),
            number: String::new(),
            of_process: Vec::new(),
            used: Vec::new(),
            rejects: Vec::new(),
            counted: (0, 1),
            closed: false,
        }
    }

    /// Reads all of it.
    pub(super) fn read(mut self) -> Report {
        // Messages of the tool may stand in front.
        let root = self.text.find("<?xml").or_else(|| self.text.find("<profile")).unwrap_or(0);
        let mut xml = Xml::from_str(&self.text[root..]);
        loop {
            let event = xml.read_event();
            let at = root + usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX);
            let line = self.line_at(at);
            match event {
                Ok(Markup::Start(tag)) => self.start(&tag, line),
                Ok(Markup::Empty(tag)) => {
                    self.start(&tag, line);
                    self.end(line);
                }
                Ok(Markup::End(_)) => self.end(line),
                Ok(Markup::Text(text)) if matches!(self.open.last(), Some(Frame::Count(_))) => self.number.push_str(&text),
                Ok(Markup::Eof) => break,
                Ok(_) => {}
                Err(error) => {
                    self.rejects.push((line, RejectKind::Row, format!("broken XML: {error}")));
                    break;
                }
            }
            if self.open.len() > DEEPEST {
                self.rejects.push((line, RejectKind::Row, format!("more than {DEEPEST} elements inside each other")));
                break;
            }
        }
        self.finish()
    }

    /// The line that a place in the text is on; places come in ascending order.
    fn line_at(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let at = self.text.floor_char_boundary(at.saturating_sub(1)).max(from);
        let ends = memchr::memchr_iter(b'\n', &self.text.as_bytes()[from..at]).count();
        self.counted = (at, line + u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted.1
    }

    fn start(&mut self, tag: &BytesStart<'_>, line: u32) {
        let element = Element(tag);
        if !element.is_sound() {
            self.rejects.push((line, RejectKind::Row, "an attribute cannot be read".to_owned()));
        }
        match element.name() {
            "profile" => self.root(&element, line),
            "options" => self.options(&element),
            "timersetup" => self.setup.timer = true,
            "eventsetup" => self.event(&element, line),
            "class" => self.class(&element, line),
            "symboldata" => self.symbol_data(&element),
            _ => {}
        }
        let frame = Frame::of(&element, &self.open);
        match &frame {
            Frame::Count(_) => self.number.clear(),
            Frame::Process(..) | Frame::Thread(_) => self.of_process.clear(),
            Frame::Symbol { id, details: Some(range) } => {
                let (image, app) = self.image();
                let own = |name: Option<&str>| name.map(str::to_owned);
                let detailed = Detailed { range: *range, image: own(image), app: own(app) };
                self.late.detailed(id, detailed);
            }
            _ => {}
        }
        self.open.push(frame);
    }

    fn root(&mut self, element: &Element<'_>, line: u32) {
        self.profile.begin(line);
        self.setup = Setup { line, ..Setup::default() };
        if let Some(family) = element.get("cputype") {
            let name = element.get("processor").map_or_else(|| family.clone(), |model| format!("{family}/{model}"));
            self.profile.builder().label("oprofile_cpu", &name);
        }
        self.profile.speed(element.get("mhz").and_then(|mhz| Speed::of(&mhz)));
    }

    fn options(&mut self, element: &Element<'_>) {
        for key in ["includesymbols", "excludesymbols"] {
            if let Some(symbols) = element.get(key).filter(|symbols| !symbols.is_empty()) {
                self.profile
                    .builder()
                    .note(format!("the report was made with {key}={symbols}: the totals are of these symbols"));
            }
        }
    }

    fn event(&mut self, element: &Element<'_>, line: u32) {
        let read = || {
            let period = i64::try_from(element.number("setupcount")?).ok()?;
            Some((element.get("id")?, Event { name: element.get("eventname")?, mask: element.number("unitmask")?, period }))
        };
        match read() {
            Some((id, event)) => {
                let known = self.setup.events.insert(id, (line, event));
                if let Some((first, _)) = known {
                    self.profile.builder().note(format!("the event of line {first} is defined again on line {line}"));
                }
            }
            None => self.rejects.push((line, RejectKind::Row, "an event without id, name, mask or count".to_owned())),
        }
    }

    fn class(&mut self, element: &Element<'_>, line: u32) {
        let cpu = element.get("cpu").and_then(|cpu| cpu.parse().ok());
        let axis = Axis { cpu, event: element.get("event"), mask: element.number("mask") };
        match element.get("name") {
            Some(name) => drop(self.setup.classes.insert(name, (line, axis))),
            None => self.rejects.push((line, RejectKind::Row, "a class without name".to_owned())),
        }
    }

    fn symbol_data(&mut self, element: &Element<'_>) {
        let (Some(id), Some(name)) = (element.get("id"), element.get("name")) else { return };
        let address = element.get("startingaddr").and_then(|hex| u64::from_str_radix(&hex, 16).ok());
        self.late.define(id, SymbolData { name, file: element.get("file"), line: element.get("line"), address });
    }

    fn end(&mut self, line: u32) {
        match self.open.pop() {
            Some(Frame::Count(class)) => self.number(class, line),
            Some(Frame::Process(pid, name)) => {
                for count in std::mem::take(&mut self.of_process) {
                    let place = Place { app: Some(&name), ..Place::default() };
                    self.row(&count, EntryKind::Application, place, (pid, None));
                }
            }
            _ => {}
        }
        self.closed |= self.open.is_empty();
    }

    fn number(&mut self, class: Option<String>, line: u32) {
        let digits = self.number.trim();
        if let Some(samples) = digits.parse().ok().filter(|_| is_digits(digits)) {
            self.count(&Count { class, samples, line });
        } else {
            let reason = format!("{digits:?} is no number of samples");
            self.rejects.push((line, RejectKind::Number, reason));
        }
    }

    /// Image and application around the open elements.
    fn image(&self) -> (Option<&str>, Option<&str>) {
        let (mut image, mut app) = (None, None);
        for frame in &self.open {
            match frame {
                Frame::Binary(name) | Frame::Process(_, name) => (image, app) = (Some(name.as_str()), Some(name.as_str())),
                Frame::Module(name) => image = Some(name.as_str()),
                _ => {}
            }
        }
        (image, app)
    }

    /// The module around a caller or callee, inside the block of the symbol that it calls or is called by.
    fn image_of_neighbour(&self) -> Option<String> {
        let inner = self.open.iter().rev().take_while(|frame| !matches!(frame, Frame::Callers | Frame::Callees));
        inner.filter_map(|frame| if let Frame::Module(name) = frame { Some(name.clone()) } else { None }).last()
    }

    /// Thread group and thread around them.
    fn owner(&self) -> (Option<i64>, Option<i64>) {
        let (mut process, mut thread) = (None, None);
        for frame in &self.open {
            match frame {
                Frame::Process(pid, _) => process = *pid,
                Frame::Thread(tid) => thread = *tid,
                _ => {}
            }
        }
        (process, thread)
    }

    fn count(&mut self, count: &Count) {
        let owner = self.owner();
        let (image, app) = self.image();
        let (image, app) = (image.map(str::to_owned), app.map(str::to_owned));
        let place = Place { image: image.as_deref(), app: app.as_deref(), ..Place::default() };
        let of = self.open.iter().rev().find_map(|frame| match frame {
            Frame::Symbol { id, .. } | Frame::Details(id) => Some(id.clone()),
            _ => None,
        });
        match self.open.last().cloned() {
            Some(Frame::Binary(_) | Frame::Module(_)) if of.is_none() => self.row(count, EntryKind::Image, place, owner),
            Some(Frame::Process(..)) => {
                let Count { class, samples, line } = count;
                self.of_process.push(Count { class: class.clone(), samples: *samples, line: *line });
            }
            Some(Frame::Thread(_)) => {
                let place = Place { app: app.as_deref(), ..Place::default() };
                self.row(count, EntryKind::Application, place, owner);
            }
            Some(Frame::Symbol { id, .. }) => self.named(count, EntryKind::Symbol, place, owner, (&id, None)),
            Some(Frame::Arc { id, caller, own }) => {
                let kind = match (caller, own) {
                    (true, _) => EntryKind::Caller,
                    (false, true) => EntryKind::Own,
                    (false, false) => EntryKind::Callee,
                };
                // The image of a neighbour is stated for symbols of modules only.
                let neighbour = self.image_of_neighbour();
                let place = if own { place } else { Place { image: neighbour.as_deref(), ..Place::default() } };
                self.named(count, kind, place, owner, (&id, of.as_deref()));
            }
            Some(Frame::Detail { id, address, file, line }) => {
                let symbol = of.unwrap_or_default();
                let row = self.late.owner(&symbol, id).cloned();
                let file = file.or_else(|| self.late.symbol(&symbol)?.file.clone());
                let location = location(file.as_deref(), line.as_deref());
                let place = Place {
                    image: row.as_ref().and_then(|row| row.image.as_deref()),
                    app: row.as_ref().and_then(|row| row.app.as_deref()),
                    address,
                    location: location.as_deref(),
                    ..Place::default()
                };
                self.named(count, EntryKind::Address, place, owner, (&symbol, None));
            }
            _ => self.rejects.push((count.line, RejectKind::Row, "a count outside of every known element".to_owned())),
        }
    }

    /// A row whose symbol is named at the end of the document.
    fn named(
        &mut self,
        count: &Count,
        kind: EntryKind,
        place: Place<'_>,
        owner: (Option<i64>, Option<i64>),
        (symbol, of_symbol): (&str, Option<&str>),
    ) {
        let first = self.profile.next_entry();
        self.row(count, kind, place, owner);
        self.late.refer(first..self.profile.next_entry(), symbol, of_symbol);
    }

    fn row(&mut self, count: &Count, kind: EntryKind, place: Place<'_>, (process, thread): (Option<i64>, Option<i64>)) {
        let Some(class) = self.setup.class(count.class.as_deref()) else {
            let reason = format!("the class {:?} is not defined", count.class.as_deref().unwrap_or(""));
            self.rejects.push((count.line, RejectKind::Row, reason));
            return;
        };
        let column = self.profile.column(&Class { process, thread, ..class });
        let cell = Cell { samples: count.samples, ..Cell::default() };
        self.profile.row(count.line, kind, place, kind == EntryKind::Symbol, [(column, cell)]);
        self.used.push(count.line);
    }

    fn finish(mut self) -> Report {
        if !self.closed {
            self.profile.builder().note("the document ends before its last element: what followed is missing");
        }
        if self.used.is_empty() {
            self.profile.builder().note("the document has no samples");
        }
        self.late.resolve(&mut self.profile);
        self.used.sort_unstable();
        self.used.dedup();
        self.rejects.sort_by_key(|(line, ..)| *line);
        let mut used = self.used.into_iter().peekable();
        let mut rejects = self.rejects.into_iter().peekable();
        let lines = count_lines(self.text);
        for line in Lines::new(self.text) {
            let is_used = used.next_if_eq(&line.number).is_some();
            let rejected = rejects.next_if(|(at, ..)| *at <= line.number || line.number == lines);
            match rejected {
                Some((_, kind, reason)) if !is_used => self.profile.builder().reject(line, 0, kind, reason),
                Some((_, _, reason)) => {
                    self.profile.builder().note(format!("line {}: {reason}", line.number));
                    self.profile.builder().results_on(1);
                }
                None if is_used => self.profile.builder().results_on(1),
                None => self.profile.builder().furniture(),
            }
            // A line is rejected once, whatever else is wrong with it.
            while rejects.next_if(|(at, ..)| *at <= line.number).is_some() {}
        }
        self.profile.finish()
    }
}
