//! Names that mean the same on every machine.

use std::sync::OnceLock;

use super::Found;
use crate::catalog::Tool;
use crate::catalog::event::Event;
use crate::catalog::machine::Generic;
use crate::catalog::resolution::{Candidate, Method};
use crate::catalog::spelling::{Attribute, Name, Spelling};

/// Times that perf takes itself (`tools/perf/util/tool_pmu.c`).
const TOOL: &[&str] = &["duration_time", "user_time", "system_time"];

/// Subsystems of tracepoints and probes that are no event of libpfm4 with a unit mask: those have upper case letters. `9p` is one.
fn is_tracepoint(system: &str, event: &str) -> bool {
    let plain = |text: &str| {
        text.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_')
            && text.contains(|letter: char| letter.is_ascii_lowercase() || letter == '_')
            && !text.contains(char::is_uppercase)
    };
    plain(system) && !event.is_empty()
}

pub(super) fn find(spelling: &Spelling) -> Found {
    let one = |event| Found { candidates: vec![Candidate::new(event, Method::Universal, "")], ..Found::default() };
    match (&spelling.name, spelling.tool) {
        (Name::Plain(name), Tool::Perf) => name_of_perf(name).map(one).unwrap_or_default(),
        (Name::Terms { pmu, terms }, Tool::Perf) if matches!(pmu.as_str(), "software" | "tool") => match terms.as_slice() {
            [term] if term.value.is_none() => name_of_perf(&term.key).map(one).unwrap_or_default(),
            _ => Found::default(),
        },
        (Name::Breakpoint(text), _) => one(Event::named("breakpoint", &breakpoint(text).unwrap_or_else(|| text.clone()))),
        (Name::Parts { pmu: None, event, attributes }, Tool::Perf) => match attributes.as_slice() {
            [name] if name.value.is_none() && is_tracepoint(event, &name.key) => {
                one(Event::named("tracepoint", &format!("{event}:{}", name.key)))
            }
            _ => Found::default(),
        },
        _ => Found::default(),
    }
}

/// One text for all spellings of a breakpoint: read and write where no access is told, and no length where it is the default of 4 (of
/// executed code it is that of a `long`, which is another on each machine). `None` when the text has another form.
///
/// Source: tools/perf/util/parse-events.c, `parse_breakpoint_type` and `parse_events_add_breakpoint`.
fn breakpoint(text: &str) -> Option<String> {
    let (place, access) =
        text.strip_prefix("mem:")?.split_once(':').map_or((&text[4..], ""), |(place, access)| (place, access));
    let (address, length) = place.split_once('/').map_or((place, None), |(address, length)| (address, Some(length)));
    let address = number(address)?;
    let length = length.map(number);
    let known = access.chars().all(|letter| "rwx".contains(letter) && access.matches(letter).count() == 1);
    let letters: String =
        if access.is_empty() { "rw".to_owned() } else { "rwx".chars().filter(|letter| access.contains(*letter)).collect() };
    let length = match length {
        None => String::new(),
        Some(length) => match length? {
            0 => String::new(),
            4 if letters != "x" => String::new(),
            length => format!("/{length}"),
        },
    };
    known.then(|| format!("mem:{address:#x}{length}:{letters}"))
}

/// A number, hexadecimal with `0x`, else decimal.
fn number(text: &str) -> Option<u64> {
    Attribute { key: String::new(), value: Some(text.to_owned()) }.number()
}

pub(super) fn name_of_perf(name: &str) -> Option<Event> {
    if TOOL.contains(&name) {
        return Some(Event::named("tool", name));
    }
    software(|row| row.name.eq_ignore_ascii_case(name) || !row.alias.is_empty() && row.alias.eq_ignore_ascii_case(name))
}

/// A software event of the kernel by its number in `perf_event_attr`.
pub(super) fn software_number(number: u64) -> Option<Event> {
    software(|row| row.event.config() == Some(number))
}

fn software(is_it: impl Fn(&Generic) -> bool) -> Option<Event> {
    static ROWS: OnceLock<Vec<Generic>> = OnceLock::new();
    let rows = ROWS.get_or_init(crate::catalog::machine::software);
    rows.iter().find(|row| is_it(row)).map(|row| row.event.clone())
}
