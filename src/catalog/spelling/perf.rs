//! Spellings of perf (`perf list`, "RAW HARDWARE EVENT DESCRIPTOR"; tools/perf/util/parse-events.l).

use super::pfm::{self, Attribute};
use super::{Modifiers, Name, unreadable};

pub(super) fn read(text: &str) -> (Name, Modifiers) {
    if let Some(number) = text.strip_prefix("raw 0x").and_then(hexadecimal) {
        return (Name::Raw(number), Modifiers::default());
    }
    if let Some(read) = with_pmu_behind(text) {
        return read;
    }
    if text.contains(char::is_whitespace) {
        return (unreadable(text, "a text with blanks is a metric or a remark of perf"), Modifiers::default());
    }
    if text.starts_with("mem:") {
        let (event, modifiers) = without_letters(text);
        return (Name::Breakpoint(event.to_owned()), modifiers);
    }
    if text.contains('/') {
        return terms(text).unwrap_or_else(|| {
            (
                unreadable(text, "the terms of a PMU stand between two slashes, letters of modifiers alone after them"),
                Modifiers::default(),
            )
        });
    }
    let (event, modifiers) = without_letters(text);
    (raw(event).unwrap_or_else(|| named(event)), modifiers)
}

/// `cpu-clock [software]`, as perf from 6.10 on tells apart what several PMUs count; it is `software/cpu-clock/`.
fn with_pmu_behind(text: &str) -> Option<(Name, Modifiers)> {
    let (event, pmu) = text.strip_suffix(']')?.split_once(" [")?;
    let (event, modifiers) = without_letters(event);
    let is_word =
        |word: &str| !word.is_empty() && !word.contains(|letter: char| letter.is_whitespace() || "/:,=[]".contains(letter));
    let terms = vec![Attribute { key: event.to_owned(), value: None }];
    (is_word(event) && is_word(pmu)).then(|| (Name::Terms { pmu: pmu.to_owned(), terms }, modifiers))
}

/// The name and the letters after its last colon, when all of them are modifiers.
fn without_letters(text: &str) -> (&str, Modifiers) {
    let cut = text.rsplit_once(':').filter(|(event, _)| !event.is_empty() && !event.ends_with(':'));
    let read = cut.and_then(|(event, letters)| Some((event, Modifiers::from_letters(letters)?)));
    read.unwrap_or((text, Modifiers::default()))
}

fn raw(event: &str) -> Option<Name> {
    event.strip_prefix('r').and_then(hexadecimal).map(Name::Raw)
}

/// Digits alone: no sign, which the number parser of the language would take.
fn hexadecimal(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(digits, 16).ok().filter(|_| plain)
}

fn named(event: &str) -> Name {
    if event.contains(':') { pfm::parts(event) } else { Name::Plain(event.to_owned()) }
}

fn terms(text: &str) -> Option<(Name, Modifiers)> {
    let (pmu, rest) = text.split_once('/')?;
    let (inside, after) = rest.rsplit_once('/')?;
    let letters = after.strip_prefix(':').unwrap_or(after);
    let modifiers = if letters.is_empty() { Modifiers::default() } else { Modifiers::from_letters(letters)? };
    if pmu.is_empty() || inside.is_empty() || pmu.contains([':', ',', '=']) {
        return None;
    }
    let terms: Vec<Attribute> = inside.split(',').map(Attribute::read).collect();
    let period = terms.iter().find(|term| term.key == "period").and_then(Attribute::number);
    Some((Name::Terms { pmu: pmu.to_owned(), terms }, Modifiers { period, ..modifiers }))
}
